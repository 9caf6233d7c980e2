import { OverviewSkeleton } from '#components/overview/overview-skeleton.tsx'
import { Bone } from '#components/ui/skeleton.tsx'

export default function LoadingOverview() {
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <Bone className="h-7 w-32" />
        <Bone className="h-7 w-[28rem] max-w-full" />
      </div>
      <OverviewSkeleton />
    </>
  )
}
