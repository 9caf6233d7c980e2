import Link from 'next/link'
import { Change } from '#components/ui/change.tsx'
import { type ItemRow, SHOWN, type Shown } from '#lib/api/overview.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'
import { passShare } from '#lib/api/trends.ts'

type Part = { id: ItemRow['item']; title: string; number?: number }

/** A column for each state, in the order of `SHOWN`, so that no number stands below another's name. */
const COLUMNS: Record<Shown, string> = {
  pass: 'Pass',
  waived: 'Waived',
  fail: 'Fail',
  unknown: 'Could not look',
  'not-applicable': 'Not applicable',
}
const NARROW: Partial<Record<Shown, string>> = { 'not-applicable': 'max-sm:hidden' }

/** How the organisation stands in each item or section, in numbers alone: it must also be read on paper. */
export function Standing({ title, parts, rows }: { title: string; parts: readonly Part[]; rows: readonly ItemRow[] }) {
  return (
    <div className="relative mb-5 overflow-x-auto print:mb-3">
      <table className="w-full text-[0.8125rem] print:text-[0.6875rem] print:leading-tight">
        <caption className="mb-1 text-left text-[0.875rem] font-semibold">{title}</caption>
        <thead className="text-[0.75rem] text-ink-2">
          <tr className="border-b border-line">
            <th scope="col" className="py-1 text-left font-medium">
              {parts.some(({ number }) => number) ? 'Item' : 'Section'}
            </th>
            {SHOWN.map(state => (
              <th key={state} scope="col" className={`px-2 text-right font-medium ${NARROW[state] ?? ''}`}>
                {COLUMNS[state]}
              </th>
            ))}
            <th scope="col" className="px-2 text-right font-medium">
              Passing
            </th>
            <th scope="col" className="pl-2 text-right font-medium">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {parts.map(part => (
            <Row key={part.id} part={part} row={rows.find(({ item }) => item === part.id)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ part: { id, title, number }, row }: { part: Part; row: ItemRow | undefined }) {
  const counts = row?.counts ?? { pass: 0, waived: 0, fail: 0, unknown: 0, 'not-applicable': 0 }
  const share = passShare(counts)
  const before = row?.passBefore ?? null
  return (
    <tr className="border-b border-hair">
      <th scope="row" className="py-1 text-left font-normal print:py-0.5">
        {number && <span className="mr-1.5 text-ink-3">{number}</span>}
        {title}
      </th>
      {SHOWN.map(state => (
        <td key={state} className={`px-2 text-right ${NARROW[state] ?? ''}`}>
          <Link href={repositoriesHref({ item: id, outcome: state })} className="underline-offset-3 hover:underline">
            {counts[state].toLocaleString('en')}
          </Link>
        </td>
      ))}
      <td className="px-2 text-right font-medium">{share === null ? '–' : `${Math.floor(share)} %`}</td>
      <td className="pl-2 text-right">
        <Change value={share === null || before === null ? null : share - before * 100} unit=" %" digits={0} />
      </td>
    </tr>
  )
}
