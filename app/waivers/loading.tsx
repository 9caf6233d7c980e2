import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingWaivers() {
  return <ListSkeleton tabs />
}
