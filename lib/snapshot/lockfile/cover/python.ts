/** pyproject.toml, setup.py, setup.cfg, Pipfile and requirements files against the locks of Python's tools. */
import {
  ancestorsOf,
  type Dependency,
  folderOf,
  inFolder,
  manifestFiles,
  relativeTo,
  thirdParty,
} from '../../manifest/manifest.ts'
import {
  type PythonProject,
  readPipfile,
  readPyproject,
  readSetupCfg,
  readSetupPy,
} from '../../manifest/python-projects.ts'
import { pythonName, readRequirements } from '../../manifest/requirements.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { type Lockfile, UnreadableFile } from '../lockfile.ts'
import { type LockRead, lockAt, scatteredLocks } from '../read.ts'
import { type Asked, byLock, type Judgement, passedOn, unknown, unlocked, versionsOf } from './judgement.ts'
import { judgeRequirements, requirementsFiles, requirementsState } from './requirements.ts'

const READERS: Readonly<Record<string, (file: SourceFile) => PythonProject>> = {
  'pyproject.toml': readPyproject,
  'setup.py': readSetupPy,
  'setup.cfg': readSetupCfg,
  Pipfile: readPipfile,
}
const LOCKS = ['uv.lock', 'poetry.lock', 'pdm.lock']
const ADVICE =
  'Lock it with hashes (`uv lock`, `poetry lock`, `pdm lock`, or `pip-compile --generate-hashes`) and commit the lock.'
const CURE = 'Write the lock again with a current version of the tool, which records hashes.'

export function judgePython(repo: Snapshot): Judgement[] {
  const found = judgeRequirements(repo)
  for (const file of manifestFiles(repo, name => Object.hasOwn(READERS, name))) {
    const judged = judgeProject(repo, file)
    if (judged !== null) found.push(judged)
  }
  return found
}

function judgeProject(repo: Snapshot, file: SourceFile): Judgement | null {
  let project: PythonProject
  try {
    const reader = READERS[file.path.slice(file.path.lastIndexOf('/') + 1)]
    if (reader === undefined) return null
    project = reader(file)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return { state: 'unknown', manifest: file.path, path: file.path, reason: `${error.message} (line ${error.line})` }
  }
  const dependencies = thirdParty(project.dependencies).filter(
    ({ name }) => pythonName(name) !== pythonName(project.name),
  )
  if (dependencies.length === 0) return null
  const asked: Asked = { file, dependencies, advice: ADVICE }
  return byOwnLock(repo, asked) ?? byWorkspace(repo, asked) ?? byCompiled(repo, asked) ?? unlocked(asked)
}

function byOwnLock(repo: Snapshot, asked: Asked): Judgement | null {
  const folder = folderOf(asked.file.path)
  if (asked.file.path.endsWith('Pipfile')) return byRead(asked, lockAt(repo, inFolder(folder, 'Pipfile.lock')))
  const pylocks = scatteredLocks(repo).filter(
    path => folderOf(path) === folder && /(?:^|\/)pylock(?:\.[^/.]+)?\.toml$/.test(path),
  )
  for (const path of [...LOCKS.map(name => inFolder(folder, name)), ...pylocks]) {
    const judged = byRead(asked, lockAt(repo, path))
    if (judged !== null) return judged
  }
  return null
}

function byRead(asked: Asked, read: LockRead | null): Judgement | null {
  if (read === null) return null
  return read.ok ? judgeLock(asked, read.lock) : unknown(asked.file, read)
}

/** A member of a uv workspace stands in the lock of the root. */
function byWorkspace(repo: Snapshot, asked: Asked): Judgement | null {
  const folder = folderOf(asked.file.path)
  for (const ancestor of ancestorsOf(folder).slice(1)) {
    const read = lockAt(repo, inFolder(ancestor, 'uv.lock'))
    if (read === null) continue
    if (!read.ok) return unknown(asked.file, read)
    if (read.lock.importers?.has(relativeTo(ancestor, folder))) return judgeLock(asked, read.lock)
  }
  return null
}

/** A compiled requirements file that names this project as its source. */
function byCompiled(repo: Snapshot, asked: Asked): Judgement | null {
  for (const file of requirementsFiles(repo)) {
    const read = readRequirements(file)
    if (!read.compiled || !read.sources.has(asked.file.path)) continue
    const names = new Set(read.requirements.map(({ name }) => pythonName(name)))
    // Several files may be compiled from parts of one project; the whole is covered where the main part is.
    if (!asked.dependencies.some(({ name }) => names.has(pythonName(name)))) continue
    return passedOn(requirementsState(repo, file), asked.file)
  }
  return null
}

function judgeLock(asked: Asked, lock: Lockfile): Judgement {
  const versions = versionsOf(lock, pythonName)
  return byLock(asked, lock, dependency => faultOf(dependency, lock, versions), CURE)
}

function faultOf(
  { name, constraint, source }: Dependency,
  lock: Lockfile,
  versions: ReadonlyMap<string, string[]>,
): string | null {
  const found = versions.get(pythonName(name))
  if (found === undefined) return 'is absent from it'
  if (source !== 'registry' || lock.format === 'pylock.toml') return null
  return found.some(version => mayFit(version, constraint))
    ? null
    : `is locked at ${found.slice(0, 3).join(', ')}, which the range does not allow`
}

/** PEP 440 where both sides are plain numbers; anything else is taken to fit. */
function mayFit(version: string, constraint: string): boolean {
  const have = numbersOf(version)
  if (have === null) return true
  return constraint.split(',').every(part => {
    const [, operator, wanted] = /^\s*(===?|>=|<=|>|<|!=|\^)\s*([\d.]+)\s*$/.exec(part) ?? []
    const want = wanted === undefined ? null : numbersOf(wanted)
    if (operator === undefined || want === null) return true
    const order = compare(have, want)
    if (operator === '>=') return order >= 0
    if (operator === '<=') return order <= 0
    if (operator === '>') return order > 0
    if (operator === '<') return order < 0
    if (operator === '!=') return order !== 0
    if (operator === '^') return order >= 0 && (have[0] ?? 0) === (want[0] ?? 0)
    return order === 0
  })
}

function numbersOf(text: string): number[] | null {
  return /^\d+(?:\.\d+)*$/.test(text) ? text.split('.').map(Number) : null
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
