import Link from 'next/link'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { type InUse, type InventoryQuery, inventoryHref } from '#lib/api/inventory.ts'

/** Packages or actions, each leading to the places that use it. */
export function InUseTable({ rows, query }: { rows: readonly InUse[]; query: InventoryQuery }) {
  const packages = query.kind === 'packages'
  return (
    // A layer of its own: or each letter that is typed above it would have every row painted again.
    <table className="relative isolate w-full text-[0.8125rem]">
      <thead className="text-[0.75rem] text-ink-3">
        <tr>
          <th scope="col" className="px-4 py-2 text-left font-medium sm:px-5">
            {packages ? 'Package' : 'Action'}
          </th>
          {packages && (
            <th scope="col" className="px-2 text-left font-medium max-sm:hidden">
              Ecosystem
            </th>
          )}
          <th scope="col" className="px-2 text-right font-medium">
            {packages ? 'Versions' : 'Refs'}
          </th>
          <th scope="col" className="px-4 text-right font-medium sm:px-5">
            Repositories
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ base, name, ecosystem, versions, repositories }) => (
          <tr key={base} className="border-t border-hair hover:bg-hair/60">
            <th scope="row" className="px-4 py-2 text-left font-normal sm:px-5">
              <Link
                href={inventoryHref({ kind: query.kind, of: base })}
                className="font-medium underline-offset-3 [overflow-wrap:anywhere] hover:underline"
              >
                <ForeignText text={name} />
              </Link>
              {ecosystem && <span className="ml-2 text-ink-3 sm:hidden">{ecosystem}</span>}
            </th>
            {packages && <td className="px-2 text-ink-2 max-sm:hidden">{ecosystem}</td>}
            <td className="px-2 text-right">{versions.toLocaleString('en')}</td>
            <td className="px-4 text-right sm:px-5">{repositories.toLocaleString('en')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
