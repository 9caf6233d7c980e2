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
  for (const edit of [...edits].sort(inOrder)) {
    const outside = edit.start < done || edit.end < edit.start || edit.end > text.length
    if (outside) throw new Error(`patch of ${path} has edits that overlap or lie outside the file`)
    made += text.slice(done, edit.start) + edit.text
    done = edit.end
  }
  return made + text.slice(done)
}

function inOrder(a: Extract<Edit, { kind: 'replace' }>, b: Extract<Edit, { kind: 'replace' }>): number {
  const lines = Number(beginsLine(a)) - Number(beginsLine(b))
  return a.start - b.start || a.end - b.end || lines || (b.indent ?? 0) - (a.indent ?? 0)
}

/** Whether what is put in ends the line that it stands on. */
export function beginsLine({ text }: { text: string }): boolean {
  return /^\r?\n/.test(text)
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
  return `${header.join('\n')}\n--- ${before === null ? '/dev/null' : ended(from)}\n+++ ${ended(to)}\n${hunksOf(before ?? '', after)}`
}

const CONTEXT = 3

/** Compares only the stretch that differs, with its context: a large file with a thousand fixes is diffed a thousand times. */
function hunksOf(before: string, after: string): string {
  const start = windowStart(before, after)
  const tail = windowTail(before, after, start)
  const [old, made] = [before, after].map(text => text.slice(start, text.length - tail)) as [string, string]
  const skipped = before.slice(0, start).split('\n').length - 1
  const plain = plainHunk(old, made, skipped)
  if (plain !== null) return plain
  const body = createTwoFilesPatch('x', 'y', old, made, undefined, undefined, { context: CONTEXT })
  // The library's own header knows neither git's first lines nor how git quotes a path.
  const hunks = body.slice(body.indexOf('@@ ')).split('\n')
  return hunks.map(line => (line.startsWith('@@ ') ? shifted(line, skipped) : line)).join('\n')
}

/**
 * Most fixes change lines that follow each other into others: that needs no search for what both have in common. Null where
 * some line of the one is in the other too, or the file does not end with a line's end. `skipped`: lines above.
 */
function plainHunk(old: string, made: string, skipped: number): string | null {
  if (!old.endsWith('\n') || !made.endsWith('\n')) return null
  const [before, after] = [old, made].map(text => text.slice(0, -1).split('\n')) as [string[], string[]]
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head] === after[head]) head++
  let tail = 0
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const removed = before.slice(head, before.length - tail)
  const added = after.slice(head, after.length - tail)
  const known = new Set(removed)
  if (added.some(line => known.has(line))) return null
  const above = before.slice(Math.max(0, head - CONTEXT), head)
  const below = before.slice(before.length - tail, before.length - tail + CONTEXT)
  const around = above.length + below.length
  const first = skipped + head - above.length + 1
  const lines = [
    `@@ -${first},${around + removed.length} +${first},${around + added.length} @@`,
    ...above.map(line => ` ${line}`),
    ...removed.map(line => `-${line}`),
    ...added.map(line => `+${line}`),
    ...below.map(line => ` ${line}`),
  ]
  return `${lines.join('\n')}\n`
}

function shifted(header: string, lines: number): string {
  return header.replace(/([-+])(\d+)/g, (_, sign: string, line: string) => `${sign}${Number(line) + lines}`)
}

/** The start of the line that lies the context above the first difference. */
function windowStart(before: string, after: string): number {
  const most = Math.min(before.length, after.length)
  let same = 0
  while (same < most && before.charCodeAt(same) === after.charCodeAt(same)) same++
  let start = before.lastIndexOf('\n', same - 1) + 1
  for (let line = 0; line <= CONTEXT && start > 0; line++)
    start = start < 2 ? 0 : before.lastIndexOf('\n', start - 2) + 1
  return same === 0 ? 0 : start
}

/** How much both end alike, from the start of the line that lies the context below the last difference. */
function windowTail(before: string, after: string, start: number): number {
  const most = Math.min(before.length, after.length) - start
  let same = 0
  while (same < most && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same))
    same++
  let at = before.length - same
  for (let line = 0; line <= CONTEXT + 1 && at < before.length; line++) {
    const next = before.indexOf('\n', at)
    at = next === -1 ? before.length : next + 1
  }
  return before.length - at
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
