import { Choice } from '#components/repositories/choice.tsx'
import { ECOSYSTEMS, type InventoryQuery } from '#lib/api/inventory.ts'

const KIND_OPTIONS = [{ value: 'actions', label: 'actions and reusable workflows' }]
const ECOSYSTEM_OPTIONS = ECOSYSTEMS.map(value => ({ value, label: value }))

/** A form of GET: what is asked stands in the address, with script or without. `within`: of one repository. */
export function InventorySearch({ query, action, within }: { query: InventoryQuery; action: string; within?: true }) {
  return (
    <form action={action} className="flex flex-wrap items-end gap-2 border-hair border-b px-4 py-3 sm:px-5">
      <label className="w-full text-[0.75rem] text-ink-2 sm:w-72">
        Name
        <input
          type="search"
          name="q"
          defaultValue={query.q}
          placeholder={query.kind === 'actions' || within ? 'part of a name' : 'what the name begins with'}
          autoComplete="off"
          className="mt-0.5 block h-8 w-full rounded-md border border-line bg-page px-2 text-[0.8125rem] text-ink placeholder:text-ink-3"
        />
      </label>
      <Choice
        name="kind"
        label="What"
        any="packages"
        value={query.kind === 'packages' ? '' : query.kind}
        options={KIND_OPTIONS}
      />
      {query.kind === 'packages' && !within && (
        <Choice name="ecosystem" label="Ecosystem" any="any" value={query.ecosystem} options={ECOSYSTEM_OPTIONS} />
      )}
      <button type="submit" className="control h-8">
        Find
      </button>
    </form>
  )
}
