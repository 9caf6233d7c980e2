import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingChecks() {
  return <PanelsSkeleton />
}
