import { ListSkeleton } from '#components/repositories/list-skeleton.tsx'

export default function LoadingInventory() {
  return <ListSkeleton tabs />
}
