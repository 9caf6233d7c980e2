/** Offsets ↔ lines of a file. Lines are 1-based and end at LF or CRLF. */
import type { SourceFile } from './snapshot.ts'

/** A stretch of a file: UTF-16 offsets into its text, `end` exclusive. */
export type Place = { file: SourceFile; start: number; end: number }

// The starts are needed for every finding and every workflow; a file never changes, so they are counted once.
const startsOfFile = new WeakMap<SourceFile, number[]>()

function lineStarts(file: SourceFile): number[] {
  const known = startsOfFile.get(file)
  if (known) return known
  const starts = [0]
  for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1)
  startsOfFile.set(file, starts)
  return starts
}

export function lineAt(file: SourceFile, offset: number): number {
  const starts = lineStarts(file)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** The offsets of a line, without its line break. A line past the end is empty at the end of the file. */
export function lineRange(file: SourceFile, line: number): { start: number; end: number } {
  const starts = lineStarts(file)
  const start = starts[line - 1] ?? file.text.length
  const next = starts[line]
  let end = next === undefined ? file.text.length : next - 1
  if (next !== undefined && file.text[end - 1] === '\r') end--
  return { start, end: Math.max(start, end) }
}

/** Exactly the lines asked for, joined by LF. */
export function linesOf(file: SourceFile, startLine: number, endLine: number): string {
  const lines: string[] = []
  for (let line = startLine; line <= endLine; line++) {
    const { start, end } = lineRange(file, line)
    lines.push(file.text.slice(start, end))
  }
  return lines.join('\n')
}

/** So that a file of one endless line with a thousand findings is not quoted whole a thousand times. */
const LONGEST_EXCERPT = 2_000

/** A place as evidence: its whole lines, at most `atMost` of them and 2,000 characters. */
export function evidenceOf({ file, start, end }: Place, atMost = 12) {
  const startLine = lineAt(file, start)
  const endLine = Math.min(lineAt(file, Math.max(start, end - 1)), startLine + atMost - 1)
  return { path: file.path, startLine, endLine, excerpt: linesOf(file, startLine, endLine).slice(0, LONGEST_EXCERPT) }
}

/** The first line of a file that says something, as evidence for what the whole file lacks. */
export function evidenceOfFile(file: SourceFile) {
  const said = file.text.search(/\S/)
  const start = Math.max(0, said)
  return evidenceOf({ file, start, end: start + 1 })
}

/** The line break that the file uses; LF where it has none. */
export function lineBreakOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n')
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n'
}
