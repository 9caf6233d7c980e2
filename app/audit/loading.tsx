import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingAudit() {
  return <ListSkeleton filters />
}
