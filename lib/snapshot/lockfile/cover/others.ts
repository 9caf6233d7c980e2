/** The ecosystems whose lock stands beside the manifest, or above it for members. */
import {
  ancestorsOf,
  type Dependency,
  folderOf,
  inFolder,
  joinPath,
  manifestFiles,
  thirdParty,
} from '../../manifest/manifest.ts'
import {
  moduleFolders,
  readChart,
  readCondaEnvironment,
  readDenoJson,
  readFlake,
  readMixExs,
  readModuleBazel,
  readPackageSwift,
  readPodfile,
  readPubspec,
  readTerraform,
} from '../../manifest/others.ts'
import type { Snapshot, SourceFile } from '../../snapshot.ts'
import { type Lockfile, UnreadableFile } from '../lockfile.ts'
import { lockAt, pathsOf } from '../read.ts'
import { type Asked, byLock, type Judgement, unknown, unlocked, versionsOf } from './judgement.ts'

type Kind = {
  fits(name: string): boolean
  read(text: string): readonly Dependency[]
  lock: readonly string[]
  /** Whether a lock in a folder above counts, as it does for members of a workspace. */
  above?: (repo: Snapshot, file: SourceFile, ancestor: string) => boolean
  /** Locks that a tool keeps elsewhere in the tree; one counts where it has all that the manifest asks for. */
  elsewhere?: RegExp
  /** The name under which a lock has a dependency. */
  key?: (name: string) => string
  advice: string
}

const last = (name: string): string => name.toLowerCase().replace(/^.*\//, '')

const KINDS: readonly Kind[] = [
  {
    fits: name => name === 'pubspec.yaml',
    read: readPubspec,
    lock: ['pubspec.lock'],
    above: (_, file) => /^resolution:\s*workspace/m.test(file.text),
    advice: 'Run `dart pub get` and commit pubspec.lock.',
  },
  {
    fits: name => name === 'mix.exs',
    read: readMixExs,
    lock: ['mix.lock'],
    above: (_, file) => /\block_?file:/.test(file.text),
    advice: 'Run `mix deps.get` and commit mix.lock.',
  },
  {
    fits: name => /^Package(?:@swift-[\d.]+)?\.swift$/.test(name),
    read: readPackageSwift,
    lock: ['Package.resolved'],
    // Xcode resolves a project and its local packages together.
    elsewhere: /\.(?:xcodeproj\/project\.xcworkspace|xcworkspace)\/xcshareddata\/swiftpm\/Package\.resolved$/,
    key: last,
    advice: 'Run `swift package resolve` and commit Package.resolved.',
  },
  {
    fits: name => name === 'Podfile',
    read: readPodfile,
    lock: ['Podfile.lock'],
    advice:
      'Run `pod install` and commit Podfile.lock; a commit (`:git`, `:commit`) is the only strong hash that CocoaPods knows.',
  },
  {
    fits: name => name === 'Chart.yaml',
    read: readChart,
    lock: ['Chart.lock', 'requirements.lock'],
    advice:
      'Run `helm dependency update`, commit Chart.lock and the archives in charts/, since the lock itself holds no hash of what is fetched.',
  },
  {
    fits: name => name === 'flake.nix',
    read: readFlake,
    lock: ['flake.lock'],
    advice: 'Run `nix flake lock` and commit flake.lock.',
  },
  {
    fits: name => /^environment\.ya?ml$/.test(name),
    read: readCondaEnvironment,
    lock: ['conda-lock.yml', 'environment.conda-lock.yml'],
    advice: 'Run `conda-lock` and commit conda-lock.yml.',
  },
  {
    fits: name => name === 'MODULE.bazel',
    read: readModuleBazel,
    lock: ['MODULE.bazel.lock'],
    advice: 'Run `bazel mod deps --lockfile_mode=update` and commit MODULE.bazel.lock.',
  },
  {
    fits: name => name === 'deno.json' || name === 'deno.jsonc',
    read: text => readDenoJson(text).dependencies,
    lock: ['deno.lock'],
    above: isDenoMember,
    advice: 'Run `deno install` and commit deno.lock.',
  },
]

export function judgeOthers(repo: Snapshot): Judgement[] {
  return [
    ...KINDS.flatMap(kind => manifestFiles(repo, kind.fits).flatMap(file => judgeKind(repo, kind, file))),
    ...judgeTerraform(repo),
  ]
}

function judgeKind(repo: Snapshot, kind: Kind, file: SourceFile): Judgement[] {
  try {
    const dependencies = thirdParty(kind.read(file.text)).filter(
      ({ name }) => !denoNames(repo).has(name) || !kind.fits('deno.json'),
    )
    return dependencies.length === 0 ? [] : [judge(repo, kind, { file, dependencies, advice: kind.advice })]
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    return [{ state: 'unknown', manifest: file.path, path: file.path, reason: `${error.message} (line ${error.line})` }]
  }
}

const namesOfRepo = new WeakMap<Snapshot, ReadonlySet<string>>()

/** Deno takes a workspace member in place of the package of that name. */
function denoNames(repo: Snapshot): ReadonlySet<string> {
  const known = namesOfRepo.get(repo)
  if (known) return known
  const names = manifestFiles(repo, name => name === 'deno.json' || name === 'deno.jsonc').map(denoNameOf)
  const found = new Set(names.filter(Boolean))
  namesOfRepo.set(repo, found)
  return found
}

function denoNameOf(file: SourceFile): string {
  try {
    return readDenoJson(file.text).name
  } catch (error) {
    // The damaged file is told where it is judged itself.
    if (error instanceof UnreadableFile) return ''
    throw error
  }
}

function judge(repo: Snapshot, kind: Kind, asked: Asked): Judgement {
  const folder = folderOf(asked.file.path)
  for (const ancestor of ancestorsOf(folder)) {
    if (ancestor !== folder && !kind.above?.(repo, asked.file, ancestor)) continue
    for (const name of kind.lock) {
      const read = lockAt(repo, inFolder(ancestor, name))
      if (read === null) continue
      return read.ok ? byOther(repo, kind, asked, read.lock) : unknown(asked.file, read)
    }
  }
  const paths = kind.elsewhere === undefined ? [] : [...pathsOf(repo)].filter(path => kind.elsewhere?.test(path))
  const others = paths
    .map(path => lockAt(repo, path))
    .flatMap(read => (read?.ok ? [byOther(repo, kind, asked, read.lock)] : []))
  return others.find(({ state }) => state === 'hashed' || state === 'locked') ?? unlocked(asked)
}

function byOther(repo: Snapshot, { key = name => name, advice }: Kind, asked: Asked, lock: Lockfile): Judgement {
  const folder = folderOf(asked.file.path)
  const versions = versionsOf(lock, key)
  const direct = new Set([...(lock.importers?.values() ?? [])].flatMap(importer => [...importer.keys()]).map(key))
  const committed = (name: string) =>
    (versions.get(name) ?? []).some(version => pathsOf(repo).has(inFolder(folder, `charts/${name}-${version}.tgz`)))
  if (lock.ecosystem === 'helm' && asked.dependencies.every(({ name }) => committed(name)))
    return { state: 'hashed', manifest: asked.file.path }
  // Bazel's lock does not list a dependency that the registry has under another version of the protocol.
  const sure = lock.ecosystem !== 'bazel' && lock.ecosystem !== 'conda'
  return byLock(
    asked,
    lock,
    ({ name, source }) =>
      versions.has(key(name)) || direct.has(key(name)) || !sure || source === 'url' ? null : 'is absent from it',
    advice,
  )
}

function isDenoMember(repo: Snapshot, file: SourceFile, ancestor: string): boolean {
  const root = repo.files.get(inFolder(ancestor, 'deno.json')) ?? repo.files.get(inFolder(ancestor, 'deno.jsonc'))
  if (root === undefined) return false
  try {
    const folder = folderOf(file.path)
    return readDenoJson(root.text).members.some(member => {
      const wild = member.endsWith('/*')
      const base = joinPath(ancestor, wild ? member.slice(0, -2) : member)
      return wild ? folderOf(folder) === base : folder === base
    })
  } catch (error) {
    if (error instanceof UnreadableFile) return false
    throw error
  }
}

const TERRAFORM_ADVICE =
  'Run `terraform init` (and `terraform providers lock` for your platforms) and commit .terraform.lock.hcl.'

/** One manifest a folder, at the file that requires the providers; a module is covered by a configuration that calls it. */
function judgeTerraform(repo: Snapshot): Judgement[] {
  const files = manifestFiles(repo, name => name.endsWith('.tf'))
  const callers = new Map<string, string[]>()
  for (const file of files) {
    for (const called of moduleFolders(file.text)) {
      const folder = joinPath(folderOf(file.path), called)
      if (folder !== null) callers.set(folder, [...(callers.get(folder) ?? []), folderOf(file.path)])
    }
  }
  const seen = new Set<string>()
  return files.flatMap(file => {
    const dependencies = readTerraform(file.text)
    const folder = folderOf(file.path)
    if (dependencies.length === 0 || seen.has(folder)) return []
    seen.add(folder)
    return [judgeProviders(repo, { file, dependencies, advice: TERRAFORM_ADVICE }, callers)]
  })
}

function judgeProviders(repo: Snapshot, asked: Asked, callers: ReadonlyMap<string, string[]>): Judgement {
  const seen = new Set<string>()
  const queue = [folderOf(asked.file.path)]
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    if (seen.has(folder)) continue
    seen.add(folder)
    const read = lockAt(repo, inFolder(folder, '.terraform.lock.hcl'))
    if (read !== null && !read.ok) return unknown(asked.file, read)
    if (read !== null) {
      // Addresses of providers know no case; Terraform writes them small.
      const versions = versionsOf(read.lock, name => name.toLowerCase())
      return byLock(
        asked,
        read.lock,
        ({ name }) => (versions.has(name.toLowerCase()) ? null : 'is absent from it'),
        TERRAFORM_ADVICE,
      )
    }
    queue.push(...(callers.get(folder) ?? []))
  }
  return unlocked(asked)
}
