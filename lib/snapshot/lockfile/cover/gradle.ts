/** Gradle builds against verification metadata and dependency locks. */

import { type GradleDependency, readGradleBuild, readVersionCatalog } from '../../manifest/gradle.ts'
import { ancestorsOf, folderOf, inFolder, manifestFiles } from '../../manifest/manifest.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { UnreadableFile } from '../lockfile.ts'
import { lockAt, pathsOf, scatteredLocks } from '../read.ts'
import { byHashes, floating, type Judgement, locked, namesOf, unknown } from './judgement.ts'

const ADVICE = 'Run `./gradlew --write-verification-metadata sha256 help` and commit gradle/verification-metadata.xml.'

export function judgeGradle(repo: Snapshot): Judgement[] {
  return manifestFiles(repo, name => name === 'build.gradle' || name === 'build.gradle.kts').flatMap(file => {
    try {
      const dependencies = dependenciesOf(repo, file)
      return dependencies.length === 0 ? [] : [judge(repo, file, dependencies)]
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      return [
        { state: 'unknown', manifest: file.path, path: file.path, reason: `${error.message} (line ${error.line})` },
      ]
    }
  })
}

function dependenciesOf(repo: Snapshot, file: SourceFile): GradleDependency[] {
  const catalog = catalogOf(repo, file)
  return readGradleBuild(file.text).flatMap(dependency => {
    if (dependency.alias === null) return [dependency]
    const found = catalog?.get(dependency.alias)
    // A bundle or a library of a catalog that is not here is still a dependency; its version is not guessed.
    return [{ ...dependency, name: found?.name ?? dependency.name, version: found?.version ?? '' }]
  })
}

function catalogOf(repo: Snapshot, file: SourceFile): ReadonlyMap<string, { name: string; version: string }> | null {
  for (const folder of ancestorsOf(folderOf(file.path))) {
    const catalog = repo.files.get(inFolder(folder, 'gradle/libs.versions.toml'))
    if (catalog !== undefined) return readVersionCatalog(catalog)
  }
  return null
}

function judge(repo: Snapshot, file: SourceFile, dependencies: readonly GradleDependency[]): Judgement {
  const folder = folderOf(file.path)
  for (const ancestor of ancestorsOf(folder)) {
    const read = lockAt(repo, inFolder(ancestor, 'gradle/verification-metadata.xml'))
    if (read === null) continue
    if (!read.ok) return unknown(file, read)
    if (read.lock.entries.length > 0) return byHashes(file, read.lock, ADVICE)
  }
  const lock = ownLock(repo, folder)
  const loose = dependencies.filter(({ version }) => isDynamic(version))
  const first = loose[0]
  if (first !== undefined && lock === null) {
    return floating(
      file,
      first.line,
      `\`${file.path}\` lets the version float of ${namesOf(loose)} (${first.version}). Write one version, or lock it with \`./gradlew dependencies --write-locks\`. ${ADVICE}`,
    )
  }
  const where = lock === null ? 'fixes versions' : `is locked by \`${lock}\``
  return locked(
    file,
    dependencies[0]?.line ?? 1,
    `\`${file.path}\` ${where} without hashes: ${namesOf(dependencies)}. ${ADVICE}`,
  )
}

function ownLock(repo: Snapshot, folder: string): string | null {
  const own = inFolder(folder, 'gradle.lockfile')
  if (pathsOf(repo).has(own)) return own
  const old = `${inFolder(folder, 'gradle/dependency-locks')}/`
  return scatteredLocks(repo).find(path => path.startsWith(old) && path.endsWith('.lockfile')) ?? null
}

/** What Gradle resolves anew at each build. A variable that is not here is not guessed. */
function isDynamic(version: string): boolean {
  return /\+$/.test(version) || /^latest\./.test(version) || /-SNAPSHOT$/.test(version) || /^[[(\]].*,/.test(version)
}
