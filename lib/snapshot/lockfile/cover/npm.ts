/** package.json against the locks of npm, Yarn, pnpm, Bun and Deno, with workspaces. */
import picomatch from 'picomatch'
import semver from 'semver'
import {
  ancestorsOf,
  type Dependency,
  folderOf,
  inFolder,
  manifestFiles,
  relativeTo,
  thirdParty,
} from '../../manifest/manifest.ts'
import { overriddenName, type PackageJson, readPackageJson } from '../../manifest/package-json.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { type Lockfile, UnreadableFile } from '../lockfile.ts'
import { type LockRead, lockAt, pathsOf } from '../read.ts'
import { itemsOf, mapOf, parseYaml, scalarOf } from '../yaml.ts'
import { type Asked, byLock, floating, type Judgement, locked, unknown, unlocked, versionsOf } from './judgement.ts'

type Member = { file: SourceFile; folder: string; json: PackageJson }
type Project = { repo: Snapshot; members: Map<string, Member>; names: Set<string> }

const LOCKS = [
  'npm-shrinkwrap.json',
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
] as const
const LOCKS_OF: Readonly<Record<string, readonly string[]>> = {
  npm: ['npm-shrinkwrap.json', 'package-lock.json'],
  yarn: ['yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  bun: ['bun.lock', 'bun.lockb'],
  deno: ['deno.lock'],
}
const ADVICE =
  'Make one with your package manager (`npm install --package-lock-only`, `yarn install`, `pnpm install --lockfile-only`, `bun install`) and commit it.'
const CURE = 'Remove these entries from the lock, install again so that the hashes are written, and commit it.'

export function judgeNpm(repo: Snapshot): Judgement[] {
  const found: Judgement[] = []
  const members = new Map<string, Member>()
  for (const file of manifestFiles(repo, name => name === 'package.json')) {
    try {
      members.set(folderOf(file.path), { file, folder: folderOf(file.path), json: readPackageJson(file) })
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      found.push({
        state: 'unknown',
        manifest: file.path,
        path: file.path,
        reason: `${error.message} (line ${error.line})`,
      })
    }
  }
  const names = new Set([...members.values()].map(({ json }) => json.name).filter(Boolean))
  const project = { repo, members, names }
  for (const member of members.values()) {
    const dependencies = thirdParty(member.json.dependencies).filter(dependency => !isOwn(project, member, dependency))
    if (dependencies.length > 0) found.push(judge(project, member, { file: member.file, dependencies, advice: ADVICE }))
  }
  return found
}

/** npm and Yarn link a workspace member by its name and a plain range. */
function isOwn({ names }: Project, { json }: Member, { name, constraint }: Dependency): boolean {
  return names.has(name) && name !== json.name && !/^(?:npm:|https?:|git)/.test(constraint)
}

function judge(project: Project, member: Member, asked: Asked): Judgement {
  for (const folder of ancestorsOf(member.folder)) {
    const own = folder === member.folder
    const owner = project.members.get(folder)
    const isRoot =
      own ||
      (owner !== undefined && includes(project.repo, owner, member.folder)) ||
      pnpmIncludes(project.repo, folder, member.folder)
    const found = locksIn(project, folder)
    const verdicts: Judgement[] = []
    for (const name of found) {
      const verdict = tryLock(project, member, asked, { folder, name, isRoot })
      if (verdict !== null) verdicts.push(verdict)
    }
    const best = bestOf(verdicts)
    if (best !== null) return found.length > 1 && own ? withNote(best, member, found) : best
    if (isRoot && !own && found.length > 0) {
      const name = found[0] ?? ''
      return floating(
        asked.file,
        asked.dependencies[0]?.line ?? 1,
        `\`${inFolder(folder, name)}\` is stale: the workspace member \`${member.folder}\` is absent from it. Install at \`${folder || '.'}\` and commit the lock.`,
      )
    }
  }
  return unlocked(asked)
}

/** Where a package manager is named, only its lock counts. */
function locksIn({ repo, members }: Project, folder: string): string[] {
  const present = LOCKS.filter(
    name => pathsOf(repo).has(inFolder(folder, name)) || repo.files.has(inFolder(folder, name)),
  )
  const manager = members.get(folder)?.json.manager ?? ''
  const named = present.filter(name => LOCKS_OF[manager]?.includes(name))
  return named.length > 0 ? named : present.filter(name => name !== 'bun.lockb' || !present.includes('bun.lock'))
}

const RANK = { hashed: 0, unknown: 1, locked: 2, floating: 3 } as const

function bestOf(verdicts: readonly Judgement[]): Judgement | null {
  return [...verdicts].sort((a, b) => RANK[a.state] - RANK[b.state])[0] ?? null
}

function withNote(verdict: Judgement, { file }: Member, found: readonly string[]): Judgement {
  if (verdict.state === 'unknown') return verdict
  return {
    ...verdict,
    note: `Beside ${file.path} stand the locks of several package managers (${found.join(', ')}): keep the one that is in use, or name it in "packageManager".`,
  }
}

type Candidate = { folder: string; name: string; isRoot: boolean }

/** The verdict by one lock; null where it does not have this importer. */
function tryLock(
  project: Project,
  member: Member,
  asked: Asked,
  { folder, name, isRoot }: Candidate,
): Judgement | null {
  const path = inFolder(folder, name)
  const own = folder === member.folder
  if (name === 'bun.lockb') {
    if (!isRoot) return null
    return locked(
      asked.file,
      asked.dependencies[0]?.line ?? 1,
      `\`${path}\` is binary: it locks the versions, but nobody can read whether it has hashes. Run \`bun install --save-text-lockfile\` and commit \`bun.lock\`.`,
    )
  }
  const read = lockAt(project.repo, path)
  if (read === null) return null
  if (!read.ok) return own || isRoot ? unknown(asked.file, read) : null
  return byReadLock(project, member, asked, read, { folder, name, isRoot })
}

function byReadLock(
  project: Project,
  member: Member,
  asked: Asked,
  { lock }: LockRead & { ok: true },
  { folder, name, isRoot }: Candidate,
): Judgement | null {
  const importer = lock.importers?.get(relativeTo(folder, member.folder))
  if (lock.ecosystem === 'deno') return byDenoLock(asked, lock, isRoot)
  if (importer === undefined && !(isRoot && lock.importers === null) && folder !== member.folder) return null
  // A folder that npm links without its being a workspace gets no development dependencies.
  const dependencies = isRoot ? asked.dependencies : []
  const overridden = overridesOf(project.repo, project.members.get(folder)?.json, folder)
  const hooks = name === 'pnpm-lock.yaml' && pathsOf(project.repo).has(inFolder(folder, '.pnpmfile.cjs'))
  return byLock(
    { ...asked, dependencies },
    lock,
    dependency => {
      if (overridden.has(dependency.name) || hooks) return null
      return npmFault(dependency, lock, importer)
    },
    CURE,
  )
}

function npmFault(
  { name, constraint }: Dependency,
  lock: Lockfile,
  importer: ReadonlyMap<string, string> | undefined,
): string | null {
  const alias = /^npm:(@?[^@]+)(?:@(.*))?$/.exec(constraint)
  const named = alias?.[1] ?? name
  const range = alias ? (alias[2] ?? '') : constraint
  const listed = importer?.get(name)
  if (importer !== undefined && listed === undefined) return 'is absent from it'
  const versions = listed !== undefined ? [listed] : (versionsOf(lock).get(named) ?? versionsOf(lock).get(name) ?? [])
  if (versions.length === 0) return 'is absent from it'
  if (versions.some(version => satisfies(version, range))) return null
  return `is locked at ${versions.slice(0, 3).join(', ')}, which the range does not allow`
}

/** Lenient: whatever is no plain version or range is taken to fit. */
function satisfies(version: string, range: string): boolean {
  if (semver.valid(version) === null) return true
  const parsed = semver.validRange(range.replace(/^npm:/, ''), { loose: true })
  if (parsed === null) return true
  return semver.satisfies(version, parsed, { loose: true, includePrerelease: true })
}

function byDenoLock(asked: Asked, lock: Lockfile, isRoot: boolean): Judgement | null {
  const locked = lock.importers?.get('')
  if (!isRoot || !asked.dependencies.some(({ name }) => locked?.has(name))) return null
  return byLock(
    asked,
    lock,
    ({ name }) => (locked?.has(name) ? null : 'is absent from it'),
    'Run `deno install` and commit the lock.',
  )
}

function includes(repo: Snapshot, owner: Member, folder: string): boolean {
  const globs = owner.json.workspaces
  return globs !== null && globFits(globs, relativeTo(owner.folder, folder)) && repo.files.has(owner.file.path)
}

function pnpmIncludes(repo: Snapshot, root: string, folder: string): boolean {
  const workspace = pnpmWorkspace(repo, root)
  return workspace !== null && workspace.globs.length > 0 && globFits(workspace.globs, relativeTo(root, folder))
}

/** `packages/*` means folders; `!x` takes some out again. */
export function globFits(globs: readonly string[], folder: string): boolean {
  const tidy = globs
    .slice(0, 500)
    .map(glob =>
      glob
        .trim()
        .replace(/^(!?)\.\//, '$1')
        .replace(/\/+$/, ''),
    )
    .filter(glob => glob !== '' && glob.length < 1000)
  const wanted = tidy.filter(glob => !glob.startsWith('!'))
  const refused = tidy.filter(glob => glob.startsWith('!')).map(glob => glob.slice(1))
  return (
    picomatch.isMatch(folder, wanted, { dot: true }) &&
    !(refused.length > 0 && picomatch.isMatch(folder, refused, { dot: true }))
  )
}

type PnpmWorkspace = { globs: string[]; overrides: string[] }

const workspaces = new WeakMap<SourceFile, PnpmWorkspace>()

function pnpmWorkspace(repo: Snapshot, root: string): PnpmWorkspace | null {
  const file = repo.files.get(inFolder(root, 'pnpm-workspace.yaml'))
  if (file === undefined) return null
  const known = workspaces.get(file)
  if (known) return known
  const read = readPnpmWorkspace(file)
  workspaces.set(file, read)
  return read
}

function readPnpmWorkspace(file: SourceFile): PnpmWorkspace {
  try {
    const root = mapOf(parseYaml(file.text))
    return { globs: itemsOf(root.get('packages')).map(scalarOf), overrides: [...mapOf(root.get('overrides')).keys()] }
  } catch (error) {
    // The lock lists its importers by itself; a damaged workspace file only loses the word for an absent member.
    if (error instanceof UnreadableFile) return { globs: [], overrides: [] }
    throw error
  }
}

function overridesOf(repo: Snapshot, json: PackageJson | undefined, folder: string): ReadonlySet<string> {
  const workspace = pnpmWorkspace(repo, folder)?.overrides ?? []
  return new Set([...(json?.overridden ?? []), ...workspace.map(overriddenName)])
}
