import { PanelsSkeleton } from '#components/ui/panels-skeleton.tsx'

export default function LoadingReport() {
  return (
    <div className="mx-auto max-w-[48rem]">
      <PanelsSkeleton />
    </div>
  )
}
