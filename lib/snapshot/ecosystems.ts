/** Every (ecosystem, directory) pair of a repository that an update bot has to cover, with the file that shows the need. */
import { MANIFESTS, type ManifestRule } from './ecosystem-manifests.ts'
import type { Snapshot, TreeEntry } from './snapshot.ts'
import { isActionPath, isRegular, isWorkflowPath } from './workflow.ts'
import { folderOf } from './workspaces.ts'

/** Ecosystems by Dependabot's names. */
export type EcosystemPlace = {
  ecosystem: string
  /** With a leading slash, as Dependabot writes it; `/` is the root. */
  directory: string
  /** The file that shows the need: the nearest to the directory. */
  path: string
  /** All files that make the pair. */
  paths: string[]
}

const known = new WeakMap<Snapshot, readonly EcosystemPlace[]>()

/** In the order of ecosystem and directory. Members of a workspace make no pair of their own; they belong to its root. */
export function ecosystemsOf(repo: Snapshot): readonly EcosystemPlace[] {
  const found = known.get(repo) ?? findEcosystems(repo)
  known.set(repo, found)
  return found
}

function findEcosystems(repo: Snapshot): EcosystemPlace[] {
  const places = new Map<string, EcosystemPlace>()
  const paths = new Set(repo.tree.map(entry => entry.path))
  const add = (ecosystem: string, folder: string, path: string) => {
    const directory = `/${folder}`
    const place = places.get(`${ecosystem}\0${directory}`)
    if (place) {
      place.paths.push(path)
      if (path.split('/').length < place.path.split('/').length) place.path = path
    } else places.set(`${ecosystem}\0${directory}`, { ecosystem, directory, path, paths: [path] })
  }
  for (const entry of repo.tree) {
    if (!isRegular(entry)) continue
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
    const folder = folderOf(entry.path)
    if (isWorkflowPath(entry.path)) add('github-actions', '', entry.path)
    else if (isActionPath(entry.path)) add('github-actions', folder, entry.path)
    const context = { repo, paths, entry, name, folder }
    for (const rule of MANIFESTS) addByRule(rule, context, add)
  }
  return [...places.values()].sort((a, b) => compare(a.ecosystem, b.ecosystem) || compare(a.directory, b.directory))
}

type Context = { repo: Snapshot; paths: ReadonlySet<string>; entry: TreeEntry; name: string; folder: string }

function addByRule(
  rule: ManifestRule,
  context: Context,
  add: (ecosystem: string, folder: string, path: string) => void,
) {
  const { repo, paths, entry, name, folder } = context
  if (!rule.names.test(rule.wholePath ? entry.path : name)) return
  if (rule.counts && !rule.counts(repo, entry.path)) return
  const owner = rule.owner ? rule.owner({ repo, paths, folder, path: entry.path }) : folder
  const ecosystem =
    typeof rule.ecosystem === 'string'
      ? rule.ecosystem
      : rule.ecosystem({ repo, paths, folder: owner, path: entry.path })
  add(ecosystem, owner, entry.path)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
