import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingApiDocs() {
  return <PanelsSkeleton lines={3} />
}
