/** Applies a fix to the text of files, and shows it as a diff that `git apply` takes. */
import { createTwoFilesPatch } from 'diff'
import type { Edit } from './patch.ts'

type Files = ReadonlyMap<string, { text: string }>

/**
 * The files that the edits change or create, by path, with their new text. Edits of one file may come in any order;
 * two that overlap, an offset outside the file or a file that is not there is a fault of the check and throws.
 */
export function applyEdits(files: Files, edits: readonly Edit[]): Map<string, string> {
  const changed = new Map<string, string>()
  for (const edit of edits) {
    if (edit.kind !== 'create') continue
    if (files.has(edit.path) || changed.has(edit.path)) throw new Error(`patch creates ${edit.path}, which exists`)
    changed.set(edit.path, edit.text)
  }
  const replaced = new Map<string, Extract<Edit, { kind: 'replace' }>[]>()
  for (const edit of edits) {
    if (edit.kind === 'replace') replaced.set(edit.path, [...(replaced.get(edit.path) ?? []), edit])
  }
  for (const [path, own] of replaced) {
    const file = files.get(path)
    if (!file) throw new Error(`patch changes ${path}, which is not there`)
    changed.set(path, replaceAll(path, file.text, own))
  }
  return changed
}

function replaceAll(path: string, text: string, edits: readonly Extract<Edit, { kind: 'replace' }>[]): string {
  let made = ''
  let done = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const outside = edit.start < done || edit.end < edit.start || edit.end > text.length
    if (outside) throw new Error(`patch of ${path} has edits that overlap or lie outside the file`)
    made += text.slice(done, edit.start) + edit.text
    done = edit.end
  }
  return made + text.slice(done)
}

/** One diff over all files, in the order of their paths. Line endings of the rest are kept as they are. */
export function unifiedDiff(files: Files, edits: readonly Edit[]): string {
  const changed = [...applyEdits(files, edits)].sort(([a], [b]) => (a < b ? -1 : 1))
  return changed.map(([path, text]) => fileDiff(path, files.get(path)?.text ?? null, text)).join('')
}

function fileDiff(path: string, before: string | null, after: string): string {
  if (before === after) return ''
  const from = quoted(`a/${path}`)
  const to = quoted(`b/${path}`)
  const header = [`diff --git ${from} ${to}`]
  if (before === null) header.push('new file mode 100644')
  const body = createTwoFilesPatch('x', 'y', before ?? '', after, undefined, undefined, { context: 3 })
  // The library's own header knows neither git's first lines nor how git quotes a path.
  const hunks = body.slice(body.indexOf('@@ '))
  return `${header.join('\n')}\n--- ${before === null ? '/dev/null' : ended(from)}\n+++ ${ended(to)}\n${hunks}`
}

/** Git ends a name with a space in it by a tab, so that a reader knows where it stops. */
function ended(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name
}

/** A path as git writes it: in quotes with escapes where it holds a control character, a quote or a backslash. */
function quoted(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what git escapes
  if (!/[\x00-\x1f\x7f"\\]/.test(path)) return path
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what git escapes
  const escaped = path.replace(/[\x00-\x1f\x7f"\\]/g, character => {
    if (character === '"' || character === '\\') return `\\${character}`
    return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
  return `"${escaped}"`
}
