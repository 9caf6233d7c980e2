import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingWaivers() {
  return <ListSkeleton lines={3} />
}
