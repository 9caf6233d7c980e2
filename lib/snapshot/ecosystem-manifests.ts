/** The table of manifests: which file names belong to which ecosystem, when one counts, and which folder it belongs to. */
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

type At = { repo: Snapshot; paths: ReadonlySet<string>; folder: string; path: string }

export type ManifestRule = {
  ecosystem: string | ((at: At) => string)
  /** Tested against the file's name, or its whole path. */
  names: RegExp
  wholePath?: true
  /** False where the file declares nothing from elsewhere. A file whose content is not known counts. */
  counts?: (repo: Snapshot, path: string) => boolean
  /** The folder that an update entry has to name. */
  owner?: (at: At) => string
}

export const MANIFESTS: readonly ManifestRule[] = [
  { ecosystem: nodeEcosystem, names: /^package\.json$/, counts: packageJsonCounts, owner: nodeRoot },
  { ecosystem: 'deno', names: /^deno\.jsonc?$/, counts: says(/["']?imports["']?\s*:/) },
  {
    ecosystem: pythonEcosystem,
    names: /^(?:pyproject\.toml|Pipfile|setup\.py|setup\.cfg)$/,
    counts: pythonCounts,
    owner: uvRoot,
  },
  {
    ecosystem: pythonEcosystem,
    names: /(?:^|(?<!(?:^|\/)requirements)\/)[\w.-]*requirements[\w.-]*\.(?:txt|in)$/,
    wholePath: true,
    counts: says(/^\s*[A-Za-z0-9]/m),
  },
  {
    ecosystem: pythonEcosystem,
    names: /(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/,
    wholePath: true,
    counts: says(/^\s*[A-Za-z0-9]/m),
    owner: ({ folder }) => folderOf(folder),
  },
  { ecosystem: 'conda', names: /^environment\.ya?ml$/, counts: says(/^dependencies\s*:/m) },
  { ecosystem: 'gomod', names: /^go\.mod$/, counts: says(/^\s*require\b/m) },
  {
    ecosystem: 'cargo',
    names: /^Cargo\.toml$/,
    counts: says(/^\s*\[.*dependencies\b|^\s*\[workspace\]/m),
    owner: cargoRoot,
  },
  {
    ecosystem: 'bundler',
    names: /^(?:Gemfile|gems\.rb|.+\.gemspec)$/,
    counts: says(/\b(?:gem|gemspec|add_(?:\w+_)?dependency)\b/),
    owner: gemfileRoot,
  },
  { ecosystem: 'composer', names: /^composer\.json$/, counts: composerCounts },
  { ecosystem: 'nuget', names: /\.(?:cs|fs|vb)proj$/, counts: says(/<PackageReference\b/), owner: solutionRoot },
  { ecosystem: 'nuget', names: /^packages\.config$/, counts: says(/<package\b/), owner: solutionRoot },
  {
    ecosystem: 'maven',
    names: /^pom\.xml$/,
    counts: says(/<(?:dependency|plugin|parent|modules?|extension)>/),
    owner: mavenRoot,
  },
  {
    ecosystem: 'gradle',
    names: /^(?:build\.gradle(?:\.kts)?|libs\.versions\.toml)$/,
    counts: gradleCounts,
    owner: gradleRoot,
  },
  { ecosystem: 'pub', names: /^pubspec\.yaml$/, counts: says(/^(?:dev_)?dependencies\s*:/m), owner: pubRoot },
  { ecosystem: 'mix', names: /^mix\.exs$/, counts: says(/\bdeps\b/) },
  { ecosystem: 'swift', names: /^Package\.swift$/, counts: says(/\.package\s*\(\s*(?:name:[^,]*,\s*)?(?:url|id)\s*:/) },
  { ecosystem: 'elm', names: /^elm\.json$/ },
  { ecosystem: 'bazel', names: /^MODULE\.bazel$/, counts: says(/\bbazel_dep\s*\(/) },
  {
    ecosystem: 'docker',
    names: /^(?:Dockerfile(?:\..+)?|Containerfile(?:\..+)?|.+\.[Dd]ockerfile)$/,
    counts: (_, path) => !/\.(?:dockerignore|md|sh|py)$/.test(path),
  },
  {
    ecosystem: 'docker-compose',
    names: /^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/,
    counts: says(/^\s*["']?image["']?\s*:/m),
  },
  {
    ecosystem: 'terraform',
    names: /\.(?:tf|tofu)$/,
    counts: says(/\brequired_providers\b|^\s*module\s+"[^"]*"\s*\{[^}]*?\bsource\s*=\s*"(?!\.{1,2}\/)/m),
  },
  { ecosystem: 'helm', names: /^Chart\.yaml$/, counts: says(/^dependencies\s*:\s*(?:#.*)?$(?!\s*\[\s*\])/m) },
  { ecosystem: 'gitsubmodule', names: /^\.gitmodules$/, wholePath: true, counts: says(/\[submodule\b/) },
  {
    ecosystem: 'devcontainers',
    names: /(?:^|\/)(?:\.devcontainer\.json|\.devcontainer\/(?:[^/]+\/)?devcontainer\.json)$/,
    wholePath: true,
    counts: says(/["']features["']\s*:\s*\{\s*["'/]/),
    owner: ({ path }) => path.replace(/(?:^|\/)\.devcontainer(?:\.json|\/.*)$/, ''),
  },
]

/** Counts where the text shows it, or where there is no text to tell. */
function says(what: RegExp): (repo: Snapshot, path: string) => boolean {
  return (repo, path) => {
    const text = repo.files.get(path)?.text
    return text === undefined || what.test(text)
  }
}

function nodeEcosystem({ paths, folder }: At): string {
  return paths.has(joined(folder, 'bun.lock')) || paths.has(joined(folder, 'bun.lockb')) ? 'bun' : 'npm'
}

function packageJsonCounts(repo: Snapshot, path: string): boolean {
  const manifest = jsonOf(repo, path)
  if (!manifest) return true
  return ['dependencies', 'devDependencies', 'optionalDependencies'].some(key => {
    return Object.values(tableOf(manifest[key]) ?? {}).some(
      range => !/^(?:workspace|file|link|portal):/.test(String(range)),
    )
  })
}

function nodeRoot({ repo, folder }: At): string {
  return ownerOf(folder, above => {
    const globs = nodeWorkspacesOf(repo, above)
    return globs !== null && isMember(globs, above, folder)
  })
}

function pythonCounts(repo: Snapshot, path: string): boolean {
  const text = repo.files.get(path)?.text
  if (text === undefined) return true
  if (path.endsWith('setup.py')) return /\b(?:install_requires|extras_require|tests_require)\b/.test(text)
  if (path.endsWith('setup.cfg'))
    return /^\s*(?:install_requires|tests_require)\b|^\[options\.extras_require\]/m.test(text)
  const table = tomlOf(repo, path)
  if (!table) return true
  if (path.endsWith('Pipfile')) return ['packages', 'dev-packages'].some(key => hasAny(table[key]))
  const project = tableOf(table.project)
  const tool = tableOf(table.tool)
  const poetry = tableOf(tool?.poetry)
  const poetryTables = [poetry?.dependencies, poetry?.['dev-dependencies']].map(withoutPython)
  const groups = Object.values(tableOf(poetry?.group) ?? {}).map(group => tableOf(group)?.dependencies)
  const pdm = tableOf(tool?.pdm)?.['dev-dependencies']
  const uv = tableOf(tool?.uv)?.['dev-dependencies']
  const all = [
    project?.dependencies,
    project?.['optional-dependencies'],
    table['dependency-groups'],
    pdm,
    uv,
    ...poetryTables,
    ...groups,
  ]
  return all.some(hasAny)
}

function withoutPython(value: unknown): unknown {
  const { python: _, ...rest } = tableOf(value) ?? {}
  return rest
}

function hasAny(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return Object.values(tableOf(value) ?? {}).some(inner => !Array.isArray(inner) || inner.length > 0)
}

function pythonEcosystem({ paths, folder }: At): string {
  return paths.has(joined(folder, 'uv.lock')) ? 'uv' : 'pip'
}

function uvRoot({ repo, folder, path }: At): string {
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
function cargoRoot({ repo, paths, folder, path }: At): string {
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
function gemfileRoot({ repo, paths, folder, path }: At): string {
  const hasGemfile = (at: string) => ['Gemfile', 'gems.rb'].some(name => paths.has(joined(at, name)))
  if (!path.endsWith('.gemspec') || hasGemfile(folder)) return folder
  return ownerOf(folder, above => {
    const gemfile = repo.files.get(joined(above, 'Gemfile')) ?? repo.files.get(joined(above, 'gems.rb'))
    return hasGemfile(above) && /\b(?:gemspec|path)\b/.test(gemfile?.text ?? 'gemspec')
  })
}

function composerCounts(repo: Snapshot, path: string): boolean {
  const manifest = jsonOf(repo, path)
  if (!manifest) return true
  return ['require', 'require-dev'].some(key =>
    Object.keys(tableOf(manifest[key]) ?? {}).some(name => name.includes('/')),
  )
}

/** Dependabot opens the solution of a folder and every project that it lists. */
function solutionRoot({ repo, folder, path }: At): string {
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

function mavenRoot({ repo, folder }: At): string {
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

function gradleCounts(repo: Snapshot, path: string): boolean {
  const text = repo.files.get(path)?.text
  if (text === undefined) return true
  if (path.endsWith('.toml')) return /^\s*\[(?:libraries|plugins)\]/m.test(text)
  return /\b(?:dependencies|plugins|classpath)\b/.test(text)
}

/** The build is where the nearest settings file stands; a catalog in `gradle/` and `buildSrc` belong to it. */
function gradleRoot({ paths, folder }: At): string {
  const own = folder.replace(/(?:^|\/)(?:gradle|buildSrc)$/, '')
  const isBuild = (at: string) =>
    paths.has(joined(at, 'settings.gradle')) || paths.has(joined(at, 'settings.gradle.kts'))
  return isBuild(own) ? own : ownerOf(own, isBuild)
}

function pubRoot({ repo, folder, path }: At): string {
  if (!/^resolution:\s*workspace\b/m.test(repo.files.get(path)?.text ?? '')) return folder
  return ownerOf(folder, above => /^workspace:/m.test(repo.files.get(joined(above, 'pubspec.yaml'))?.text ?? ''))
}
