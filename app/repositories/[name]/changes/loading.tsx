import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingChanges() {
  return <ListSkeleton />
}
