import { GradeBadge } from '#components/judgement/grade.tsx'
import { scoreText } from '#components/judgement/score.tsx'
import { Change } from '#components/ui/change.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import type { MovedRepository } from '#lib/api/policy.ts'
import { repositoryHref } from '#lib/api/repositories.ts'

/** Every repository that would move, those that fall first. */
export function MovedTable({ moved }: { moved: readonly MovedRepository[] }) {
  const changeOf = ({ before, after }: MovedRepository) => (after.score ?? 0) - (before.score ?? 0)
  const sorted = moved.toSorted((a, b) => changeOf(a) - changeOf(b) || a.name.localeCompare(b.name, 'en'))
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-[0.8125rem]">
        <thead className="text-left text-[0.75rem] text-ink-3">
          <tr>
            <th scope="col" className="px-4 py-2 font-medium sm:px-5">
              Repository
            </th>
            <th scope="col" className="px-2 text-right font-medium">
              Now
            </th>
            <th scope="col" className="px-2 text-right font-medium">
              Then
            </th>
            <th scope="col" className="px-2 text-right font-medium">
              Score
            </th>
            <th scope="col" className="py-2 pr-4 pl-2 text-right font-medium max-sm:hidden sm:pr-5">
              Hardening
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ name, before, after }) => (
            <tr key={name} className="border-hair border-t">
              <th scope="row" className="px-4 py-2 text-left font-medium sm:px-5">
                <a
                  href={repositoryHref(name)}
                  target="_blank"
                  rel="noreferrer"
                  className="underline-offset-3 [overflow-wrap:anywhere] hover:underline"
                >
                  <ForeignText text={name} />
                </a>
              </th>
              {[before, after].map((one, index) => (
                <td key={index === 0 ? 'now' : 'then'} className="px-2 text-right whitespace-nowrap">
                  <span className="mr-2">{scoreText(one.score)}</span>
                  <GradeBadge grade={one.grade} />
                </td>
              ))}
              <td className="px-2 text-right">
                <Change
                  value={after.score === null || before.score === null ? null : after.score - before.score}
                  digits={0}
                />
              </td>
              <td className="py-2 pr-4 pl-2 text-right whitespace-nowrap text-ink-2 max-sm:hidden sm:pr-5">
                {scoreText(before.hardening)} → {scoreText(after.hardening)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
