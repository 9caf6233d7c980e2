/** Lines added to a mapping of `dependabot.yml`: what stands there keeps its order, comments and line endings. */
import { lineAt, lineBreakOf, lineRange } from './lines.ts'
import type { SourceFile } from './snapshot.ts'
import { endOf, type YamlMap } from './yaml.ts'

type Replacement = { kind: 'replace'; path: string; start: number; end: number; text: string; indent: number }

/** Puts lines behind the last entry of a block mapping, indented as its keys are; null where a person has to write them. */
export function linesInto(file: SourceFile, map: YamlMap, lines: readonly string[]): Replacement | null {
  const [first] = map.entries
  if (map.flow || !first) return null
  const indent = first.keyStart - lineRange(file, lineAt(file, first.keyStart)).start
  const lead = file.text.slice(first.keyStart - indent, first.keyStart)
  // `- key:` stands behind its dash; anything else in front of a key is a way of writing that is not known here.
  if (!/^[ ]*(?:- +)?$/.test(lead)) return null
  const { end } = lineRange(file, lastLine(file, map, indent))
  const lineBreak = lineBreakOf(file.text)
  const text = lines.map(line => lineBreak + ' '.repeat(indent) + line).join('')
  return { kind: 'replace', path: file.path, start: end, end, text, indent }
}

/** The last line of the mapping, with the comments behind it that belong to it by their indentation. */
function lastLine(file: SourceFile, map: YamlMap, indent: number): number {
  const said = file.text.slice(0, endOf(map)).trimEnd().length
  let line = lineAt(file, said - 1)
  for (;;) {
    const { start, end } = lineRange(file, line + 1)
    const text = file.text.slice(start, end)
    if (!/^[ ]*#/.test(text) || text.indexOf('#') < indent) return line
    line++
  }
}
