import { PanelBones } from '#components/ui/panels-skeleton.tsx'
import { Bone, Loading, TabBones, TitleBones } from '#components/ui/skeleton.tsx'

const PARTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

export default function LoadingChange() {
  return (
    <div>
      <Loading />
      <TitleBones lines={1} />
      <TabBones count={2} />
      <div className="mb-4 flex flex-wrap gap-2">
        {PARTS.map(part => (
          <Bone key={part} className="h-7 w-24" />
        ))}
      </div>
      <PanelBones />
    </div>
  )
}
