import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingTrends() {
  return <ListSkeleton />
}
