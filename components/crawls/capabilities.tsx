import Link from 'next/link'
import { stateWords } from '#components/access/words.ts'
import { Panel } from '#components/ui/panel.tsx'
import type { Crawls } from '#lib/api/crawls.ts'

/** What the token may see. What it may not see is unknown in every scorecard, so here is why. */
export function Capabilities({ capabilities }: { capabilities: Crawls['capabilities'] }) {
  return (
    <Panel
      title="What the token may see"
      aside={
        <Link href="/access" className="link">
          what it costs
        </Link>
      }
    >
      {capabilities.length === 0 && (
        <p className="px-4 py-3 text-[0.8125rem] text-ink-2 sm:px-5">
          Not tried yet. The worker tries it when it starts, and at each crawl.
        </p>
      )}
      <dl className="px-4 py-2 empty:hidden text-[0.8125rem] sm:px-5">
        {capabilities.map(({ name, state, reason }) => {
          const words = stateWords(state)
          return (
            <div key={name} className="flex flex-wrap justify-between gap-x-4 py-1">
              <dt>{name}</dt>
              <dd className={words.ink}>
                <span aria-hidden="true">{words.sign}</span> {words.word}
              </dd>
              {reason && <dd className="w-full text-ink-3">{reason}</dd>}
            </div>
          )
        })}
      </dl>
    </Panel>
  )
}
