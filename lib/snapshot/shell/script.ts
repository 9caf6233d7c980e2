/** A piece of a file that a shell runs, with the way back from its offsets to those of the file. */
import { lineAt, lineRange, type Place } from '../lines.ts'
import type { SourceFile } from '../snapshot.ts'
import type { YamlNode } from '../yaml.ts'

/** `whole`: where the piece stands. `at`: an offset of the text → of the file; null where the writing hides it. */
export type Script = { file: SourceFile; text: string; whole: Place; at: (offset: number) => number | null }

export function fileScript(file: SourceFile): Script {
  return { file, text: file.text, whole: { file, start: 0, end: file.text.length }, at: offset => offset }
}

/** A stretch of a file that is taken as it stands, or with other text of the same length. */
export function stretchScript(
  file: SourceFile,
  start: number,
  end: number,
  text = file.text.slice(start, end),
): Script {
  return { file, text, whole: { file, start, end }, at: offset => start + offset }
}

/** The value of a `run:`; undefined where it is no text. */
export function yamlScript(file: SourceFile, node: YamlNode | undefined): Script | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined
  const { text, start, end } = node
  const whole = { file, start, end }
  const raw = file.text.slice(start, end)
  if (node.style === 'plain' && raw === text) return { file, text, whole, at: offset => start + offset }
  if (node.style === 'quoted' && raw.slice(1, -1) === text)
    return { file, text, whole, at: offset => start + 1 + offset }
  const starts = node.style === 'block' && raw.startsWith('|') ? blockLines(file, start, text) : null
  return { file, text, whole, at: offset => (starts ? throughLines(starts, offset) : null) }
}

type LineStart = { inText: number; inFile: number }

function blockLines(file: SourceFile, start: number, text: string): LineStart[] | null {
  const found: LineStart[] = []
  let line = lineAt(file, start)
  let inText = 0
  for (const value of text.split('\n')) {
    line++
    const range = lineRange(file, line)
    const written = file.text.slice(range.start, range.end)
    if (!written.endsWith(value.replace(/\r$/, ''))) return null
    found.push({ inText, inFile: range.end - value.replace(/\r$/, '').length })
    inText += value.length + 1
  }
  return found
}

function throughLines(starts: readonly LineStart[], offset: number): number | null {
  const line = starts.findLast(one => one.inText <= offset)
  return line ? line.inFile + offset - line.inText : null
}
