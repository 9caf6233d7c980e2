/** What an image build takes in from the repository: which files, and where in the image they lie. */
import { globMatches, plainPath } from '../glob.ts'
import { linesOf } from '../lines.ts'
import { pathsOf } from '../lockfile/read.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { folderOf, joined, resolved } from '../workspaces.ts'
import type { DockerInstruction } from './read.ts'

/** One source of a COPY, ADD or bind mount. `from` is its path in the repository, `to` the folder in the image. */
export type Taken = { from: string; isFolder: boolean; to: string | null; context: string }

/** Resolves a path in the image against the working directory; null where a variable decides. */
export function imagePath(cwd: string | null, target: string): string | null {
  if (/[$]/.test(target)) return null
  if (target.startsWith('/')) return `/${plainPath(resolved('', target.slice(1)) ?? '')}`
  if (cwd === null) return null
  const path = resolved(cwd.slice(1), target)
  return path === null ? null : `/${path}`
}

/** The sources of a COPY or ADD. The context is taken to be the Dockerfile's folder, or else the root of the repository. */
export function takenBy(repo: Snapshot, file: SourceFile, instruction: DockerInstruction, cwd: string | null): Taken[] {
  const { keyword, flags } = instruction
  const isCopy = (keyword === 'COPY' || keyword === 'ADD') && !flags.some(flag => flag.startsWith('from='))
  if (keyword === 'RUN') return flags.flatMap(flag => mounted(repo, file, flag, cwd))
  if (!isCopy) return []
  const words =
    instruction.exec?.map(({ text }) => text) ??
    file.text
      .slice(instruction.start, instruction.end)
      .replace(/\\[ \t]*\r?\n/g, ' ')
      .split(/\s+/)
      .filter(Boolean)
  const target = words.at(-1) ?? ''
  const to = imagePath(cwd, target)
  // The working directory is there, so a file that is copied to it lands inside.
  const intoFolder = words.length > 2 || /(?:^\.{1,2}|\/)$/.test(target) || (to !== null && to === cwd)
  return words.slice(0, -1).flatMap(source => found(repo, file, source, to, intoFolder))
}

function mounted(repo: Snapshot, file: SourceFile, flag: string, cwd: string | null): Taken[] {
  const fields = new Map(
    flag
      .replace(/^mount=/, '')
      .split(',')
      .map(field => [field.split('=')[0] ?? '', field.split('=')[1] ?? '']),
  )
  if (!flag.startsWith('mount=') || fields.has('from') || (fields.get('type') ?? 'bind') !== 'bind') return []
  const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination') ?? ''
  return found(repo, file, fields.get('source') ?? fields.get('src') ?? '.', imagePath(cwd, target), false)
}

function found(repo: Snapshot, file: SourceFile, source: string, to: string | null, intoFolder: boolean): Taken[] {
  if (/[$]|^\w+:\/\//.test(source)) return []
  const paths = pathsOf(repo)
  for (const context of new Set([folderOf(file.path), ''])) {
    const from = resolved(context, source)
    if (from === null) continue
    // Most sources are plain names; only a pattern has to be held against every path.
    const isPattern = /[*?{]/.test(from) && !paths.has(from)
    const hits = isPattern ? [...paths].filter(path => globMatches(from, path)) : paths.has(from) ? [from] : []
    if (hits.length > 0) {
      const place = intoFolder || to === null ? to : `/${folderOf(to.slice(1))}`
      return hits.map(hit => ({ from: hit, isFolder: false, to: place, context }))
    }
    const prefix = from === '' ? '' : `${from}/`
    if ([...paths].some(path => path.startsWith(prefix))) return [{ from, isFolder: true, to, context }]
  }
  return []
}

/** The folder of the repository that a folder of the image was filled from; null where none is known. */
export function sourceFolder(taken: readonly Taken[], cwd: string | null): string | null {
  if (cwd === null) return null
  let best: { folder: string; length: number } | null = null
  for (const { from, isFolder, to } of taken) {
    if (to === null) continue
    const inside =
      cwd === to ? '' : to === '/' ? cwd.slice(1) : cwd.startsWith(`${to}/`) ? cwd.slice(to.length + 1) : null
    if (inside === null || (!isFolder && inside !== '')) continue
    const folder = isFolder ? (inside === '' ? from : joined(from, inside)) : folderOf(from)
    const isManifest = /(?:^|\/)(?:package\.json|pyproject\.toml|Gemfile|requirements[^/]*\.txt)$/.test(from)
    // A manifest that is copied by name tells more than a folder that may hold anything.
    const length = to.length * 2 + (isManifest ? 1 : 0)
    if (!best || length >= best.length) best = { folder, length }
  }
  return best?.folder ?? null
}

/** The file of the repository that a file of the image was copied from; null where none is known. */
export function sourceFile(taken: readonly Taken[], path: string): string | null {
  const [folder, name] = [`/${folderOf(path.slice(1))}`, path.slice(path.lastIndexOf('/') + 1)]
  const last = taken.findLast(({ from, isFolder, to }) =>
    isFolder
      ? to !== null && path.startsWith(to === '/' ? to : `${to}/`)
      : to === folder && from.slice(from.lastIndexOf('/') + 1) === name,
  )
  if (!last?.isFolder) return last?.from ?? null
  return joined(last.from, path.slice(last.to === '/' ? 1 : (last.to?.length ?? 0) + 1))
}

/** True where the build takes this file of the repository in, unless `.dockerignore` keeps it out. */
export function takesIn(repo: Snapshot, taken: readonly Taken[], path: string): boolean {
  return taken.some(({ from, isFolder, context }) => {
    if (!isFolder) return from === path
    if (from !== '' && !path.startsWith(`${from}/`)) return false
    return !isIgnored(repo, context, path)
  })
}

function isIgnored(repo: Snapshot, context: string, path: string): boolean {
  const file = repo.files.get(joined(context, '.dockerignore'))
  if (!file) return false
  const inside = context === '' ? path : path.slice(context.length + 1)
  let ignored = false
  for (const line of linesOf(file, 1, file.text.split('\n').length).split('\n')) {
    const pattern = line.trim()
    if (pattern === '' || pattern.startsWith('#')) continue
    const back = pattern.startsWith('!')
    const glob = plainPath(back ? pattern.slice(1) : pattern)
    if (globMatches(glob, inside) || globMatches(`${glob}/**`, inside)) ignored = !back
  }
  return ignored
}
