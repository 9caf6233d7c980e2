/** The plumb bob: a line and its weight. */
export function Brand() {
  return (
    <span className="flex items-center gap-2.5 font-semibold tracking-tight">
      <svg
        width="18"
        height="22"
        viewBox="0 0 18 22"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        className="text-brand"
        aria-hidden="true"
      >
        <path d="M9 0v10" />
        <path d="M4 10h10l-5 10z" fill="currentColor" />
      </svg>
      Plumbline
    </span>
  )
}
