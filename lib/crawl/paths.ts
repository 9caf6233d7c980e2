/** Which files of a tree are taken: what checks read by name, within bounds. A path is untrusted and compared exactly. */

import { isAside } from '../snapshot/aside.ts'
import { isLeftOut, type LeftOutRule } from '../snapshot/left-out.ts'
import type { TreeEntry, Unread } from '../snapshot/snapshot.ts'
import type { Folder } from './source.ts'

const MAX_WORKFLOW_BYTES = 1024 * 1024
export const MAX_FILE_BYTES = 32 * 1024 * 1024
const MAX_FILES = 20_000
/** A path that git can hold but no file system of a build machine can. */
const MAX_PATH_LENGTH = 4_096

/**
 * `bound`: how many of the kind are taken; kinds that are taken by guess are bounded far below `MAX_FILES`. `asideLast`: what
 * tests and samples hold of it is not judged, so it comes last, and is not missed where it finds no room.
 */
type Kind = { name: string; bound: number; asideLast?: true; base?: RegExp; path?: RegExp }

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/

// In the order of their worth: where a bound cuts, the first kinds stay whole.
const KINDS: readonly Kind[] = [
  { name: 'workflows', bound: MAX_FILES, path: WORKFLOW },
  { name: 'actions', bound: MAX_FILES, base: /^action\.ya?ml$/ },
  {
    name: 'update and ownership files',
    bound: 1_000,
    path: /^(?:\.github\/dependabot\.ya?ml|(?:\.github\/|\.gitlab\/)?renovate\.json[c5]?|\.renovaterc(?:\.json[c5]?)?|(?:\.github\/|docs\/)?CODEOWNERS|\.gitmodules|default\.json)$/,
  },
  {
    name: 'manifests and lockfiles',
    bound: MAX_FILES,
    base: new RegExp(
      `^(?:${[
        'package\\.json|package-lock\\.json|npm-shrinkwrap\\.json|yarn\\.lock|pnpm-(?:lock|workspace)\\.yaml|bun\\.lock|bunfig\\.toml',
        '\\.npmrc|\\.yarnrc(?:\\.yml)?|\\.pnpmfile\\.cjs|deno\\.jsonc?|deno\\.lock',
        'pyproject\\.toml|[^/]*requirements[^/]*\\.(?:txt|in)|constraints[^/]*\\.txt|Pipfile(?:\\.lock)?|setup\\.(?:py|cfg)',
        '(?:uv|poetry|pdm)\\.lock|pylock[^/]*\\.toml|(?:uv|poetry)\\.toml|pip\\.conf',
        'go\\.(?:mod|sum|work|work\\.sum)|Cargo\\.(?:toml|lock)|deny\\.toml',
        'Gemfile(?:\\.lock)?|gems\\.(?:rb|locked)|[^/]+\\.gemspec|composer\\.(?:json|lock)',
        '[^/]+\\.(?:(?:cs|fs|vb)proj|slnx?)|elm\\.json|packages\\.config|Directory\\.(?:Packages|Build)\\.(?:props|targets)|packages\\.lock\\.json',
        '[Nn]u[Gg]et\\.[Cc]onfig|global\\.json',
        'pom\\.xml|lockfile\\.json|[^/]+\\.gradle(?:\\.kts)?|[^/]+\\.versions\\.toml|verification-metadata\\.xml|[^/]*\\.lockfile',
        'gradle(?:-wrapper)?\\.properties|pubspec\\.(?:yaml|lock)|mix\\.(?:exs|lock)|Package\\.(?:swift|resolved)|Podfile(?:\\.lock)?',
        '\\.terraform\\.lock\\.hcl|Chart\\.(?:yaml|lock)|flake\\.(?:nix|lock)|environment\\.ya?ml|conda-lock\\.ya?ml|MODULE\\.bazel(?:\\.lock)?',
      ].join('|')})$`,
    ),
    path: /(?:^|\/)(?:requirements\/[^/]+\.(?:txt|in)|\.mvn\/(?:[^/]+|checksums\/[^/]+)|\.cargo\/(?:config|audit)(?:\.toml)?|\.bundle\/config|vendor\/modules\.txt)$/,
  },
  {
    name: 'container files',
    bound: 5_000,
    base: /^(?:Dockerfile|Containerfile|Dockerfile\..+|Containerfile\..+|.+\.[Dd]ockerfile|(?:docker-)?compose(?:[.-].+)?\.ya?ml|\.dockerignore|\.containerignore|.+\.dockerignore|docker-bake\.(?:hcl|json))$/,
  },
  {
    name: 'tool settings',
    bound: 1_000,
    base: /^(?:\.?goreleaser[^/]*\.ya?ml|\.releaserc(?:\.(?:json|ya?ml))?|release-please-config\.json|dist-workspace\.toml|jreleaser\.ya?ml|osv-scanner\.toml|\.?trivy\.ya?ml|\.grype\.ya?ml|\.snyk|\.?audit-ci\.jsonc?|devcontainer(?:-lock)?\.json|\.devcontainer\.json|\.pre-commit-config\.yaml|(?:\.|dependency-check-)suppressions?\.xml|falco[^/]*\.ya?ml|aide\.conf)$/,
  },
  { name: 'build scripts', bound: 2_000, base: /^(?:[Mm]akefile|GNUmakefile|\.?[Jj]ustfile|.+\.(?:sh|bash|mk|just))$/ },
  { name: 'input files of pip', bound: 500, base: /^[a-z][a-z0-9_-]*\.in$/ },
  { name: 'Terraform files', bound: 2_000, base: /\.(?:tf|tofu)$/ },
  {
    name: 'Kubernetes files',
    bound: 5_000,
    asideLast: true,
    path: /(?:^|\/)(?:[\w.-]*(?:k8s|kube|kustom|helm|manifest|argo|flux|gitops|polic(?:y|ies)|overlay)[\w.-]*|deploy|deployments?|charts?|templates|bases?|infra(?:structure)?|clusters?|apps|applications|components|environments|falco|tekton|workloads|namespaces|config\/(?:manager|default|samples|install|webhook))\/(?:.+\/)?[^/]+\.ya?ml$/,
    base: /^(?:kustomization|values(?:[.-].+)?|(?:.+[._-])?(?:deploy|deployment|statefulset|daemonset|cronjob|pod|rollout|k8s|kube|kubernetes|manifests?|install|helmrelease|policy)(?:[._-].+)?|skaffold)\.ya?ml$/,
  },
]

/** What of a tree is read, what is not and why. `tree` and `wanted` are sorted as given. */
export type Picked = {
  /** Every path but those left out. */
  tree: TreeEntry[]
  /** With what is left out in each. */
  folders: Folder[]
  /** Those whose content is to be read. */
  wanted: TreeEntry[]
  leftOut: { files: number; reason: string }[]
  unread: Unread[]
}

/** Divides the tree; `rule` is the policy's word on test data and vendored code. Pure and linear. */
export function pickFiles(entries: readonly TreeEntry[], rule: LeftOutRule, told: readonly Folder[] = []): Picked {
  const tree: TreeEntry[] = []
  const leftOutIn = new Map<string, number>()
  for (const entry of entries) {
    if (!isLeftOut(entry.path, rule)) tree.push(entry)
    else {
      const folder = entry.path.slice(0, entry.path.lastIndexOf('/'))
      leftOutIn.set(folder, (leftOutIn.get(folder) ?? 0) + 1)
    }
  }
  const folders = told.map(folder => ({ ...folder, leftOut: folder.leftOut + (leftOutIn.get(folder.path) ?? 0) }))
  const untold = told.reduce((sum, { leftOut }) => sum + leftOut, 0)
  const files = entries.length - tree.length + untold
  const leftOut = files === 0 ? [] : [{ files, reason: 'test data or vendored code' }]
  const unread: Unread[] = []
  const byKind = KINDS.map((): TreeEntry[] => [])
  for (const entry of tree) {
    const kind = kindOf(entry)
    if (kind < 0) continue
    const reason = tooLarge(entry)
    if (reason !== null) unread.push({ part: partOf(entry.path), path: entry.path, reason })
    else byKind[kind]?.push(entry)
  }
  const wanted: TreeEntry[] = []
  KINDS.forEach(({ name, bound, asideLast }, index) => {
    const all = byKind[index] ?? []
    const room = Math.min(bound, MAX_FILES - wanted.length)
    const found = asideLast && all.length > room ? all.filter(({ path }) => !isAside(path)) : all
    const rest = found === all ? [] : all.filter(({ path }) => isAside(path))
    for (const entry of [...found, ...rest].slice(0, room)) wanted.push(entry)
    if (found.length <= room) return
    const part = name === 'workflows' ? 'workflows' : 'files'
    const most = room < bound ? `${MAX_FILES} files of a repository` : `${bound} of them`
    unread.push({ part, path: null, reason: `${room} of ${found.length} ${name} were read; up to ${most} are.` })
  })
  return { tree, folders, wanted, leftOut, unread }
}

/** The part of the snapshot that the path belongs to. */
export function partOf(path: string): 'workflows' | 'files' {
  return WORKFLOW.test(path) ? 'workflows' : 'files'
}

/** Why a file of this size or with this path is not read, or null. */
export function tooLarge({ path, size }: Pick<TreeEntry, 'path' | 'size'>): string | null {
  if (path.length > MAX_PATH_LENGTH)
    return `Its path is ${path.length} characters long; up to ${MAX_PATH_LENGTH} are read.`
  if (size === null) return null
  if (partOf(path) === 'workflows' && size > MAX_WORKFLOW_BYTES)
    return `It is ${megabytes(size)} MB large; a workflow is judged up to 1 MB.`
  return size > MAX_FILE_BYTES ? `It is ${megabytes(size)} MB large; a file is judged up to 32 MB.` : null
}

function megabytes(bytes: number): string {
  return (bytes / (1024 * 1024)).toFixed(1)
}

function kindOf({ path, mode }: TreeEntry): number {
  // Symlinks and submodules are recorded in the tree and never followed.
  if (mode !== '100644' && mode !== '100755') return -1
  const base = path.slice(path.lastIndexOf('/') + 1)
  // `MANIFEST.in` and `configure.in` are no pip input; the former is excluded by its capitals, the latter here.
  if (base === 'configure.in' || base === 'config.in') return -1
  return KINDS.findIndex(kind => kind.base?.test(base) === true || kind.path?.test(path) === true)
}
