import type { Reference } from '#lib/check.ts'

const CATALOGUES: Record<Reference['catalogue'], string> = {
  scorecard: 'OpenSSF Scorecard',
  zizmor: 'zizmor',
  osps: 'OSPS Baseline',
  slsa: 'SLSA',
  cis: 'CIS',
  docs: 'Documentation',
}

/** What the check corresponds to elsewhere. */
export function References({ references }: { references: readonly Reference[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 py-3 text-[0.8125rem] sm:px-5">
      {references.map(({ catalogue, id, url }) => (
        <div key={`${catalogue} ${id}`} className="contents">
          <dt className="text-ink-3">{CATALOGUES[catalogue]}</dt>
          <dd className="[overflow-wrap:anywhere]">
            {url ? (
              <a href={url} rel="noreferrer" className="link">
                {id}
              </a>
            ) : (
              id
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
