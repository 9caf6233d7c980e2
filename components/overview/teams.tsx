import Link from 'next/link'
import { scoreText } from '#components/judgement/score.tsx'
import { Change } from '#components/ui/change.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { TeamRow } from '#lib/api/overview.ts'
import { changedSince, repositoriesHref } from '#lib/api/repositories.ts'

const SHOWN = 8
const LINK = 'underline-offset-3 hover:underline'

/** Who has how much open, most first. Shown only where teams are known at all. */
export function Teams({ teams, since, now }: { teams: readonly TeamRow[]; since: Date; now: Date }) {
  const changed = changedSince(since, now)
  return (
    <Panel
      title="Teams"
      aside={
        <>
          {teams.length > SHOWN ? `the ${SHOWN} with most open, of ${teams.length}` : 'most open first'} ·{' '}
          <Link href="/owners" className="link">
            all owners
          </Link>
        </>
      }
    >
      <div className="overflow-x-auto">
        <table className="w-full text-[0.8125rem]">
          <thead className="text-[0.75rem] text-ink-3">
            <tr>
              <th className="px-4 py-2 text-left font-medium sm:px-5">Team</th>
              <th className="px-2 text-right font-medium">
                <abbr title="Repositories" className="no-underline">
                  Repos
                </abbr>
              </th>
              <th className="px-2 text-right font-medium">Score</th>
              <th className="px-2 text-right font-medium">
                Since <Moment at={since} now={now} as="day" />
              </th>
              <th className="py-2 pr-4 pl-2 text-right font-medium sm:pr-5">Open findings</th>
            </tr>
          </thead>
          <tbody>
            {teams.slice(0, SHOWN).map(row => (
              <tr key={row.team} className="border-t border-hair">
                <th scope="row" className="px-4 py-2 text-left font-medium sm:px-5">
                  <Link href={repositoriesHref({ team: row.team })} className={LINK}>
                    <ForeignText text={row.team} />
                  </Link>
                </th>
                <td className="px-2 text-right">
                  <Link href={repositoriesHref({ team: row.team })} className={LINK}>
                    {row.repositories.toLocaleString('en')}
                  </Link>
                </td>
                <td className="px-2 text-right">
                  <Link href={repositoriesHref({ team: row.team, sort: 'score', order: 'desc' })} className={LINK}>
                    {scoreText(row.score)}
                  </Link>
                </td>
                <td className="px-2 text-right">
                  <Link href={repositoriesHref({ team: row.team, ...changed })} className={LINK}>
                    <Change value={row.change} />
                  </Link>
                </td>
                <td className="py-2 pr-4 pl-2 text-right sm:pr-5">
                  <Link href={repositoriesHref({ team: row.team, sort: 'findings', order: 'desc' })} className={LINK}>
                    {row.findings.toLocaleString('en')}
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
