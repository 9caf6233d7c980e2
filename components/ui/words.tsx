import { Fragment } from 'react'
import { ForeignText } from './foreign-text.tsx'

/** A sentence in which `backquotes` mark code, as in messages and rationales; everything else stays plain text. */
export function Words({ text }: { text: string }) {
  const parts = text.split('`').map((part, index) => ({ part, code: index % 2 === 1, key: `${index}:${part}` }))
  return parts.map(({ part, code, key }) =>
    code ? (
      <code
        key={key}
        className="rounded bg-code px-1 py-px font-mono text-[0.92em] break-words [overflow-wrap:anywhere]"
      >
        <ForeignText text={part} />
      </code>
    ) : (
      <Fragment key={key}>
        <ForeignText text={part} />
      </Fragment>
    ),
  )
}
