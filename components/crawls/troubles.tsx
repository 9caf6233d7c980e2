import Link from 'next/link'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { Trouble } from '#lib/api/crawls.ts'
import { repositoriesHref, repositoryHref } from '#lib/api/repositories.ts'
import { crawlWords } from './words.ts'

/** That there are none is only told of a crawl that has come to its end. */
const NONE: Record<string, string> = {
  running: 'None so far',
  failed: 'None, as far as the crawl came before it failed',
}

/** Repositories that could not be read, by reason, each with what to do. `crawl`: the state of the newest crawl. */
export function Troubles({ troubles, crawl }: { troubles: readonly Trouble[]; crawl: string | undefined }) {
  return (
    <Panel title="Could not be read">
      {troubles.length === 0 ? (
        <Empty title={NONE[crawl ?? ''] ?? 'Every repository could be read'} />
      ) : (
        <ul>
          {troubles.map(({ outcome, reason, count, names }) => (
            <li
              key={`${outcome} ${reason}`}
              className="border-t border-hair px-4 py-3 text-[0.8125rem] first:border-t-0 sm:px-5"
            >
              <p>
                <Link
                  href={repositoriesHref({ crawl: outcome, reason: reason ?? undefined, archived: 'all' })}
                  className="font-semibold underline-offset-3 hover:underline"
                >
                  {count.toLocaleString('en')} {crawlWords(outcome).word}
                </Link>
                {reason && (
                  <>
                    {': '}
                    <ForeignText text={reason} />
                  </>
                )}
              </p>
              <p className="text-ink-2">{crawlWords(outcome).hint}</p>
              <p className="mt-1 flex flex-wrap gap-x-3">
                {names.map(name => (
                  <Link key={name} href={repositoryHref(name)} className="link">
                    <ForeignText text={name} />
                  </Link>
                ))}
                {count > names.length && <span className="text-ink-3">and {count - names.length} more</span>}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
