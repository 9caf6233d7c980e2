import type { CodeLine } from '../../api/scorecard.ts'
import type { Edit } from '../../patch/patch.ts'

const CONTEXT = 2
const MOST_LINES = 24

/** What of a finding decides how its code is shown. */
export type Evidenced = {
  path: string
  startLine: number
  excerpt: string
  message: string
  edits: readonly Edit[]
}

/** The evidence with a little around it; the excerpt alone where the file's text is not what the finding saw. */
export function codeLines(shown: Evidenced, file: string | undefined): CodeLine[] {
  const { startLine } = shown
  const lines = file === undefined ? [] : linesOf(file)
  const own = linesOf(shown.excerpt).slice(0, MOST_LINES)
  const agrees = file !== undefined && own.every((text, index) => lines[startLine - 1 + index] === text)
  const edited = agrees ? editedTokens(shown, file) : new Map<number, Span>()
  const marks = edited.size > 0 ? edited : namedTokens(shown, own)
  const wrong = own.map((text, index) => {
    const number = startLine + index
    const mark = marks.get(number)
    return { number, text, wrong: true, ...(mark && { mark }) }
  })
  if (!agrees) return wrong
  const line = (number: number): CodeLine[] => {
    const text = lines[number - 1]
    return text === undefined ? [] : [{ number, text, wrong: false }]
  }
  const last = startLine + own.length - 1
  const around = Array.from({ length: CONTEXT }, (_, index) => index + 1)
  const before = around.toReversed().flatMap(step => line(startLine - step))
  const after = own.length === MOST_LINES ? [] : around.flatMap(step => line(last + step))
  return [...before, ...wrong, ...after]
}

/** Columns of a line, the end excluded. */
type Span = [start: number, end: number]

/** What the fix takes away is what is wrong: the replaced text, where it lies within one line and is not all of it. */
function editedTokens({ path, edits }: Evidenced, file: string): Map<number, Span> {
  const spans = new Map<number, Span>()
  for (const edit of edits) {
    if (edit.kind !== 'replace' || edit.path !== path || edit.end === edit.start) continue
    const lineStart = Math.max(file.lastIndexOf('\n', edit.start - 1), file.lastIndexOf('\r', edit.start - 1)) + 1
    const old = file.slice(edit.start, edit.end)
    if (/[\r\n]/.test(old)) continue
    const number = linesOf(file.slice(0, lineStart)).length + 1
    const [from, to] = differing(old, edit.text)
    if (to > from) spans.set(number, [edit.start - lineStart + from, edit.start - lineStart + to])
  }
  return spans
}

/** The stretch of the old text that the new one does not keep at its ends. */
function differing(old: string, made: string): Span {
  let start = 0
  while (start < old.length && start < made.length && old[start] === made[start]) start++
  let tail = 0
  while (tail < old.length - start && tail < made.length - start && old.at(-1 - tail) === made.at(-1 - tail)) tail++
  // A new text that holds the old one's end again, e.g. as a comment, still replaces it.
  return [start, start === old.length - tail ? old.length : old.length - tail]
}

/** The longest `backquoted` words of the message that stand in the evidence; the last of equals, for it is the value. */
function namedTokens({ message, startLine }: Evidenced, own: readonly string[]): Map<number, Span> {
  const named = message.split('`').filter((part, index) => index % 2 === 1 && part.trim() !== '')
  for (const [index, text] of own.entries()) {
    const found = named.flatMap(token => {
      const at = text.lastIndexOf(token)
      return at === -1 ? [] : [{ at, token }]
    })
    // The thing and its wrong value are often both named: the value stands further right.
    const [rightmost] = found.sort((a, b) => b.at - a.at || b.token.length - a.token.length)
    if (rightmost) return new Map([[startLine + index, [rightmost.at, rightmost.at + rightmost.token.length]]])
  }
  return new Map()
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
