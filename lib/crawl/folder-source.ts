/** A snapshot of what lies on this machine: a work tree, a plain folder, or a bare git repository. */
import { existsSync } from 'node:fs'
import { lstat, readdir, readFile, readlink, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { AppError } from '../errors.ts'
import { LEFT_OUT, type LeftOutRule } from '../snapshot/left-out.ts'
import type { FileMode, Snapshot, SourceFile, TreeEntry, Unread } from '../snapshot/snapshot.ts'
import { git, readBlobs } from './git.ts'
import { blobId } from './object-id.ts'
import { MAX_FILE_BYTES, partOf, pickFiles } from './paths.ts'
import { decodeText } from './text.ts'

const NO_RIGHTS = 'This user may not read it.'

type Told = Pick<Snapshot, 'repository' | 'commit'>

/**
 * The snapshot of a folder or bare repository. Of a git work tree the files that git tracks, as they are on disk; where
 * it tracks none there, and of a plain folder, every file. Symlinks are recorded, never followed. Releases and settings
 * cannot be asked for and are null. Throws AppError `not-found` or `nothing-readable`.
 */
export async function snapshotOfFolder(path: string, rule: LeftOutRule = LEFT_OUT): Promise<Snapshot> {
  const folder = resolve(path)
  const found = await stat(folder).catch((error: unknown) => {
    if (isAbsence(error)) return null
    throw mayNotRead(path, error)
  })
  if (found === null)
    throw new AppError(
      'not-found',
      `There is no folder ${path}.`,
      'Give the path of a folder or of a bare git repository.',
    )
  if (!found.isDirectory())
    throw new AppError(
      'invalid-input',
      `${path} is a file, not a folder.`,
      'Give the folder that holds the repository.',
    )
  if (isBare(folder)) return ofBareRepository(folder, rule)
  return ofWorkTree(folder, rule)
}

function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function mayNotRead(path: string, cause: unknown): AppError {
  return new AppError(
    'nothing-readable',
    `The folder ${path} is there, and this user may not read it.`,
    'Run the command as a user who may, or give the user read access to the folder.',
    { cause },
  )
}

function isBare(folder: string): boolean {
  return ['HEAD', 'objects', 'refs'].every(name => existsSync(join(folder, name)))
}

async function ofBareRepository(folder: string, rule: LeftOutRule): Promise<Snapshot> {
  const at = `--git-dir=${folder}`
  const commit = text(await git([at, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}']))
  const told = { repository: await nameOf([at], folder), commit }
  if (commit === '') return assemble(told, pickFiles([], rule), new Map(), [])
  const listed = await git([at, 'ls-tree', '-r', '-z', '-l', '--full-tree', commit])
  if (listed === null)
    throw new AppError('nothing-readable', `git cannot list the files of ${folder}.`, 'Check it with git fsck.')
  const picked = pickFiles(parseTree(listed), rule)
  const files = new Map<string, SourceFile>()
  const unread: Unread[] = []
  let index = 0
  for await (const bytes of readBlobs(
    folder,
    picked.wanted.map(entry => entry.oid),
  )) {
    const entry = picked.wanted[index++]
    if (entry) take(entry, bytes, files, unread)
  }
  return assemble(told, picked, files, unread)
}

async function ofWorkTree(folder: string, rule: LeftOutRule): Promise<Snapshot> {
  const commit = text(await git(['-C', folder, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}']))
  const listed = await git(['-C', folder, 'ls-files', '-z', '--stage'])
  const unread: Unread[] = []
  const tracked = listed === null ? [] : await present(folder, parseIndex(listed), unread)
  const inGit = tracked.length > 0
  const entries = inGit ? tracked : await walk(folder, unread)
  const picked = pickFiles(entries, rule)
  const files = new Map<string, SourceFile>()
  for (const entry of picked.wanted) {
    const bytes = await readBounded(join(folder, entry.path))
    const oid = bytes === null ? entry.oid : blobId(bytes)
    take({ ...entry, oid }, bytes, files, unread)
  }
  // The ids are of what is on disk: a changed file is not the one that git has.
  const tree = picked.tree.map(entry => ({ ...entry, oid: files.get(entry.path)?.oid ?? entry.oid }))
  const repository = inGit ? await nameOf(['-C', folder], folder) : basename(folder)
  return assemble({ repository, commit: inGit ? commit : '' }, { ...picked, tree }, files, unread)
}

function assemble(
  told: Told,
  picked: ReturnType<typeof pickFiles>,
  files: Map<string, SourceFile>,
  unread: readonly Unread[],
): Snapshot {
  const { tree, leftOut } = picked
  const nothing = { releases: null, settings: null, refs: new Map(), called: new Map() }
  return { ...told, tree, files, leftOut, unread: [...picked.unread, ...unread], ...nothing }
}

function take(entry: TreeEntry, bytes: Uint8Array | null, files: Map<string, SourceFile>, unread: Unread[]): void {
  const { path, mode, oid } = entry
  const decoded = bytes === null ? { text: null, unread: 'It could not be read from disk.' } : decodeText(bytes)
  if (decoded.text === null) unread.push({ part: partOf(path), path, reason: decoded.unread })
  else files.set(path, { path, mode, oid, text: decoded.text })
}

/** `mode type oid size\tpath`, ended by NUL: a path may hold line ends, tabs and quotes. */
function parseTree(listed: Buffer): TreeEntry[] {
  return records(listed).map(record => {
    const tab = record.indexOf('\t')
    const [mode = '', , oid = '', size = ''] = record.slice(0, tab).split(/ +/)
    return { path: record.slice(tab + 1), mode: modeOf(mode), oid, size: size === '-' ? null : Number(size) }
  })
}

/** `mode oid stage\tpath`; a path in conflict stands there up to three times. */
function parseIndex(listed: Buffer): TreeEntry[] {
  const byPath = new Map<string, TreeEntry>()
  for (const record of records(listed)) {
    const tab = record.indexOf('\t')
    const [mode = '', oid = ''] = record.slice(0, tab).split(' ')
    const path = record.slice(tab + 1)
    byPath.set(path, { path, mode: modeOf(mode), oid, size: null })
  }
  return [...byPath.values()]
}

function records(listed: Buffer): string[] {
  return listed.toString('utf8').split('\0').slice(0, -1)
}

function modeOf(mode: string): FileMode {
  if (mode === '100755' || mode === '120000' || mode === '160000') return mode
  return '100644'
}

/** The tracked files that are still there, with the size that they have now; those that may not be seen are unread. */
async function present(folder: string, entries: readonly TreeEntry[], unread: Unread[]): Promise<TreeEntry[]> {
  const kept: TreeEntry[] = []
  for (const entry of entries) {
    if (entry.mode === '160000') {
      kept.push(entry)
      continue
    }
    const now = await lstat(join(folder, entry.path)).catch((error: unknown) => {
      if (!isAbsence(error)) unread.push({ part: partOf(entry.path), path: entry.path, reason: NO_RIGHTS })
      return null
    })
    if (now?.isSymbolicLink()) kept.push({ ...entry, mode: '120000', size: now.size })
    else if (now?.isFile())
      kept.push({ ...entry, mode: entry.mode === '120000' ? '100644' : entry.mode, size: now.size })
  }
  return kept
}

async function walk(folder: string, unread: Unread[], below = ''): Promise<TreeEntry[]> {
  const listed = await readdir(join(folder, below), { withFileTypes: true }).catch((error: unknown) => {
    if (below === '') throw mayNotRead(folder, error)
    unread.push({ part: 'tree', path: below, reason: NO_RIGHTS })
    return []
  })
  const entries: TreeEntry[] = []
  for (const entry of listed.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.name === '.git') continue
    if (entry.isDirectory()) {
      // Not spread into push: a folder may hold more files than a call may have arguments.
      for (const inner of await walk(folder, unread, path)) entries.push(inner)
    } else if (entry.isSymbolicLink()) {
      const target = Buffer.from(await readlink(join(folder, path)))
      entries.push({ path, mode: '120000', oid: blobId(target), size: target.length })
    } else if (entry.isFile()) {
      const { size, mode } = await lstat(join(folder, path))
      entries.push({ path, mode: (mode & 0o100) === 0 ? '100644' : '100755', oid: '', size })
    }
  }
  return entries
}

async function readBounded(path: string): Promise<Buffer | null> {
  try {
    const { size } = await lstat(path)
    return size > MAX_FILE_BYTES ? null : await readFile(path)
  } catch {
    // No rights, or gone since it was listed: the caller reports the file as unread.
    return null
  }
}

async function nameOf(where: readonly string[], folder: string): Promise<string> {
  const origin = text(await git([...where, 'config', '--get', 'remote.origin.url']))
  const [, owner, name] = /[/:]([^/:\s]+)\/([^/\s]+?)(?:\.git)?\/?$/.exec(origin) ?? []
  const isAddress = /^(?:[a-z+]+:\/\/|[^/]+@[^/]+:)/.test(origin) && !origin.startsWith('file:')
  return isAddress && owner && name ? `${owner}/${name}` : basename(folder).replace(/\.git$/, '')
}

function text(output: Buffer | null): string {
  return output?.toString('utf8').trim() ?? ''
}
