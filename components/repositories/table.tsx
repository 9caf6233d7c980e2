import Link from 'next/link'
import { crawlWords } from '#components/crawls/words.ts'
import { GradeBadge } from '#components/judgement/grade.tsx'
import { scoreText } from '#components/judgement/score.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { type RepositoriesQuery, type RepositoryRow, repositoryHref } from '#lib/api/repositories.ts'
import { ItemMarks } from './item-marks.tsx'
import { SortHeader } from './sort-header.tsx'

type Props = { rows: readonly RepositoryRow[]; query: RepositoriesQuery; now: Date }

/** The list. On a narrow screen the six items stand under the name and the lesser columns give way. */
export function RepositoryTable({ rows, query, now }: Props) {
  return (
    <table className="w-full text-[0.8125rem]">
      <thead className="text-[0.75rem] text-ink-3">
        <tr>
          <SortHeader query={query} sort="name" first="asc" className="px-4 text-left sm:px-5">
            Repository
          </SortHeader>
          <th scope="col" className="px-2 py-2 text-left font-medium max-md:hidden">
            Items 1–6
          </th>
          <SortHeader query={query} sort="score" first="asc" className="px-2 text-right max-md:pr-4">
            Score
          </SortHeader>
          <SortHeader query={query} sort="hardening" first="asc" className="px-2 text-right max-lg:hidden">
            Hardening
          </SortHeader>
          <SortHeader query={query} sort="findings" first="desc" className="px-2 text-right max-sm:hidden md:pr-2">
            Findings
          </SortHeader>
          <SortHeader query={query} sort="pushed" first="desc" className="py-2 pr-5 pl-2 text-right max-lg:hidden">
            Last push
          </SortHeader>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <Row key={row.name} row={row} now={now} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, now }: { row: RepositoryRow; now: Date }) {
  const judged = row.itemsApplied > 0 || row.score !== null
  return (
    <tr className="border-t border-hair hover:bg-hair/60">
      <th scope="row" className="px-4 py-2 text-left font-normal sm:px-5">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <Link
            href={repositoryHref(row.name)}
            className="text-[0.875rem] font-medium underline-offset-3 [overflow-wrap:anywhere] hover:underline"
          >
            {row.name}
          </Link>
          {[row.visibility !== 'public' && row.visibility, row.archived && 'archived', row.fork && 'fork']
            .filter(word => word !== false)
            .map(word => (
              <span key={word} className="rounded border border-line px-1 text-[0.6875rem] text-ink-3">
                {word}
              </span>
            ))}
        </span>
        <span className="flex flex-wrap gap-x-3 text-ink-3">
          {row.language && <ForeignText text={row.language} />}
          {row.teams.length > 0 && <ForeignText text={row.teams.join(', ')} />}
          {row.crawl !== 'ok' && row.crawl !== 'unchanged' && (
            <span title={row.crawlReason ?? undefined}>{crawlWords(row.crawl).word}</span>
          )}
        </span>
        <span className="mt-1 block md:hidden">{judged && <ItemMarks states={row.states} />}</span>
      </th>
      <td className="px-2 max-md:hidden">{judged && <ItemMarks states={row.states} />}</td>
      <td className="px-2 text-right whitespace-nowrap max-md:pr-4">
        <span className="mr-2 text-[0.875rem] font-medium">{scoreText(row.score)}</span>
        <GradeBadge grade={row.grade} />
      </td>
      <td className="px-2 text-right max-lg:hidden">{scoreText(row.hardening)}</td>
      <td className="px-2 text-right max-sm:hidden">{row.findings.toLocaleString('en')}</td>
      <td className="py-2 pr-5 pl-2 text-right text-ink-2 max-lg:hidden">
        {row.pushedAt ? <Moment at={row.pushedAt} now={now} /> : '–'}
      </td>
    </tr>
  )
}
