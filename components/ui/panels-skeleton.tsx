import { Bone, Loading } from './skeleton.tsx'

const ROWS = ['a', 'b', 'c', 'd', 'e']

/**
 * The shape of a page with a title, a line on what it is about, and panels, while it is read. `beside`: a narrower column of
 * them stands at the right where there is room.
 */
export function PanelsSkeleton({ beside = false }: { beside?: boolean }) {
  return (
    <div>
      <Loading />
      <Bone className="h-7 w-48" />
      <Bone className="mt-1 mb-5 h-5 w-[60ch] max-w-full" />
      <div className={beside ? 'grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]' : 'grid gap-4'}>
        <PanelBones />
        <PanelBones />
      </div>
    </div>
  )
}

function PanelBones() {
  return (
    <div className="panel">
      <div className="border-b border-hair px-4 py-3 sm:px-5">
        <Bone className="h-5 w-40" />
      </div>
      {ROWS.map(row => (
        <div key={row} className="border-t border-hair px-4 py-3 first:border-t-0 sm:px-5">
          <Bone className="h-5 w-full" />
        </div>
      ))}
    </div>
  )
}
