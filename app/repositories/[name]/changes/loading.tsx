import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingChanges() {
  return <ListSkeleton tabs lines={1} />
}
