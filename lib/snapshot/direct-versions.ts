/** The direct dependencies of applications, and whether each is one exact version. */
import semver from 'semver'
import { requirementsFiles } from './lockfile/cover/requirements.ts'
import { isFullCommit } from './lockfile/lockfile.ts'
import { folderOf, manifestFiles } from './manifest/manifest.ts'
import { readPackageJson } from './manifest/package-json.ts'
import { readPyproject } from './manifest/python-projects.ts'
import { isRequirementsPath, readRequirements } from './manifest/requirements.ts'
import { publishStepsOf } from './publish/publish.ts'
import type { Snapshot, SourceFile } from './snapshot.ts'
import { jsonOf, tableOf, tomlOf } from './workspaces.ts'

export type DirectVersion = { name: string; constraint: string; exact: boolean; file: SourceFile; line: number }

/** A manifest whose versions are looked at. */
export function isJudgedManifest(path: string): boolean {
  return /(?:^|\/)(?:package\.json|pyproject\.toml)$/.test(path) || isRequirementsPath(path)
}

/** Of libraries that others install there are none: their ranges are what lets two of them share a dependency. */
export function directVersions(repo: Snapshot): DirectVersion[] {
  const published = new Set(publishStepsOf(repo).map(({ to }) => to))
  const node = manifestFiles(repo, name => name === 'package.json').filter(file =>
    isNodeApplication(repo, file, published.has('npm')),
  )
  const projects = manifestFiles(repo, name => name === 'pyproject.toml')
  const libraries = projects.filter(file => published.has('pypi') || isPythonLibrary(repo, file))
  const folders = new Set(libraries.map(({ path }) => folderOf(path)))
  const requirements = requirementsFiles(repo).filter(({ path }) => !path.endsWith('.in') && !inLibrary(path, folders))
  return [
    ...node.flatMap(fromNode),
    ...projects.filter(file => !libraries.includes(file)).flatMap(file => fromPython(repo, file)),
    ...requirements.flatMap(fromRequirements),
  ]
}

function isNodeApplication(repo: Snapshot, { path }: SourceFile, published: boolean): boolean {
  const manifest = jsonOf(repo, path)
  if (!manifest) return false
  if (manifest.private === true) return true
  return !published && ['files', 'exports', 'publishConfig'].every(key => manifest[key] === undefined)
}

/** What is built as a package has ranges for those who install it; a classifier keeps it from being published. */
function isPythonLibrary(repo: Snapshot, { path }: SourceFile): boolean {
  const root = tomlOf(repo, path)
  const classifiers = tableOf(root?.project)?.classifiers
  if (Array.isArray(classifiers) && classifiers.some(one => /^Private ::/.test(String(one)))) return false
  const poetry = tableOf(tableOf(root?.tool)?.poetry)
  if (poetry) return poetry['package-mode'] !== false
  return root?.['build-system'] !== undefined
}

function inLibrary(path: string, folders: ReadonlySet<string>): boolean {
  for (let at = folderOf(path); ; at = folderOf(at)) {
    if (folders.has(at)) return true
    if (at === '') return false
  }
}

function fromNode(file: SourceFile): DirectVersion[] {
  return readSafely(() => readPackageJson(file).dependencies).flatMap(({ name, constraint, line, source }) => {
    if (source === 'path' || source === 'workspace' || /^(?:catalog|patch|jsr):/.test(constraint)) return []
    return [{ name, constraint, exact: isExactNode(constraint, source === 'git'), file, line }]
  })
}

function isExactNode(constraint: string, git: boolean): boolean {
  if (git) return isFullCommit(constraint.slice(constraint.indexOf('#') + 1).replace(/^commit=/, ''))
  if (/^https?:/.test(constraint)) return true
  const version = constraint.replace(/^npm:@?[^@]+@/, '').trim()
  return semver.valid(version.replace(/^=\s*/, '')) !== null && !version.startsWith('v=')
}

function fromPython(repo: Snapshot, file: SourceFile): DirectVersion[] {
  const poetry = tableOf(tableOf(tomlOf(repo, file.path)?.tool)?.poetry) !== null
  return readSafely(() => readPyproject(file).dependencies).flatMap(({ name, constraint, line, source }) => {
    if (source !== 'registry' || name === 'python') return []
    // Poetry takes a version alone, or one behind a single `=`, as exact.
    const exact = /^={2,3}\s*[^*,\s<>=!~]+$/.test(constraint) || (poetry && /^=?\s*\d[\w.+!-]*$/.test(constraint))
    return [{ name, constraint, exact, file, line }]
  })
}

function fromRequirements(file: SourceFile): DirectVersion[] {
  return readRequirements(file).requirements.flatMap(({ name, constraint, line, source, exact }) => {
    return source === 'path' || source === 'workspace' ? [] : [{ name, constraint, exact, file, line }]
  })
}

function readSafely<T>(read: () => T[]): T[] {
  try {
    return read()
  } catch {
    // A manifest that cannot be parsed is told by dependencies-locked.
    return []
  }
}
