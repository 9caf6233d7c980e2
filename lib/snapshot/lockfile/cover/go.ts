/** go.mod against go.sum (and go.work.sum). */

import { type GoMod, readGoMod } from '../../manifest/go-mod.ts'
import { ancestorsOf, type Dependency, folderOf, inFolder, manifestFiles } from '../../manifest/manifest.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { lockAt } from '../read.ts'
import { type Asked, type Judgement, stale, unknown, unlocked } from './judgement.ts'

/** What Go writes for a module that it only ever takes from a folder, by `replace` in go.mod or go.work. */
const NO_VERSION = 'v0.0.0-00010101000000-000000000000'
const ADVICE = 'Run `go mod tidy` and commit go.sum.'

export function judgeGo(repo: Snapshot): Judgement[] {
  const modules = manifestFiles(repo, name => name === 'go.mod').map(file => ({ file, mod: readGoMod(file.text) }))
  const own = new Set(modules.map(({ mod }) => mod.module))
  return modules.flatMap(({ file, mod }) => {
    const dependencies = requiredOf(mod, own)
    return dependencies.length === 0 ? [] : [judge(repo, { file, dependencies, advice: ADVICE })]
  })
}

/** What `replace` sends to another module is asked for there; what it sends to a folder needs no hash. */
function requiredOf(mod: GoMod, own: ReadonlySet<string>): Dependency[] {
  return mod.requires.flatMap(({ name, version, line }): Dependency[] => {
    const target = mod.replaces.get(`${name}@${version}`) ?? mod.replaces.get(name)
    if (target === 'local' || (target === undefined && (own.has(name) || version === NO_VERSION))) return []
    const [replacedBy, replacedVersion] = target === undefined ? [name, version] : [target.name, target.version]
    return [{ name: replacedBy, constraint: replacedVersion, line, source: 'registry', optional: false }]
  })
}

function judge(repo: Snapshot, asked: Asked): Judgement {
  const folder = folderOf(asked.file.path)
  const covered = new Set<string>()
  const paths = [inFolder(folder, 'go.sum'), ...ancestorsOf(folder).map(ancestor => inFolder(ancestor, 'go.work.sum'))]
  let any = false
  for (const path of paths) {
    const read = lockAt(repo, path)
    if (read === null) continue
    if (!read.ok) return unknown(asked.file, read)
    any = any || path.endsWith('go.sum')
    for (const { name, version } of read.lock.entries) covered.add(`${name} ${version}`)
    // Modules that no package is built from have the hash of their go.mod only.
    for (const key of read.lock.importers?.get('go.mod')?.keys() ?? []) covered.add(key)
  }
  if (!any) return unlocked(asked)
  const absent = asked.dependencies.find(({ name, constraint }) => !covered.has(`${name} ${constraint}`))
  if (absent !== undefined) return stale(asked, absent, inFolder(folder, 'go.sum'), 'is absent from it')
  return hashedBy(asked.file)
}

function hashedBy(file: SourceFile): Judgement {
  return { state: 'hashed', manifest: file.path }
}
