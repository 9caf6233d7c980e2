import { Bone, Loading } from '#components/ui/skeleton.tsx'

const SIX = ['a', 'b', 'c', 'd', 'e', 'f']

/** The overview's shape while it is read, below its title. */
export function OverviewSkeleton() {
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(18rem,0.85fr)_minmax(0,2.3fr)]">
      <Loading />
      <div className="grid min-w-0 gap-4">
        <div className="panel flex flex-col gap-3.5 p-5">
          <Bone className="h-5 w-40" />
          <Bone className="h-13 w-44 max-w-full" />
          <Bone className="h-32 w-full" />
          <Bone className="h-10 w-full" />
        </div>
        <div className="max-xl:hidden">
          <Rows />
        </div>
      </div>
      <div className="grid min-w-0 gap-4">
        <Rows />
        <Rows />
      </div>
    </div>
  )
}

function Rows() {
  return (
    <div className="panel">
      <div className="border-b border-hair px-5 py-3">
        <Bone className="h-5 w-28" />
      </div>
      {SIX.map(key => (
        <div key={key} className="border-t border-hair px-5 py-3 first:border-t-0">
          <Bone className="h-5 w-full" />
        </div>
      ))}
    </div>
  )
}
