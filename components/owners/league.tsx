import Link from 'next/link'
import type { ReactNode } from 'react'
import { scoreText } from '#components/judgement/score.tsx'
import { Change } from '#components/ui/change.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { type OwnerRow, type OwnersQuery, ownedHref, ownersHref } from '#lib/api/owners.ts'
import { CHANGED } from '#lib/api/repositories.ts'
import { SOURCE_WORDS } from './owner-names.tsx'

const LINK = 'underline-offset-3 hover:underline'
const RIGHT = 'px-2 text-right whitespace-nowrap'

type Props = {
  rows: readonly OwnerRow[]
  query: OwnersQuery
  /** The names that are the reader's. */
  own: readonly string[]
}

/** Owners beside one another. Whoever moved up most stands first; every number leads to the repositories that it counts. */
export function League({ rows, query, own }: Props) {
  return (
    <table className="w-full text-[0.8125rem]">
      <thead className="text-[0.75rem] text-ink-3">
        <tr>
          <Header query={query} sort="name" className="px-4 text-left sm:px-5">
            Owner
          </Header>
          <th scope="col" className={`${RIGHT} py-2 font-medium max-sm:hidden`}>
            Repositories
          </th>
          <Header query={query} sort="score" className={`${RIGHT} max-sm:hidden`}>
            Score
          </Header>
          <Header query={query} sort="change" className={RIGHT}>
            {query.days} days
          </Header>
          <th scope="col" className={`${RIGHT} py-2 font-medium max-md:hidden`}>
            Rose · fell
          </th>
          <th scope="col" className={`${RIGHT} py-2 font-medium max-lg:hidden`}>
            Every item met
          </th>
          <Header query={query} sort="findings" className="px-2 pr-4 text-right sm:pr-5">
            Open findings
          </Header>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <Row key={row.name} row={row} days={query.days} isOwn={own.includes(row.name)} />
        ))}
      </tbody>
    </table>
  )
}

function Header({
  query,
  sort,
  className,
  children,
}: {
  query: OwnersQuery
  sort: OwnersQuery['sort']
  className: string
  children: ReactNode
}) {
  const current = query.sort === sort
  const way = sort === 'name' ? 'ascending' : 'descending'
  return (
    <th scope="col" aria-sort={current ? way : undefined} className={`py-2 font-medium ${className}`}>
      <Link href={ownersHref({ ...query, sort })} scroll={false} className={`${LINK} ${current ? 'text-ink' : ''}`}>
        {children}
        <span aria-hidden="true">{current ? (way === 'ascending' ? ' ↑' : ' ↓') : ''}</span>
      </Link>
    </th>
  )
}

function Row({ row, days, isOwn }: { row: OwnerRow; days: number; isOwn: boolean }) {
  const { name, sources, repositories, score, change, up, down, allMet, findings } = row
  return (
    <tr className={`border-t border-hair ${isOwn ? 'bg-brand-soft' : 'hover:bg-hair/60'}`}>
      <th scope="row" className="px-4 py-2 text-left font-normal sm:px-5">
        <Link href={ownedHref(name)} className={`text-[0.875rem] font-medium [overflow-wrap:anywhere] ${LINK}`}>
          <ForeignText text={name} />
        </Link>
        {isOwn && <span className="ml-2 text-[0.75rem] font-medium text-brand">yours</span>}
        <span className="block text-[0.75rem] text-ink-3">
          <span className="max-sm:hidden">{sources.map(source => SOURCE_WORDS[source]).join(' · ')}</span>
          <span className="sm:hidden">
            {repositories} {repositories === 1 ? 'repository' : 'repositories'} · score {scoreText(score)}
          </span>
        </span>
      </th>
      <td className={`${RIGHT} max-sm:hidden`}>
        <Link href={ownedHref(name)} className={LINK}>
          {repositories.toLocaleString('en')}
        </Link>
      </td>
      <td className={`${RIGHT} max-sm:hidden`}>
        <Link href={ownedHref(name, { sort: 'score', order: 'desc' })} className={LINK}>
          {scoreText(score)}
        </Link>
      </td>
      <td className={RIGHT}>
        <Link href={ownedHref(name, { days, columns: CHANGED })} className={LINK}>
          <Change value={change} />
        </Link>
      </td>
      <td className={`${RIGHT} max-md:hidden`}>
        <Link href={ownedHref(name, { moved: 'up', days })} className={LINK}>
          {up}
        </Link>
        {' · '}
        <Link href={ownedHref(name, { moved: 'down', days })} className={LINK}>
          {down}
        </Link>
      </td>
      <td className={`${RIGHT} max-lg:hidden`}>
        <Link href={ownedHref(name, { met: 'all' })} className={LINK}>
          {allMet.toLocaleString('en')}
        </Link>{' '}
        of{' '}
        <Link href={ownedHref(name)} className={LINK}>
          {repositories.toLocaleString('en')}
        </Link>
      </td>
      <td className={`${RIGHT} pr-4 sm:pr-5`}>
        <Link href={ownedHref(name, { sort: 'findings', order: 'desc' })} className={LINK}>
          {findings.toLocaleString('en')}
        </Link>
      </td>
    </tr>
  )
}
