/** The table of manifests: which file names belong to which ecosystem, when one counts, and which folder it belongs to. */
import { isDockerfilePath } from './dockerfile/read.ts'
import {
  type At,
  cargoRoot,
  denoRoot,
  gemfileRoot,
  gradleRoot,
  mavenRoot,
  nodeRoot,
  pubRoot,
  solutionRoot,
  uvRoot,
} from './ecosystem-roots.ts'
import type { Snapshot } from './snapshot.ts'
import { folderOf, joined, jsonOf, tableOf, tomlOf } from './workspaces.ts'

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
  { ecosystem: 'deno', names: /^deno\.jsonc?$/, counts: says(/["']?imports["']?\s*:/), owner: denoRoot },
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
    counts: says(/^[ \t]*[A-Za-z0-9]/m),
  },
  {
    ecosystem: pythonEcosystem,
    names: /(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/,
    wholePath: true,
    counts: says(/^[ \t]*[A-Za-z0-9]/m),
    owner: ({ folder }) => folderOf(folder),
  },
  { ecosystem: 'conda', names: /^environment\.ya?ml$/, counts: says(/^dependencies\s*:/m) },
  { ecosystem: 'gomod', names: /^go\.mod$/, counts: says(/^[ \t]*require\b/m) },
  {
    ecosystem: 'cargo',
    names: /^Cargo\.toml$/,
    counts: says(/^[ \t]*\[.{0,200}dependencies\b|^[ \t]*\[workspace\]/m),
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
  {
    ecosystem: 'swift',
    names: /^Package\.swift$/,
    counts: says(/\.package\s*\(\s*(?:name:[^,]{0,200},\s*)?(?:url|id)\s*:/),
  },
  { ecosystem: 'elm', names: /^elm\.json$/ },
  { ecosystem: 'bazel', names: /^MODULE\.bazel$/, counts: says(/\bbazel_dep\s*\(/) },
  {
    ecosystem: 'docker',
    names: /^(?:Dockerfile(?:\..+)?|Containerfile(?:\..+)?|.+\.[Dd]ockerfile)$/,
    counts: (_, path) => isDockerfilePath(path),
  },
  {
    ecosystem: 'docker-compose',
    names: /^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/,
    counts: says(/^[ \t]*["']?image["']?\s*:/m),
  },
  {
    ecosystem: 'terraform',
    names: /\.(?:tf|tofu)$/,
    counts: says(
      /\brequired_providers\b|^[ \t]*module[ \t]+"[^"]{0,200}"[ \t]*\{[^}]{0,2000}?\bsource\s*=\s*"(?!\.{1,2}\/)/m,
    ),
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

function pythonCounts(repo: Snapshot, path: string): boolean {
  const text = repo.files.get(path)?.text
  if (text === undefined) return true
  if (path.endsWith('setup.py')) return /\b(?:install_requires|extras_require|tests_require)\b/.test(text)
  if (path.endsWith('setup.cfg'))
    return /^[ \t]*(?:install_requires|tests_require)\b|^\[options\.extras_require\]/m.test(text)
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

function composerCounts(repo: Snapshot, path: string): boolean {
  const manifest = jsonOf(repo, path)
  if (!manifest) return true
  return ['require', 'require-dev'].some(key =>
    Object.keys(tableOf(manifest[key]) ?? {}).some(name => name.includes('/')),
  )
}

function gradleCounts(repo: Snapshot, path: string): boolean {
  const text = repo.files.get(path)?.text
  if (text === undefined) return true
  if (path.endsWith('.toml')) return /^[ \t]*\[(?:libraries|plugins)\]/m.test(text)
  return /\b(?:dependencies|plugins|classpath)\b/.test(text)
}
