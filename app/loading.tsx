import { OverviewSkeleton } from '#components/overview/overview-skeleton.tsx'

export default function LoadingOverview() {
  return <OverviewSkeleton />
}
