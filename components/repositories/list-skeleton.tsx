import { Bone, Loading } from '#components/ui/skeleton.tsx'

const ROWS = Array.from({ length: 12 }, (_, index) => `row ${index}`)

/** A long list's shape while it is read: its title and a line, the filters where it has some, its rows. */
export function ListSkeleton({ filters = false }: { filters?: boolean }) {
  return (
    <div>
      <Loading />
      <Bone className="h-7 w-48" />
      <Bone className="mt-1 mb-5 h-5 w-[40ch] max-w-full" />
      <div className="panel">
        {filters && (
          <div className="flex flex-wrap gap-2 border-b border-hair px-5 py-4">
            <Bone className="h-8 w-48" />
            <Bone className="h-8 w-40" />
            <Bone className="h-8 w-24" />
          </div>
        )}
        {ROWS.map(row => (
          <div
            key={row}
            className="flex items-center justify-between gap-4 border-t border-hair px-5 py-3 first:border-t-0"
          >
            <Bone className="h-7 w-56 max-w-full" />
            <Bone className="h-5 w-24" />
          </div>
        ))}
      </div>
    </div>
  )
}
