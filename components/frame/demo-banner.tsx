/** Says that nothing here is the reader's, and how it could be. */
export function DemoBanner() {
  return (
    <aside aria-label="Demo" className="border-line border-b bg-brand-soft px-4 py-2 text-[0.8125rem] sm:px-8">
      <strong className="font-semibold">This is the demo organisation.</strong> Its repositories are made up; the crawl,
      the checks and the scores are real. To see your own, stop it and run{' '}
      <code className="rounded bg-panel px-1.5 py-0.5 font-mono text-[0.75rem] [overflow-wrap:anywhere]">
        GITHUB_TOKEN=… GITHUB_ORG=your-org npm start
      </code>{' '}
      with a token that can read the organisation’s repositories.
    </aside>
  )
}
