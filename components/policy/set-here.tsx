/** How much is said otherwise than by default, so that nobody has to look at every field. `brief`: only where anything is. */
export function SetHere({
  said,
  brief = false,
  otherwise = 'as by default',
}: {
  said: unknown
  brief?: boolean
  otherwise?: string
}) {
  const count = Array.isArray(said) ? said.length : typeof said === 'object' && said ? Object.keys(said).length : 1
  if (said === undefined) return brief ? null : <span className="text-[0.75rem] text-ink-3">{otherwise}</span>
  return (
    <span className="rounded bg-brand-soft px-1.5 text-[0.6875rem] font-medium text-brand">
      {count}
      {brief ? <span className="sr-only"> set here</span> : ' set here'}
    </span>
  )
}
