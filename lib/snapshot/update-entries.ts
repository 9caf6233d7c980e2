/** The text of Dependabot entries: a whole new file, or what is to be put behind the last entry of one that exists. */
import { lineAt, lineBreakOf, lineRange } from './lines.ts'
import type { DependabotConfig } from './update-config.ts'
import { endOf } from './yaml.ts'

export type MissingUpdate = { ecosystem: string; directory: string }

export function newDependabotFile(missing: readonly MissingUpdate[]): string {
  return `version: 2\nupdates:\n${entryLines(missing, '  ').join('\n')}\n`
}

/** The new entries of two fixes may stand in any order, in a file that is made as in one that is there. */
type EntriesEdit =
  | { kind: 'create'; path: string; text: string; anyOrder: true }
  | { kind: 'replace'; path: string; start: number; end: number; text: string; indent?: number; anyOrder?: true }

/** Adds the entries to the configuration, or makes one; null where a person has to. */
export function entriesEdit(config: DependabotConfig | null, missing: readonly MissingUpdate[]): EntriesEdit | null {
  if (!config)
    return { kind: 'create', path: '.github/dependabot.yml', text: newDependabotFile(missing), anyOrder: true }
  const edit = appendedEntries(config, missing)
  const isInserted = edit?.start === edit?.end
  return edit && { kind: 'replace', path: config.file.path, ...edit, ...(isInserted ? { anyOrder: true } : {}) }
}

/** Where the new entries go and what they are; null where the list is written in a way that a person has to change. */
function appendedEntries(
  config: DependabotConfig,
  missing: readonly MissingUpdate[],
): { start: number; end: number; text: string; indent?: number } | null {
  const { file, updates } = config
  if (!updates) return null
  const lineBreak = lineBreakOf(file.text)
  const last = updates.items.at(-1)
  if (updates.flow || !last) {
    if (last) return null
    return {
      start: updates.start,
      end: updates.end,
      text: [`${lineBreak}  `, entryLines(missing, '  ').join(lineBreak).trimStart()].join(''),
    }
  }
  const lastLine = lineAt(file, endOf(last) - 1)
  const firstLine = lineAt(file, last.start)
  const dash = /^([ \t]*)-/.exec(lineText(config, firstLine))
  if (!dash) return null
  const indent = dash[1] ?? ''
  const { end } = lineRange(file, commentsAfter(config, lastLine, indent.length))
  const spaced = firstLine > 1 && updates.items.length > 1 && lineText(config, firstLine - 1).trim() === ''
  const lines = entryLines(missing, indent, spaced)
  return { start: end, end, text: [spaced ? lineBreak : '', ...lines].join(lineBreak), indent: indent.length }
}

function entryLines(missing: readonly MissingUpdate[], indent: string, spaced = false): string[] {
  const byEcosystem = new Map<string, string[]>()
  for (const { ecosystem, directory } of missing) {
    byEcosystem.set(ecosystem, [...(byEcosystem.get(ecosystem) ?? []), directory])
  }
  const entries = [...byEcosystem].map(([ecosystem, directories]) => entryOf(ecosystem, directories, indent))
  return entries.flatMap((lines, index) => (spaced && index > 0 ? ['', ...lines] : lines))
}

/** Weekly, in one pull request but for major versions, and a week late: a new entry asks for no second mending. */
const MANNERS = [
  '  schedule:',
  '    interval: weekly',
  '  groups:',
  '    minor-and-patch:',
  '      applies-to: version-updates',
  '      patterns: ["*"]',
  '      update-types: [minor, patch]',
  '  cooldown:',
  '    default-days: 7',
]

function entryOf(ecosystem: string, directories: readonly string[], indent: string): string[] {
  const [only] = directories
  const where =
    directories.length === 1 && only !== undefined
      ? [`  directory: ${written(only)}`]
      : ['  directories:', ...directories.map(directory => `    - ${written(directory)}`)]
  const lines = [`- package-ecosystem: ${ecosystem}`, ...where, ...MANNERS]
  return lines.map(line => indent + line)
}

function written(directory: string): string {
  return /^[\w./-]+$/.test(directory) ? directory : JSON.stringify(directory)
}

/** The last of the comment lines behind a line that belong to the same entry by their indentation. */
function commentsAfter(config: DependabotConfig, line: number, indent: number): number {
  let at = line
  while (/^[ \t]*#/.test(lineText(config, at + 1)) && lineText(config, at + 1).search(/#/) > indent) at++
  return at
}

function lineText({ file }: DependabotConfig, line: number): string {
  const { start, end } = lineRange(file, line)
  return file.text.slice(start, end)
}
