import { Bone, Loading } from '#components/ui/skeleton.tsx'

const ROWS = Array.from({ length: 12 }, (_, index) => `row ${index}`)

/** A long list's shape while it is read. */
export function ListSkeleton() {
  return (
    <div>
      <Loading />
      <Bone className="mb-5 h-7 w-48" />
      <div className="panel">
        <div className="flex flex-wrap gap-2 border-b border-hair px-5 py-4">
          <Bone className="h-8 w-48" />
          <Bone className="h-8 w-40" />
          <Bone className="h-8 w-24" />
        </div>
        {ROWS.map(row => (
          <div
            key={row}
            className="flex items-center justify-between gap-4 border-t border-hair px-5 py-3 first:border-t-0"
          >
            <Bone className="h-7 w-56" />
            <Bone className="h-5 w-24" />
          </div>
        ))}
      </div>
    </div>
  )
}
