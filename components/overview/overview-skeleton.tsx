import { PanelBones } from '#components/ui/panels-skeleton.tsx'
import { Bone, Loading } from '#components/ui/skeleton.tsx'

/** The overview's shape while it is read, below its title. */
export function OverviewSkeleton() {
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(18rem,0.85fr)_minmax(0,2.3fr)]">
      <Loading />
      <div className="grid min-w-0 gap-4">
        <div className="panel flex flex-col gap-3.5 p-5">
          <Bone className="h-5 w-40" />
          <Bone className="h-13 w-44 max-w-full" />
          <Bone className="h-32 w-full" />
          <Bone className="h-10 w-full" />
        </div>
        <div className="max-xl:hidden">
          <PanelBones rows={6} />
        </div>
      </div>
      <div className="grid min-w-0 gap-4">
        <PanelBones rows={6} />
        <PanelBones rows={6} />
      </div>
    </div>
  )
}
