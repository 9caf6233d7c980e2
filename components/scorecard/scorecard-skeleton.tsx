import { Bone, Loading, TabBones } from '#components/ui/skeleton.tsx'

const SIX = ['a', 'b', 'c', 'd', 'e', 'f']

/** A scorecard's shape while it is read. */
export function ScorecardSkeleton() {
  return (
    <div>
      <Loading />
      <div className="mb-5 flex justify-between gap-6">
        <div className="grid gap-2">
          <Bone className="h-4 w-36" />
          <Bone className="h-7 w-56" />
          <Bone className="h-4 w-72 max-w-full" />
          <Bone className="h-7 w-28" />
        </div>
        <Bone className="h-14 w-28" />
      </div>
      <TabBones />
      <div className="grid gap-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <div className="grid content-start gap-3">
          {SIX.map(key => (
            <Bone key={key} className="h-12 w-full" />
          ))}
        </div>
        <div className="grid content-start gap-4">
          <Bone className="h-72 w-full" />
          <Bone className="h-20 w-full" />
          <Bone className="h-20 w-full" />
        </div>
      </div>
    </div>
  )
}
