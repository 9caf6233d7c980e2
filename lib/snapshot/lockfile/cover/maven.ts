/** pom.xml: Maven has no lock of its own; checksums beside it or the maven-lockfile plugin fix the content. */
import { ancestorsOf, folderOf, inFolder, manifestFiles } from '../../manifest/manifest.ts'
import { type Pom, pomVersion, readPom } from '../../manifest/pom.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { UnreadableFile } from '../lockfile.ts'
import { lockAt, pathsOf } from '../read.ts'
import { byHashes, floating, type Judgement, locked, namesOf, unknown } from './judgement.ts'

const ADVICE =
  'Record checksums: run the maven-lockfile plugin (`io.github.chains-project:maven-lockfile:generate`), or Maven with trusted checksums in `.mvn/checksums`, and commit the result.'

export function judgeMaven(repo: Snapshot): Judgement[] {
  const found: Judgement[] = []
  const files = new Map<string, SourceFile>()
  const poms = new Map<string, Pom>()
  for (const file of manifestFiles(repo, name => name === 'pom.xml')) {
    try {
      const pom = readPom(file)
      if (pom === null) continue
      files.set(file.path, file)
      poms.set(file.path, pom)
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
  const own = new Set([...poms.values()].map(pom => `${pom.group}:${pom.artifact}`))
  const checksums = checksumFolders(repo)
  for (const [path, pom] of poms) {
    const dependencies = pom.dependencies
      .filter(({ name }) => !own.has(name))
      .map(dependency => ({ ...dependency, constraint: pomVersion(dependency, pom, poms) }))
    const file = files.get(path)
    if (file && dependencies.length > 0) found.push(judge(repo, file, dependencies, checksums))
  }
  return found
}

function judge(
  repo: Snapshot,
  file: SourceFile,
  dependencies: readonly { name: string; constraint: string; line: number }[],
  checksums: ReadonlySet<string>,
): Judgement {
  const folder = folderOf(file.path)
  if (ancestorsOf(folder).some(ancestor => checksums.has(ancestor))) return { state: 'hashed', manifest: file.path }
  const read = lockAt(repo, inFolder(folder, 'lockfile.json'))
  if (read !== null && !read.ok) return unknown(file, read)
  if (read !== null) return byHashes(file, read.lock, 'Write it again with SHA-256 checksums.')
  const loose = dependencies.filter(({ constraint }) => isFloating(constraint))
  const first = loose[0]
  if (first !== undefined)
    return floating(
      file,
      first.line,
      `\`${file.path}\` lets the version float of ${namesOf(loose)} (${first.constraint}). Write one version. ${ADVICE}`,
    )
  return locked(
    file,
    dependencies[0]?.line ?? 1,
    `\`${file.path}\` fixes versions without hashes: ${namesOf(dependencies)}. ${ADVICE}`,
  )
}

/** A property that nobody here defines comes from a parent elsewhere, which is one version. */
function isFloating(version: string): boolean {
  return /^[[(].*,/.test(version) || /^(?:LATEST|RELEASE)$/.test(version) || /-SNAPSHOT$/.test(version)
}

const checksumsOfRepo = new WeakMap<Snapshot, ReadonlySet<string>>()

/** Folders that have `.mvn/checksums` with something in it. */
function checksumFolders(repo: Snapshot): ReadonlySet<string> {
  const known = checksumsOfRepo.get(repo)
  if (known) return known
  const found = new Set<string>()
  for (const path of pathsOf(repo)) {
    const match = /^(.*?)\/?\.mvn\/checksums\/.+\.sha(?:256|512)$/.exec(path)
    if (match?.[1] !== undefined) found.add(match[1])
  }
  checksumsOfRepo.set(repo, found)
  return found
}
