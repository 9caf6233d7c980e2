import Link from 'next/link'
import { CountsBar, CountsLegend } from '#components/judgement/counts-bar.tsx'
import { CountsLinks } from '#components/judgement/counts-links.tsx'
import { Change } from '#components/ui/change.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { ItemRow } from '#lib/api/overview.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'

type Named = { id: string; title: string; number?: number }

/** The six items as a plumb line that one works down; also the sections beyond the minimum, without numbers. */
export function Spine({ title, names, rows }: { title: string; names: readonly Named[]; rows: readonly ItemRow[] }) {
  return (
    <Panel title={title} aside={<CountsLegend />}>
      <ol>
        {names.map(name => {
          const row = rows.find(({ item }) => item === name.id)
          return row && <Row key={name.id} name={name} row={row} />
        })}
      </ol>
    </Panel>
  )
}

function Row({ name, row: { item, counts, passBefore } }: { name: Named; row: ItemRow }) {
  const applied = counts.pass + counts.fail
  const share = applied === 0 ? null : counts.pass / applied
  const change = share === null || passBefore === null ? null : (share - passBefore) * 100
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] items-center gap-x-3.5 gap-y-1.5 border-t border-hair px-4 py-2.5 first:border-t-0 sm:px-5 md:grid-cols-[1.25rem_minmax(9rem,17rem)_minmax(4rem,1fr)_15.5rem_4.25rem]">
      <span
        className="relative grid h-full place-items-center text-[0.8125rem] text-ink-3"
        aria-hidden={name.number === undefined}
      >
        {name.number}
      </span>
      <Link href={`/checks#${item}`} className="font-medium underline-offset-3 hover:underline">
        {name.title}
      </Link>
      <span className="text-right text-[0.8125rem] md:order-last">
        <Change value={change} unit=" %" digits={0} />
      </span>
      <span className="col-span-2 col-start-2 md:col-span-1 md:col-start-auto">
        <CountsBar counts={counts} />
      </span>
      <span className="col-span-2 col-start-2 md:col-span-1 md:col-start-auto">
        <CountsLinks counts={counts} subject={name.title} href={outcome => repositoriesHref({ item, outcome })} />
      </span>
    </li>
  )
}
