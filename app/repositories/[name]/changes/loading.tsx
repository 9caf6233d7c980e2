import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingChanges() {
  return <ListSkeleton lines={1} />
}
