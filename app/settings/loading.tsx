import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingSettings() {
  return <PanelsSkeleton lines={3} />
}
