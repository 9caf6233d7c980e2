/** Compose files: their services with what they run, each with its place. `extends` and anchors are followed. */
import { filledIn } from '../image/reference.ts'
import type { Snapshot, SourceFile, Unread } from '../snapshot.ts'
import { filesWhere } from '../workflow.ts'
import { folderOf, resolved } from '../workspaces.ts'
import { childOf, readYaml, textOf, type YamlMap, type YamlNode, type YamlScalar } from '../yaml.ts'

/** `image`: as written; `filled`: with the defaults of its variables. `builds`: its image is built from here. */
export type ComposeService = {
  file: SourceFile
  name: string
  node: YamlMap
  image: YamlScalar | null
  filled: string | null
  unknown: string[]
  builds: boolean
  user: string | null
  readOnly: boolean
}

export function isComposePath(path: string): boolean {
  return /(?:^|\/)(?:docker-)?compose(?:[.-][^/]+)?\.ya?ml$/.test(path)
}

// Several checks ask for it, and a snapshot never changes.
const known = new WeakMap<Snapshot, { services: ComposeService[]; unread: Unread[] }>()

/** A file of that name that is no compose file has no services; a template that cannot be read is passed by. */
export function composeServicesOf(repo: Snapshot): { services: ComposeService[]; unread: Unread[] } {
  const found = known.get(repo)
  if (found) return found
  const services: ComposeService[] = []
  const unread: Unread[] = []
  for (const file of filesWhere(repo, isComposePath)) {
    const read = readYaml(file)
    if (read.ok) services.push(...servicesIn(repo, file, read.root))
    else if (!/\{\{|\{%|<%/.test(file.text))
      unread.push({ part: 'files', path: file.path, reason: `not readable as YAML: ${read.reason}` })
  }
  const made = { services, unread }
  known.set(repo, made)
  return made
}

function servicesIn(repo: Snapshot, file: SourceFile, root: YamlNode): ComposeService[] {
  const map = childOf(root, 'services')
  if (map?.kind !== 'map') return []
  return map.entries.flatMap(({ key, value: node }) => {
    if (node.kind !== 'map') return []
    const chain = extendedBy(repo, file, node)
    const first = (name: string) => chain.map(one => childOf(one, name)).find(found => found !== undefined)
    const image = childOf(node, 'image')
    const written = image?.kind === 'scalar' && image.value !== null ? image : null
    const { text, unknown } = filledIn(written?.text ?? '', () => undefined)
    return [
      {
        file,
        name: key,
        node,
        image: written,
        filled: written ? text : null,
        unknown,
        builds: first('build') !== undefined || /^(?:build|never)$/.test(textOf(first('pull_policy')) ?? ''),
        user: textOf(first('user')) ?? null,
        readOnly: textOf(first('read_only')) === 'true',
      },
    ]
  })
}

const DEEPEST = 8

/** A service and those that it extends, nearest first. */
function extendedBy(repo: Snapshot, file: SourceFile, node: YamlNode): YamlNode[] {
  const chain = [node]
  let here = file
  for (let last: YamlNode | undefined = node; last && chain.length < DEEPEST; ) {
    const extending = childOf(last, 'extends')
    const service = textOf(extending) ?? textOf(childOf(extending, 'service'))
    if (service === undefined) break
    const other = textOf(childOf(extending, 'file'))
    const path = other === undefined ? here.path : resolved(folderOf(here.path), other)
    const target = path === null ? undefined : repo.files.get(path)
    const read = target ? readYaml(target) : undefined
    if (!target || !read?.ok) break
    here = target
    last = childOf(childOf(read.root, 'services'), service)
    if (last) chain.push(last)
  }
  return chain
}
