import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingRepositories() {
  return <ListSkeleton filters lines={1} />
}
