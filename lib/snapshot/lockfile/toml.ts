import { parse, TomlError } from 'smol-toml'
import { conflictLine } from './conflict.ts'
import { type Json, objectOf } from './json.ts'
import { UnreadableFile } from './lockfile.ts'

/** Parses TOML; refuses damage with its line. */
export function parseToml(text: string): Json {
  try {
    return objectOf(parse(text))
  } catch (error) {
    const conflict = conflictLine(text)
    if (conflict !== null) throw new UnreadableFile('merge conflict markers', conflict)
    if (error instanceof TomlError) {
      const words = error.message.split('\n')[0] ?? 'fault'
      throw new UnreadableFile(`not valid TOML: ${words.replace(/^Invalid TOML document: /, '')}`, error.line)
    }
    if (error instanceof RangeError)
      throw new UnreadableFile('not valid TOML: nested too deeply or a number out of range', 1)
    throw error
  }
}

/** The lines on which `[[name]]` stands, in order: the n-th belongs to the n-th element of that array of tables. */
export function headerLines(text: string, name: string): number[] {
  const header = `[[${name}]]`
  const lines: number[] = []
  let line = 0
  for (const content of text.split('\n')) {
    line++
    if (content.startsWith(header)) lines.push(line)
  }
  return lines
}

/** The line of the n-th table; 1 where the file writes them another way. */
export function headerLine(lines: readonly number[], index: number): number {
  return lines[index] ?? 1
}
