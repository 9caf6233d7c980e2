import type { GitObject, ObjectReader, ObjectType } from './cat-file.ts'

/** An entry of a tree. `mode` as git prints it with six digits; `name` is null where it is not UTF-8 (see `raw`). */
export type TreeItem = { mode: string; type: 'blob' | 'tree' | 'commit'; name: string; raw: Buffer; oid: string }
export type PlacedItem = TreeItem & { path: string; size: number | null }
export type CommitFacts = { oid: string; tree: string; parents: string[]; committedAt: Date; message: string }

function typeOfMode(mode: string): TreeItem['type'] {
  if (mode === '40000') return 'tree'
  return mode === '160000' ? 'commit' : 'blob'
}

/** The entries of a tree object, in git's order. */
export function entriesOf(tree: GitObject): TreeItem[] {
  const items: TreeItem[] = []
  const width = tree.oid.length / 2
  const { body } = tree
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(32, at)
    const end = body.indexOf(0, space)
    const mode = body.toString('latin1', at, space)
    const raw = body.subarray(space + 1, end)
    const oid = body.toString('hex', end + 1, end + 1 + width)
    items.push({ mode: mode.padStart(6, '0'), type: typeOfMode(mode), name: raw.toString('utf8'), raw, oid })
    at = end + 1 + width
  }
  return items
}

/** What stands in a commit object. */
export function commitOf(object: GitObject): CommitFacts {
  const text = object.body.toString('utf8')
  const end = text.indexOf('\n\n')
  const head = (end < 0 ? text : text.slice(0, end)).split('\n')
  const value = (key: string) => head.filter(line => line.startsWith(`${key} `)).map(line => line.slice(key.length + 1))
  const seconds = /> (-?\d+) [+-]\d{4}$/.exec(value('committer')[0] ?? '')?.[1] ?? '0'
  return {
    oid: object.oid,
    tree: value('tree')[0] ?? '',
    parents: value('parent'),
    committedAt: new Date(Number(seconds) * 1000),
    message: end < 0 ? '' : text.slice(end + 2),
  }
}

/** The objects of one repository. */
export class Objects {
  readonly #reader: ObjectReader
  readonly gitDir: string

  constructor(reader: ObjectReader, gitDir: string) {
    this.#reader = reader
    this.gitDir = gitDir
  }

  read(oid: string): Promise<GitObject | null> {
    return this.#reader.read(this.gitDir, oid)
  }

  header(oid: string): Promise<GitObject | null> {
    return this.#reader.header(this.gitDir, oid)
  }

  async readAs(oid: string, type: ObjectType): Promise<GitObject | null> {
    const object = await this.read(oid)
    return object?.type === type ? object : null
  }

  /** Follows tags to a commit; null where the id leads to none. */
  async commit(oid: string): Promise<CommitFacts | null> {
    const object = await this.read(oid)
    if (object?.type === 'commit') return commitOf(object)
    const target = object?.type === 'tag' ? /^object ([0-9a-f]+)$/m.exec(object.body.toString('utf8'))?.[1] : undefined
    return target === undefined ? null : this.commit(target)
  }

  /** The tree that a tree, commit or tag id stands for. */
  async tree(oid: string): Promise<GitObject | null> {
    const object = await this.read(oid)
    if (object === null || object.type === 'tree') return object
    if (object.type === 'blob') return null
    const commit = await this.commit(oid)
    return commit === null ? null : this.readAs(commit.tree, 'tree')
  }

  /** The id of what stands at `path` below a tree; the tree's own for an empty path. */
  async at(tree: GitObject, path: string): Promise<string | null> {
    let current: GitObject | null = tree
    let oid = tree.oid
    for (const part of path.split('/').filter(name => name !== '')) {
      const item: TreeItem | undefined = current === null ? undefined : entriesOf(current).find(e => e.name === part)
      if (item === undefined) return null
      oid = item.oid
      current = item.type === 'tree' ? await this.readAs(item.oid, 'tree') : null
    }
    return oid
  }

  /** Every entry below a tree with its path and the sizes of blobs, depth first like the real API; stops after `limit`. */
  async walk(root: GitObject, limit: number): Promise<PlacedItem[]> {
    const placed: PlacedItem[] = []
    const descend = async (tree: GitObject, prefix: string): Promise<void> => {
      const items = entriesOf(tree)
      const below = items.map(item => (item.type === 'tree' ? this.readAs(item.oid, 'tree') : null))
      for (const [index, item] of items.entries()) {
        if (placed.length > limit) return
        placed.push({ ...item, path: prefix + item.name, size: null })
        const subtree = await below[index]
        if (subtree) await descend(subtree, `${prefix}${item.name}/`)
      }
    }
    await descend(root, '')
    await this.#measure(placed)
    return placed
  }

  /** One directory with sizes. */
  async list(root: GitObject): Promise<PlacedItem[]> {
    const placed = entriesOf(root).map(item => ({ ...item, path: item.name, size: null as number | null }))
    await this.#measure(placed)
    return placed
  }

  async #measure(items: PlacedItem[]): Promise<void> {
    const blobs = items.filter(item => item.type === 'blob')
    const headers = await Promise.all(blobs.map(item => this.header(item.oid)))
    for (const [index, item] of blobs.entries()) item.size = headers[index]?.size ?? null
  }
}
