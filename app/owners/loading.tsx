import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingOwners() {
  return <ListSkeleton />
}
