import { Bone, Loading, TitleBones } from './skeleton.tsx'

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f']
const COLUMNS = { narrower: 'lg:grid-cols-[minmax(0,1fr)_21rem]', 'as wide': 'lg:grid-cols-2' }

type Props = { beside?: keyof typeof COLUMNS; asking?: boolean; lines?: 1 | 2 | 3 }

/**
 * The shape of a page with a title, a line on what it is about, and panels, while it is read. `beside`: a second column of
 * them stands at the right where there is room. `asking`: a form stands above them. `lines`: those below the title.
 */
export function PanelsSkeleton({ beside, asking = false, lines = 2 }: Props) {
  return (
    <div>
      <Loading />
      <TitleBones lines={lines} />
      {asking && <Bone className="mb-4 h-13 w-[40rem] max-w-full" />}
      <div className={`grid items-start gap-4 ${beside ? COLUMNS[beside] : ''}`}>
        <PanelBones />
        <PanelBones />
      </div>
    </div>
  )
}

/** A panel with a head and so many rows, six at most. */
export function PanelBones({ rows = 5 }: { rows?: number }) {
  return (
    <div className="panel">
      <div className="border-b border-hair px-4 py-3 sm:px-5">
        <Bone className="h-5 w-40" />
      </div>
      {ROWS.slice(0, rows).map(row => (
        <div key={row} className="border-t border-hair px-4 py-3 first:border-t-0 sm:px-5">
          <Bone className="h-5 w-full" />
        </div>
      ))}
    </div>
  )
}
