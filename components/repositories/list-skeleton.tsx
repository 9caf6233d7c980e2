import { Bone, Loading, TabBones, TitleBones } from '#components/ui/skeleton.tsx'

const FILTERS = ['w-48', 'w-52', 'w-30', 'w-16', 'w-22', 'w-24', 'w-31', 'w-20', 'w-18', 'w-23', 'w-28']
const ROWS = Array.from({ length: 12 }, (_, index) => `row ${index}`)

type Props = { tabs?: boolean; filters?: boolean; lines?: 1 | 2 | 3 }

/** A long list's shape while it is read: its title and lines, the tabs and filters where it has some, its rows. */
export function ListSkeleton({ tabs = false, filters = false, lines = 2 }: Props) {
  return (
    <div>
      <Loading />
      <TitleBones lines={lines} />
      {tabs && <TabBones />}
      <div className="panel">
        {filters && (
          <div className="flex flex-wrap gap-2 border-b border-hair px-5 py-4">
            {FILTERS.map(width => (
              <Bone key={width} className={`h-12 ${width}`} />
            ))}
          </div>
        )}
        {ROWS.map(row => (
          <div
            key={row}
            className="flex items-center justify-between gap-4 border-t border-hair px-5 py-3 first:border-t-0"
          >
            <Bone className="h-8 w-56 max-w-full" />
            <Bone className="h-5 w-24" />
          </div>
        ))}
      </div>
    </div>
  )
}
