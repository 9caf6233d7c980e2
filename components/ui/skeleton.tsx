/** A grey place for what is on its way. Sizes come from the caller, so that nothing jumps when it arrives. */
export function Bone({ className }: { className: string }) {
  return <span aria-hidden="true" className={`block animate-pulse rounded-md bg-hair ${className}`} />
}

/** Announced once for a whole page of bones. */
export function Loading() {
  return (
    <p role="status" className="sr-only">
      Loading
    </p>
  )
}
