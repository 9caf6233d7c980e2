import Link from 'next/link'
import { CountsBar, CountsLegend } from '#components/judgement/counts-bar.tsx'
import { CountsLinks } from '#components/judgement/counts-links.tsx'
import { Change } from '#components/ui/change.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { ItemRow } from '#lib/api/overview.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'
import { passShare } from '#lib/api/trends.ts'

/** `checked`: whether this version has a check for it at all. */
type Part = { id: string; title: string; number?: number; checked: boolean }

const COLUMNS =
  'grid grid-cols-[1.25rem_minmax(0,1fr)_auto] gap-x-3.5 gap-y-1.5 items-center px-4 py-2.5 sm:px-5 md:grid-cols-[1.25rem_minmax(8rem,13.5rem)_minmax(4rem,1fr)_17.5rem_3.25rem]'

/** The six items as a plumb line that one works down; also the sections beyond the minimum, without numbers. */
export function Spine({ title, parts, rows }: { title: string; parts: readonly Part[]; rows: readonly ItemRow[] }) {
  return (
    <Panel title={title} aside={parts.some(part => part.number) && <CountsLegend />}>
      <ol>
        {parts.map(part => {
          const row = rows.find(({ item }) => item === part.id)
          return (
            <li key={part.id} className={`${COLUMNS} border-t border-hair first:border-t-0`}>
              <Bob number={part.number} />
              {row && part.checked ? <Judged part={part} row={row} /> : <NotChecked part={part} />}
            </li>
          )
        })}
      </ol>
    </Panel>
  )
}

/** The number of an item, hung on the line. */
function Bob({ number }: { number: number | undefined }) {
  return (
    <span
      aria-hidden="true"
      className="relative grid size-5 place-items-center rounded-full border border-line bg-panel text-[0.75rem] text-ink-3"
    >
      {number ?? '·'}
    </span>
  )
}

function Judged({ part, row: { item, counts, passBefore } }: { part: Part; row: ItemRow }) {
  const percent = passShare(counts)
  const share = percent === null ? null : percent / 100
  const change = share === null || passBefore === null ? null : (share - passBefore) * 100
  return (
    <>
      <Link href={`/checks#${item}`} className="font-medium underline-offset-3 hover:underline">
        {part.title}
      </Link>
      <span
        className="text-right text-[0.8125rem] md:order-last"
        title="Share that passes, against the date compared with"
      >
        <Change value={change} unit=" %" digits={0} />
      </span>
      <span className="col-span-2 col-start-2 md:col-span-1 md:col-start-auto">
        <CountsBar counts={counts} />
      </span>
      <span className="col-span-2 col-start-2 md:col-span-1 md:col-start-auto">
        <CountsLinks counts={counts} subject={part.title} href={outcome => repositoriesHref({ item, outcome })} />
      </span>
    </>
  )
}

/** An item that no check of this version judges: said, so that nobody takes its absence for a pass. */
function NotChecked({ part }: { part: Part }) {
  return (
    <>
      <span className="text-ink-2">{part.title}</span>
      <span className="col-span-2 col-start-2 text-[0.8125rem] text-ink-3 md:col-span-3 md:col-start-3">
        This version has no check for it yet; it is not in the score
      </span>
    </>
  )
}
