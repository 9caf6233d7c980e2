import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingCheck() {
  return <PanelsSkeleton beside="narrower" lines={1} />
}
