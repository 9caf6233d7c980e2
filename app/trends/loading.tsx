import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingTrends() {
  return <PanelsSkeleton asking lines={1} />
}
