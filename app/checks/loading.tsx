import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingChecks() {
  return <ListSkeleton />
}
