import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingExports() {
  return <PanelsSkeleton lines={3} />
}
