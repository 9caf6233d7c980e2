import { Fragment } from 'react'

const HIDDEN = /(?!\t|\n|\uFE0F)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Text that others wrote: never markup, isolated from the text around it, and with every character shown that could
 * hide or reorder the rest (control, bidirectional, zero-width).
 */
export function ForeignText({ text }: { text: string }) {
  const parts: { text: string; hidden: boolean; at: number }[] = []
  let end = 0
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), hidden: false, at: end })
    parts.push({ text: nameOf(match[0]), hidden: true, at: match.index })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ text: text.slice(end), hidden: false, at: end })
  return (
    <bdi>
      {parts.map(part =>
        part.hidden ? (
          <span
            key={part.at}
            className="mx-px rounded-sm border border-fail px-0.5 font-mono text-[0.85em] text-fail"
            title="An invisible character"
          >
            {part.text}
          </span>
        ) : (
          <Fragment key={part.at}>{part.text}</Fragment>
        ),
      )}
    </bdi>
  )
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
