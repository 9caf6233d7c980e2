import { ForeignText } from './foreign-text.tsx'

const KINDS = { '+': 'bg-add', '-': 'bg-del', '@': 'text-ink-3', ' ': '' } as const

/** A unified diff: the file's name, then its lines; where each hunk stands only if there are several. */
export function DiffView({ diff, label }: { diff: string; label: string }) {
  const lines = linesOf(diff)
  return (
    <figure
      /* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard. */
      tabIndex={0}
      aria-label={label}
      className="overflow-x-auto rounded-lg border border-hair bg-code py-2 font-mono text-[0.78rem] leading-[1.65]"
    >
      <pre className="w-max min-w-full">
        {lines.map(({ kind, text, key }) =>
          kind === 'file' ? (
            <span key={key} className="block px-3.5 pt-1 font-semibold text-ink-2">
              <ForeignText text={text} />
              {'\n'}
            </span>
          ) : (
            <span key={key} className={`block pr-4 pl-3.5 ${KINDS[kind]}`}>
              <span
                className={`mr-3 inline-block w-[1ch] select-none ${kind === '+' ? 'text-pass' : kind === '-' ? 'text-fail' : 'text-ink-3'}`}
              >
                {kind === '-' ? '−' : kind === '@' ? '' : kind}
              </span>
              <ForeignText text={text} />
              {'\n'}
            </span>
          ),
        )}
      </pre>
    </figure>
  )
}

type Line = { kind: '+' | '-' | '@' | ' ' | 'file'; text: string; key: string }

/** `---` and `+++` are headers only as a pair; elsewhere they are a removed or added line that begins so. */
function linesOf(diff: string): Line[] {
  const lines: Line[] = []
  const all = diff.split('\n')
  for (let index = 0; index < all.length; index++) {
    const line = all[index] ?? ''
    const key = `${index}`
    const header = all[index + 1]
    if (line.startsWith('--- ') && header?.startsWith('+++ ')) {
      lines.push({ kind: 'file', text: header.slice(4).replace(/^b\//, '').replace(/\t$/, ''), key })
      index += 1
    } else if (line === '' || /^(diff --git |new file mode |\\ No newline)/.test(line)) continue
    else if (line.startsWith('@@')) lines.push({ kind: '@', text: line, key })
    else if (line.startsWith('+')) lines.push({ kind: '+', text: line.slice(1), key })
    else if (line.startsWith('-')) lines.push({ kind: '-', text: line.slice(1), key })
    else lines.push({ kind: ' ', text: line.slice(1), key })
  }
  const hunks = lines.filter(line => line.kind === '@').length
  return lines.filter(line => line.kind !== '@' || hunks > 1)
}
