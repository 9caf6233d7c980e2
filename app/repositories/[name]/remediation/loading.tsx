import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingRemediation() {
  return <ListSkeleton tabs lines={1} />
}
