import { ForeignText } from './foreign-text.tsx'

type Line = { number: number; text: string; wrong: boolean; mark?: readonly [start: number, end: number] }

/** Lines of a file with their numbers; the wrong ones are marked by a bar at the edge, what is wrong in them underlined. */
export function CodeExcerpt({ lines, label }: { lines: readonly Line[]; label: string }) {
  const width = String(lines.at(-1)?.number ?? 0).length
  return (
    <figure
      /* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard. */
      tabIndex={0}
      aria-label={label}
      className="overflow-x-auto rounded-lg border border-hair bg-code py-2 font-mono text-[0.78rem] leading-[1.65]"
    >
      <pre className="w-max min-w-full">
        {lines.map(line => (
          <span
            key={line.number}
            className={`block border-l-2 pr-4 pl-3 ${line.wrong ? 'border-fail bg-fail-soft' : 'border-transparent'}`}
          >
            <span aria-hidden="true" className="mr-4 text-ink-3 select-none">
              {String(line.number).padStart(width)}
            </span>
            <Marked {...line} />
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  )
}

function Marked({ text, mark }: Line) {
  if (mark === undefined) return <ForeignText text={text} />
  const [start, end] = mark
  return (
    <>
      {start > 0 && <ForeignText text={text.slice(0, start)} />}
      <mark className="rounded-sm bg-transparent font-semibold text-fail underline decoration-2 underline-offset-3">
        <ForeignText text={text.slice(start, end)} />
      </mark>
      {end < text.length && <ForeignText text={text.slice(end)} />}
    </>
  )
}
