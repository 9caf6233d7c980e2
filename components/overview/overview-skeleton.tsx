import { Bone, Loading } from '#components/ui/skeleton.tsx'

const SIX = ['a', 'b', 'c', 'd', 'e', 'f']

/** The overview's shape while it is read. */
export function OverviewSkeleton() {
  return (
    <div className="grid gap-4">
      <Loading />
      <div className="grid gap-4 xl:grid-cols-[minmax(18rem,1fr)_2fr]">
        <div className="panel flex flex-col gap-4 p-5">
          <Bone className="h-5 w-40" />
          <Bone className="h-13 w-44" />
          <Bone className="h-24 w-full" />
          <Bone className="h-9 w-full" />
        </div>
        <div className="panel">
          <div className="border-b border-hair px-5 py-3">
            <Bone className="h-5 w-28" />
          </div>
          {SIX.map(key => (
            <div key={key} className="border-t border-hair px-5 py-3 first:border-t-0">
              <Bone className="h-5 w-full" />
            </div>
          ))}
        </div>
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        <Bone className="h-72 w-full" />
        <Bone className="h-72 w-full" />
      </div>
    </div>
  )
}
