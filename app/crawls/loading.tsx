import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingCrawls() {
  return <PanelsSkeleton beside="narrower" />
}
