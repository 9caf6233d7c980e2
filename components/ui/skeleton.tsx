/** A grey place for what is on its way. Sizes come from the caller, so that nothing jumps when it arrives. */
export function Bone({ className }: { className: string }) {
  return <span aria-hidden="true" className={`block animate-pulse rounded-md bg-hair ${className}`} />
}

const TABS = ['a', 'b', 'c', 'd']
const LINES = ['first', 'second', 'last']

/** A page's name and the lines below it that say what it is about: as many as they take on a usual screen. */
export function TitleBones({ lines }: { lines: 1 | 2 | 3 }) {
  return (
    <div className="mb-5">
      <Bone className="h-7 w-48" />
      {LINES.slice(0, lines).map(line => (
        <Bone key={line} className={`mt-1 h-[1.0625rem] max-w-full ${line === 'last' ? 'w-[24ch]' : 'w-[64ch]'}`} />
      ))}
    </div>
  )
}

/** The tabs below a page's title, four at most. */
export function TabBones({ count = 4 }: { count?: number }) {
  return (
    <div className="mb-6 flex gap-5 border-b border-line pb-2.5">
      {TABS.slice(0, count).map(tab => (
        <Bone key={tab} className="h-5 w-16" />
      ))}
    </div>
  )
}

/** Announced once for a whole page of bones. */
export function Loading() {
  return (
    <p role="status" className="sr-only">
      Loading
    </p>
  )
}
