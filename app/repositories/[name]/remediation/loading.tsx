import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingRemediation() {
  return <ListSkeleton lines={1} />
}
