import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingPolicy() {
  return <PanelsSkeleton beside="as wide" />
}
