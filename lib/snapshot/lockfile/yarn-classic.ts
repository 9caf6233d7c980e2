/** `yarn.lock` of Yarn 1: not YAML; blocks of `pattern, pattern:` with two-space fields. Read line by line for speed. */
import { type LockContent, type LockEntry, lockEntry, refuseHalf, UnreadableFile } from './lockfile.ts'
import { npmSource } from './npm-source.ts'

type Block = { name: string; line: number; version: string; resolved: string; integrity: string }

export function readYarnClassic(text: string): LockContent {
  const entries: LockEntry[] = []
  const held = new Set<string>()
  const needed = new Map<string, number>()
  let block: Block | null = null
  let line = 0
  let start = 0

  function close(): void {
    if (block === null) return
    if (block.version === '') throw new UnreadableFile(`the entry of ${block.name} has no version`, block.line)
    entries.push(entryOf(block))
    block = null
  }

  while (start < text.length) {
    line++
    let end = text.indexOf('\n', start)
    if (end === -1) end = text.length
    const content = text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end)
    start = end + 1
    if (content === '' || content.startsWith('#')) continue
    if (content[0] !== ' ') {
      close()
      if (content.trim() === '') continue
      block = { name: nameOf(content, line), line, version: '', resolved: '', integrity: '' }
      held.add(askedName(content))
      continue
    }
    if (block === null) throw new UnreadableFile('a field outside of any entry', line)
    if (content[2] === ' ') {
      // Only dependencies are nested: `    name range`.
      if (content[3] === ' ') needed.set(nestedName(content), line)
      continue
    }
    if (content.startsWith('  version ')) block.version = unquote(content.slice(10), line)
    else if (content.startsWith('  resolved ')) block.resolved = unquote(content.slice(11), line)
    else if (content.startsWith('  integrity ')) block.integrity = unquote(content.slice(12), line)
  }
  close()
  refuseHalf(needed, held)
  return { format: 'yarn.lock v1', ecosystem: 'npm', entries, importers: null }
}

/** The name by which `"name@range", name@range:` is asked for; of an alias its own. */
function askedName(header: string): string {
  const start = header[0] === '"' ? 1 : 0
  return header.slice(start, header.indexOf('@', start + 1))
}

function nestedName(content: string): string {
  const quoted = content[4] === '"'
  return quoted ? content.slice(5, content.indexOf('"', 5)) : content.slice(4, content.indexOf(' ', 4))
}

/** The package of `"name@range", name@range:`; an alias `x@npm:real@range` is the package `real`. */
function nameOf(header: string, line: number): string {
  if (!header.endsWith(':')) throw new UnreadableFile('an entry without its final colon', line)
  const first = unquote(header.slice(0, header.indexOf(', ') === -1 ? -1 : header.indexOf(', ')), line)
  return packageOfDescriptor(first)
}

/** `name@range` → name; `alias@npm:name@range` → name. */
function packageOfDescriptor(descriptor: string): string {
  const at = descriptor.indexOf('@', 1)
  if (at === -1) return descriptor
  const alias = /^npm:(@?[^@]+)@/.exec(descriptor.slice(at + 1))?.[1]
  return alias ?? descriptor.slice(0, at)
}

function unquote(text: string, line: number): string {
  const value = text.trim()
  if (!value.startsWith('"')) return value
  if (value.length < 2 || !value.endsWith('"')) throw new UnreadableFile('a quote that is never closed', line)
  return value.slice(1, -1)
}

function entryOf(block: Block): LockEntry {
  const { source, commit } = npmSource(block.resolved)
  const sha1 = /#([0-9a-f]{40})$/.exec(block.resolved)?.[1]
  const hashes = block.integrity.split(/\s+/).filter(Boolean)
  return lockEntry({
    ecosystem: 'npm',
    name: block.name,
    version: block.version,
    line: block.line,
    // Yarn 1 writes neither address nor hash for a link or folder.
    source: block.resolved === '' ? 'path' : source,
    commit,
    address: block.resolved,
    hashes: hashes.length === 0 && sha1 !== undefined && source !== 'git' ? [sha1] : hashes,
  })
}
