import Link from 'next/link'
import { linesHref } from '#components/scorecard/places.ts'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import type { InUseAt, InventoryKind } from '#lib/api/inventory.ts'
import { repositoryHref } from '#lib/api/repositories.ts'

type Row = Omit<InUseAt, 'repository' | 'commit'> & { repository?: string; commit: string | null }
type Props = { rows: readonly Row[]; kind: InventoryKind; at: { webUrl: string; org: string; name?: string } }

/** The places that name something: file and line at the commit that was read. Rows of one repository leave its name out. */
export function PlacesTable({ rows, kind, at }: Props) {
  const many = at.name === undefined
  return (
    <table className="w-full text-[0.8125rem]">
      <thead className="text-[0.75rem] text-ink-3">
        <tr>
          <th scope="col" className="px-4 py-2 text-left font-medium sm:px-5">
            {many ? 'Repository' : kind === 'packages' ? 'Package' : 'Action'}
          </th>
          <th scope="col" className="px-2 text-left font-medium max-sm:hidden">
            Place
          </th>
          <th scope="col" className="px-2 text-left font-medium">
            Version
          </th>
          <th scope="col" className="px-4 text-left font-medium max-md:hidden sm:px-5">
            {kind === 'packages' ? 'Hash' : 'Pinned'}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={`${row.repository} ${row.path} ${row.line} ${row.what}`} className="border-t border-hair">
            <th scope="row" className="px-4 py-2 text-left font-normal [overflow-wrap:anywhere] sm:px-5">
              {row.repository === undefined ? (
                <ForeignText text={row.name} />
              ) : (
                <Link href={repositoryHref(row.repository)} className="font-medium underline-offset-3 hover:underline">
                  <ForeignText text={row.repository} />
                </Link>
              )}
              <span className="block sm:hidden">
                <Place row={row} at={at} />
              </span>
            </th>
            <td className="px-2 [overflow-wrap:anywhere] max-sm:hidden">
              <Place row={row} at={at} />
            </td>
            <td className="px-2 font-mono text-[0.75rem] [overflow-wrap:anywhere]">
              <ForeignText text={row.version ?? '–'} />
            </td>
            <td className="px-4 text-ink-2 max-md:hidden sm:px-5">{row.immutable ? 'yes' : 'no'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Place({ row, at }: { row: Row; at: Props['at'] }) {
  const words = `${row.path}:${row.line}`
  const name = row.repository ?? at.name
  if (row.commit === null || name === undefined) return <ForeignText text={words} />
  const href = linesHref({ ...at, name, commit: row.commit }, { ...row, startLine: row.line, endLine: row.line })
  return (
    <a href={href} rel="noreferrer" className="link font-mono text-[0.75rem]">
      <ForeignText text={words} />
    </a>
  )
}
