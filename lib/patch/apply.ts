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
  for (const [path, own] of replacedIn(edits)) {
    const { text } = existing(files, path)
    changed.set(path, replaceAll(path, text, own, { from: 0, to: text.length }))
  }
  return changed
}

type Replacement = Extract<Edit, { kind: 'replace' }>

function replacedIn(edits: readonly Edit[]): Map<string, Replacement[]> {
  return Map.groupBy(
    edits.filter(edit => edit.kind === 'replace'),
    edit => edit.path,
  )
}

function existing(files: Files, path: string): { text: string } {
  const file = files.get(path)
  if (!file) throw new Error(`patch changes ${path}, which is not there`)
  return file
}

/** What stands between the two offsets once the edits, which all lie there, are made. */
function replaceAll(
  path: string,
  text: string,
  edits: readonly Replacement[],
  { from, to }: { from: number; to: number },
): string {
  let made = ''
  let done = from
  for (const edit of [...edits].sort(inOrder)) {
    const outside = edit.start < done || edit.end < edit.start || edit.end > text.length
    if (outside) throw new Error(`patch of ${path} has edits that overlap or lie outside the file`)
    made += text.slice(done, edit.start) + edit.text
    done = edit.end
  }
  return made + text.slice(done, to)
}

function inOrder(a: Replacement, b: Replacement): number {
  const lines = Number(beginsLine(a)) - Number(beginsLine(b))
  return a.start - b.start || a.end - b.end || lines || (b.indent ?? 0) - (a.indent ?? 0)
}

/** Whether what is put in ends the line that it stands on. */
export function beginsLine({ text }: { text: string }): boolean {
  return /^\r?\n/.test(text)
}

/** One diff over all files, in the order of their paths. Line endings of the rest are kept as they are. */
export function unifiedDiff(files: Files, edits: readonly Edit[]): string {
  const created = [
    ...applyEdits(
      files,
      edits.filter(({ kind }) => kind === 'create'),
    ),
  ].map(([path, text]): [string, string] => [path, fileDiff(path, null, hunksOf('', text, 0))])
  const changed = [...replacedIn(edits)].map(([path, own]): [string, string] => [
    path,
    fileDiff(path, existing(files, path), changedHunks(path, existing(files, path), own)),
  ])
  const diffs = [...created, ...changed].sort(([a], [b]) => (a < b ? -1 : 1))
  return diffs.map(([, diff]) => diff).join('')
}

function fileDiff(path: string, before: { text: string } | null, hunks: string): string {
  if (hunks === '') return ''
  const from = quoted(`a/${path}`)
  const to = quoted(`b/${path}`)
  const header = [`diff --git ${from} ${to}`]
  if (before === null) header.push('new file mode 100644')
  return `${header.join('\n')}\n--- ${before === null ? '/dev/null' : ended(from)}\n+++ ${ended(to)}\n${hunks}`
}

const CONTEXT = 3

/** Looks only at the lines that the edits touch, with their context: a large file with a thousand fixes is cut a thousand times. */
function changedHunks(path: string, file: { text: string }, edits: readonly Replacement[]): string {
  const { text } = file
  const starts = lineStarts(file)
  const first = lineAt(starts, Math.min(...edits.map(({ start }) => start)))
  const last = lineAt(starts, Math.max(...edits.map(({ end }) => end)))
  // One line more than is shown, so that a line that ends or begins with the edit is seen whole.
  const above = Math.max(0, first - CONTEXT - 1)
  const window = { from: starts[above] ?? 0, to: starts[last + CONTEXT + 2] ?? text.length }
  return hunksOf(text.slice(window.from, window.to), replaceAll(path, text, edits, window), above)
}

const known = new WeakMap<object, Uint32Array>()

/** Where each line begins; found once a file. */
function lineStarts(file: { text: string }): Uint32Array {
  const found = known.get(file)
  if (found) return found
  const starts = [0]
  for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1)
  const kept = Uint32Array.from(starts)
  known.set(file, kept)
  return kept
}

/** The index of the line that holds the offset. */
function lineAt(starts: Uint32Array, offset: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** `above`: lines before these in the file. Empty where nothing differs. */
function hunksOf(before: string, after: string, above: number): string {
  if (before === after) return ''
  const start = windowStart(before, after)
  const tail = windowTail(before, after, start)
  const [old, made] = [before, after].map(text => text.slice(start, text.length - tail)) as [string, string]
  const skipped = above + before.slice(0, start).split('\n').length - 1
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
  const gone = new Set(removed)
  if (added.some(line => gone.has(line))) return null
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
