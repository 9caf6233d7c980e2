/** Kustomizations that write images anew (`images:`), and which files they take in. */
import { isAside } from '../aside.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { filesWhere } from '../workflow.ts'
import { folderOf, joined, resolved } from '../workspaces.ts'
import { childOf, itemsOf, readYaml, textOf, type YamlMap, type YamlNode } from '../yaml.ts'

/** `image`: what the entry makes of the name; null where it changes the name alone. */
export type ImageOverride = { file: SourceFile; node: YamlMap; name: string; image: string | null }
export type Kustomization = { file: SourceFile; overrides: ImageOverride[]; takesIn: ReadonlySet<string> }

const MOST_FILES = 5_000

/** Those that may write images anew. */
export function kustomizationsOf(repo: Snapshot): Kustomization[] {
  const files = filesWhere(repo, path => /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path) && !isAside(path))
  return files.flatMap(file => {
    if (!file.text.includes('images')) return []
    const read = readYaml(file)
    if (!read.ok || read.root.kind !== 'map') return []
    const overrides = itemsOf(childOf(read.root, 'images')).flatMap(node => overrideFrom(file, node))
    return [{ file, overrides, takesIn: overrides.length > 0 ? filesOf(repo, file) : new Set<string>() }]
  })
}

function overrideFrom(file: SourceFile, node: YamlNode): ImageOverride[] {
  const name = textOf(childOf(node, 'name'))
  if (node.kind !== 'map' || name === undefined) return []
  const [newName, newTag, digest] = ['newName', 'newTag', 'digest'].map(key => textOf(childOf(node, key)))
  const image = digest ? `${newName ?? name}@${digest}` : newTag ? `${newName ?? name}:${newTag}` : null
  return [{ file, node, name, image }]
}

/** Every file of the repository that a kustomization leads to, through the kustomizations that it takes in. */
function filesOf(repo: Snapshot, start: SourceFile): Set<string> {
  const found = new Set<string>([start.path])
  const open = [start]
  for (let next = open.pop(); next && found.size < MOST_FILES; next = open.pop()) {
    const read = readYaml(next)
    if (!read.ok) continue
    const folder = folderOf(next.path)
    const entries = ['resources', 'bases', 'components'].flatMap(key => itemsOf(childOf(read.root, key)))
    for (const entry of entries) {
      const path = resolved(folder, textOf(entry) ?? '')
      if (path === null || path === '') continue
      const file =
        repo.files.get(path) ??
        ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
          .map(name => repo.files.get(joined(path, name)))
          .find(Boolean)
      if (!file || found.has(file.path)) continue
      found.add(file.path)
      if (/ustomization(?:\.ya?ml)?$/.test(file.path)) open.push(file)
    }
  }
  return found
}
