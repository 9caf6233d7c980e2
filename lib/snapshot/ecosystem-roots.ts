/** Which folder an update entry has to name: members of a workspace, a solution or a build belong to its root. */
import { plainPath } from './glob.ts'
import type { Snapshot } from './snapshot.ts'
import {
  folderOf,
  isMember,
  joined,
  jsonOf,
  nodeWorkspacesOf,
  ownerOf,
  resolved,
  stringsOf,
  type Table,
  tableOf,
  tomlOf,
} from './workspaces.ts'

/** A manifest, and what can be asked to find its root. */
export type At = { repo: Snapshot; paths: ReadonlySet<string>; folder: string; path: string }

export function nodeRoot({ repo, folder }: At): string {
  return ownerOf(folder, above => {
    const globs = nodeWorkspacesOf(repo, above)
    return globs !== null && isMember(globs, above, folder)
  })
}

/** Members of a Deno workspace are locked with its root. */
export function denoRoot({ repo, folder }: At): string {
  return ownerOf(folder, above => {
    const manifest = jsonOf(repo, joined(above, 'deno.json')) ?? jsonOf(repo, joined(above, 'deno.jsonc'))
    const { workspace } = manifest ?? {}
    const globs = stringsOf(tableOf(workspace)?.members ?? workspace)
    return globs.length > 0 && isMember(globs.map(plainPath), above, folder)
  })
}

export function uvRoot({ repo, folder, path }: At): string {
  if (!path.endsWith('pyproject.toml')) return folder
  return ownerOf(folder, above => {
    const uv = tableOf(tableOf(tomlOf(repo, joined(above, 'pyproject.toml'))?.tool)?.uv)
    const workspace = tableOf(uv?.workspace)
    if (!workspace) return false
    const out = stringsOf(workspace.exclude).map(glob => `!${glob}`)
    return isMember([...stringsOf(workspace.members), ...out], above, folder)
  })
}

/** Cargo itself refuses a package below a workspace that is neither member nor excluded; so every other one is a member. */
export function cargoRoot({ repo, paths, folder, path }: At): string {
  if (isCargoWorkspace(repo, path)) return folder
  return ownerOf(folder, above => {
    const manifest = joined(above, 'Cargo.toml')
    if (!paths.has(manifest) || !isCargoWorkspace(repo, manifest)) return false
    const workspace = tableOf(tomlOf(repo, manifest)?.workspace) as Table
    return !stringsOf(workspace.exclude).some(out => `${folder}/`.startsWith(`${resolved(above, out) ?? ''}/`))
  })
}

function isCargoWorkspace(repo: Snapshot, path: string): boolean {
  return tableOf(tomlOf(repo, path)?.workspace) !== null
}

/** A gemspec is read with the nearest Gemfile that takes gems from its own folders. */
export function gemfileRoot({ repo, paths, folder, path }: At): string {
  const hasGemfile = (at: string) => ['Gemfile', 'gems.rb'].some(name => paths.has(joined(at, name)))
  if (!path.endsWith('.gemspec') || hasGemfile(folder)) return folder
  return ownerOf(folder, above => {
    const gemfile = repo.files.get(joined(above, 'Gemfile')) ?? repo.files.get(joined(above, 'gems.rb'))
    return hasGemfile(above) && /\b(?:gemspec|path)\b/.test(gemfile?.text ?? 'gemspec')
  })
}

/** Dependabot opens the solution of a folder and every project that it lists. */
export function solutionRoot({ repo, folder, path }: At): string {
  const byFolder = solutionsOf(repo)
  if (byFolder.size === 0) return folder
  const lists = (at: string) => byFolder.get(at)?.some(projects => projects === null || projects.has(path)) === true
  return lists(folder) ? folder : ownerOf(folder, lists)
}

// Asked once per project file, and there may be thousands.
const solutions = new WeakMap<Snapshot, Map<string, (Set<string> | null)[]>>()

/** The projects that each folder's solutions list; null for a solution whose content is not known: it may list any. */
function solutionsOf(repo: Snapshot): Map<string, (Set<string> | null)[]> {
  const known = solutions.get(repo)
  if (known) return known
  const byFolder = new Map<string, (Set<string> | null)[]>()
  for (const { path } of repo.tree) {
    if (!/\.slnx?$/.test(path)) continue
    const folder = folderOf(path)
    const text = repo.files.get(path)?.text
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), text === undefined ? null : projectsIn(text, folder)])
  }
  solutions.set(repo, byFolder)
  return byFolder
}

function projectsIn(solution: string, folder: string): Set<string> {
  const names = [...solution.matchAll(/["']([^"'\n]+\.(?:cs|fs|vb)proj)["']/g)]
  return new Set(names.flatMap(([, name = '']) => resolved(folder, name) ?? []))
}

export function mavenRoot({ repo, folder }: At): string {
  let root = folder
  for (const above of ancestorsWith(repo, folder, 'pom.xml')) {
    if (modulesOf(repo, above).has(root)) root = above
  }
  return root
}

function ancestorsWith(repo: Snapshot, folder: string, name: string): string[] {
  const found: string[] = []
  for (let at = folder; at !== ''; ) {
    at = folderOf(at)
    if (repo.files.has(joined(at, name))) found.push(at)
  }
  return found
}

function modulesOf(repo: Snapshot, folder: string): Set<string> {
  const text = repo.files.get(joined(folder, 'pom.xml'))?.text ?? ''
  const modules = [...text.matchAll(/<(?:module|subproject)>\s*([^<]+?)\s*<\//g)]
  return new Set(modules.flatMap(([, name]) => (name ? (resolved(folder, name.replace(/\/pom\.xml$/, '')) ?? []) : [])))
}

/** The build is where the nearest settings file stands; a catalog in `gradle/` and `buildSrc` belong to it. */
export function gradleRoot({ paths, folder }: At): string {
  const own = folder.replace(/(?:^|\/)(?:gradle|buildSrc)$/, '')
  const isBuild = (at: string) =>
    paths.has(joined(at, 'settings.gradle')) || paths.has(joined(at, 'settings.gradle.kts'))
  return isBuild(own) ? own : ownerOf(own, isBuild)
}

export function pubRoot({ repo, folder, path }: At): string {
  if (!/^resolution:\s*workspace\b/m.test(repo.files.get(path)?.text ?? '')) return folder
  return ownerOf(folder, above => /^workspace:/m.test(repo.files.get(joined(above, 'pubspec.yaml'))?.text ?? ''))
}
