import Link from 'next/link'
import { crawlWords } from '#components/crawls/words.ts'
import { GradeBadge } from '#components/judgement/grade.tsx'
import { scoreText } from '#components/judgement/score.tsx'
import { OwnerNames } from '#components/owners/owner-names.tsx'
import { Change } from '#components/ui/change.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import {
  columnsOf,
  LIST_COLUMNS,
  type ListColumn,
  type RepositoriesQuery,
  type RepositoryRow,
  repositoryHref,
} from '#lib/api/repositories.ts'
import { ItemMarks } from './item-marks.tsx'
import { SELECTION_FORM } from './selection.tsx'
import { SortHeader } from './sort-header.tsx'

type Props = { rows: readonly RepositoryRow[]; query: RepositoriesQuery; now: Date }

/** The list. On a narrow screen the six items stand under the name and the lesser columns give way. */
export function RepositoryTable({ rows, query, now }: Props) {
  const columns = columnsOf(query)
  return (
    // A layer of its own: or each letter that is typed above it would have every row painted again.
    <table className="relative isolate w-full text-[0.8125rem]">
      <thead className="text-[0.75rem] text-ink-3">
        <tr>
          <th scope="col" className="w-8 pl-4 text-left print:hidden">
            <span className="sr-only">Picked</span>
          </th>
          <SortHeader query={query} sort="name" first="asc" className="px-2 text-left">
            Repository
          </SortHeader>
          {columns.map(id => (
            <Header key={id} id={id} query={query} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <Row key={row.name} row={row} columns={columns} now={now} />
        ))}
      </tbody>
    </table>
  )
}

/** From which width on a column is shown, and whether it is one of numbers. */
const SHAPE: Record<ListColumn, { shown: string; right: boolean }> = {
  items: { shown: 'max-md:hidden', right: false },
  score: { shown: 'max-md:pr-4', right: true },
  change: { shown: 'max-sm:hidden', right: true },
  hardening: { shown: 'max-lg:hidden', right: true },
  findings: { shown: 'max-sm:hidden', right: true },
  owners: { shown: 'max-md:hidden', right: false },
  topics: { shown: 'max-lg:hidden', right: false },
  crawled: { shown: 'max-lg:hidden', right: true },
  pushed: { shown: 'max-lg:hidden', right: true },
}
const SORTED: Partial<Record<ListColumn, { sort: RepositoriesQuery['sort']; first: 'asc' | 'desc' }>> = {
  score: { sort: 'score', first: 'asc' },
  change: { sort: 'change', first: 'asc' },
  hardening: { sort: 'hardening', first: 'asc' },
  findings: { sort: 'findings', first: 'desc' },
  pushed: { sort: 'pushed', first: 'desc' },
}

function Header({ id, query }: { id: ListColumn; query: RepositoriesQuery }) {
  const { shown, right } = SHAPE[id]
  const title = id === 'change' ? `${query.days} days` : LIST_COLUMNS.find(column => column.id === id)?.title
  const sorted = SORTED[id]
  const className = `px-2 last:pr-5 ${right ? 'text-right' : 'text-left'} ${shown}`
  if (!sorted) {
    return (
      <th scope="col" className={`py-2 font-medium whitespace-nowrap ${className}`}>
        {title}
      </th>
    )
  }
  return (
    <SortHeader query={query} {...sorted} className={className}>
      {title}
    </SortHeader>
  )
}

function Row({ row, columns, now }: { row: RepositoryRow; columns: readonly ListColumn[]; now: Date }) {
  const judged = row.itemsApplied > 0 || row.score !== null
  return (
    <tr className="border-t border-hair hover:bg-hair/60 has-checked:bg-brand-soft">
      <td className="pl-4 align-top print:hidden">
        <input
          type="checkbox"
          name="only"
          value={row.name}
          form={SELECTION_FORM}
          aria-label={`Pick ${row.name}`}
          className="mt-2.5 size-4 accent-brand"
        />
      </td>
      <th scope="row" className="px-2 py-2 text-left font-normal">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <Link
            href={repositoryHref(row.name)}
            className="text-[0.875rem] font-medium underline-offset-3 [overflow-wrap:anywhere] hover:underline"
          >
            <ForeignText text={row.name} />
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
          {row.owners.length > 0 && !columns.includes('owners') && (
            <ForeignText text={row.owners.map(({ name }) => name).join(', ')} />
          )}
          {row.crawl !== 'ok' && row.crawl !== 'unchanged' && (
            <span title={row.crawlReason ?? undefined}>{crawlWords(row.crawl).word}</span>
          )}
        </span>
        {columns.includes('items') && (
          <span className="mt-1 block md:hidden">{judged && <ItemMarks states={row.states} />}</span>
        )}
      </th>
      {columns.map(id => (
        <td
          key={id}
          className={`px-2 last:pr-5 ${SHAPE[id].right ? 'text-right whitespace-nowrap' : ''} ${SHAPE[id].shown}`}
        >
          <Cell id={id} row={row} now={now} />
        </td>
      ))}
    </tr>
  )
}

function Cell({ id, row, now }: { id: ListColumn; row: RepositoryRow; now: Date }) {
  const { score, scoreBefore } = row
  if (id === 'items') return row.itemsApplied > 0 || score !== null ? <ItemMarks states={row.states} /> : null
  if (id === 'score') {
    return (
      <>
        <span className="mr-2 text-[0.875rem] font-medium">{scoreText(score)}</span>
        <GradeBadge grade={row.grade} />
      </>
    )
  }
  if (id === 'change') {
    return <Change value={score === null || scoreBefore === null ? null : score - scoreBefore} digits={0} />
  }
  if (id === 'hardening') return scoreText(row.hardening)
  if (id === 'findings') {
    return (
      <Link href={`${repositoryHref(row.name)}/remediation`} className="underline-offset-3 hover:underline">
        {row.findings.toLocaleString('en')}
      </Link>
    )
  }
  if (id === 'owners') return <OwnerNames owners={row.owners} />
  if (id === 'topics') return <ForeignText text={row.topics.join(', ')} />
  const at = id === 'crawled' ? row.crawledAt : row.pushedAt
  return at ? <Moment at={at} now={now} /> : '–'
}
