import type { ReactNode } from 'react'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Panel } from '#components/ui/panel.tsx'

/** What is demanded, as plain lists. `own`: said by this organisation; the rest is as it is by default. */
export type Demand = { name: string; value: string; own: boolean }

/** One kind of demand; what differs from the defaults is marked by a word. */
export function Demands({ title, says, rows }: { title: string; says: string; rows: readonly Demand[] }) {
  return (
    <Panel title={title}>
      <p className="px-4 pt-3 text-[0.8125rem] text-ink-2 sm:px-5">{says}</p>
      <dl className="grid gap-y-1 px-4 py-3 text-[0.8125rem] sm:px-5">
        {rows.map(({ name, value, own }) => (
          <div key={name} className="flex flex-wrap items-baseline gap-x-3">
            <dt className="min-w-0 flex-1 basis-40 [overflow-wrap:anywhere]">
              <ForeignText text={name} />
            </dt>
            <dd className="max-w-full text-ink-2 [overflow-wrap:anywhere] sm:max-w-[75%]">
              <ForeignText text={value} />
              {own && <Own />}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Own() {
  return <span className="ml-2 rounded bg-brand-soft px-1.5 text-[0.6875rem] font-medium text-brand">set here</span>
}

export function Group({
  name,
  who,
  count,
  children,
}: {
  name: string
  who: string
  count: number
  children: ReactNode
}) {
  return (
    <li className="border-t border-hair px-4 py-3 first:border-t-0 sm:px-5">
      <p>
        <span className="font-medium">
          <ForeignText text={name} />
        </span>{' '}
        <span className="text-[0.8125rem] text-ink-2">
          <ForeignText text={who} /> · {count.toLocaleString('en')} {count === 1 ? 'repository' : 'repositories'}
        </span>
      </p>
      {children}
    </li>
  )
}
