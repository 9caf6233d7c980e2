import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingCheck() {
  return <PanelsSkeleton beside lines={1} />
}
