/**
 * Trees of many repositories at once, folder by folder and only where something changed. Git's ids make it safe: a folder
 * whose id is known is known whole, and a folder that the host told in part does not have the id that was asked for.
 */
import { createHash } from 'node:crypto'
import type { FileMode, TreeEntry } from '../snapshot/snapshot.ts'
import type { Folder, SourceTree, TreeBefore, WantedTree } from './source.ts'

/** What the host tells of a folder, as git stores it; `below` of a folder where it was told along with it. */
export type ToldEntry = { name: string; mode: string; oid: string; size: number | null; below: ToldEntry[] | null }
/** In the order asked; null where it could not be told. */
export type ReadFolders = (asked: readonly { nodeId: string; oid: string }[]) => Promise<(ToldEntry[] | null)[]>

/** A folder to list, and where it stands in the tree that is put together. */
type Open = { tree: Growing; path: string; oid: string; children: Node[] }
type Node = { folder: Folder; children: Node[]; reused: boolean } | TreeEntry
type Growing = { wanted: WantedTree; known: Map<string, Folder>; root: Node[]; failed: boolean }

/** A folder so deep is made to be so, and is left to the listing by REST. */
const MOST_ROUNDS = 40

/** Trees that were told whole, by oid; the others are absent. Rounds go over all the trees given, level by level. */
export async function descend(wanted: readonly WantedTree[], read: ReadFolders): Promise<Map<string, SourceTree>> {
  const growing = wanted.map((one): Growing => {
    const known = new Map((one.before?.folders ?? []).map(folder => [folder.path, folder]))
    return { wanted: one, known, root: [], failed: false }
  })
  let open = growing.map((tree): Open => ({ tree, path: '', oid: tree.wanted.oid, children: tree.root }))
  for (let round = 0; open.length > 0; round += 1) {
    const told = await read(open.map(({ tree, oid }) => ({ nodeId: tree.wanted.repository.nodeId, oid })))
    const next: Open[] = []
    for (const [index, folder] of open.entries()) {
      const entries = told[index] ?? null
      if (entries === null || !isFolder(entries, folder.oid)) folder.tree.failed = true
      else place(folder, entries, next)
    }
    open = next.filter(({ tree }) => !tree.failed)
    if (round < MOST_ROUNDS) continue
    for (const { tree } of open) tree.failed = true
    break
  }
  return new Map(growing.flatMap(tree => (tree.failed ? [] : [[tree.wanted.oid, assembled(tree)] as const])))
}

function place({ tree, path, children }: Open, entries: readonly ToldEntry[], next: Open[]): void {
  for (const { name, mode, oid, size, below } of entries) {
    const at = path === '' ? name : `${path}/${name}`
    if (mode !== '40000') {
      children.push({ path: at, mode: modeOf(mode), oid, size })
      continue
    }
    const before = tree.known.get(at)
    const reused = before?.oid === oid
    const node = { folder: { path: at, oid, leftOut: reused ? before.leftOut : 0 }, children: [] as Node[], reused }
    children.push(node)
    if (reused) continue
    const open = { tree, path: at, oid, children: node.children }
    if (below !== null && isFolder(below, oid)) place(open, below, next)
    else next.push(open)
  }
}

function assembled({ wanted: { before }, root }: Growing): SourceTree {
  const entries: TreeEntry[] = []
  const folders: Folder[] = []
  const kept = before === null ? null : contentsOf(before)
  const walk = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (!('folder' in node)) entries.push(node)
      else {
        folders.push(node.folder)
        if (node.reused) {
          for (const entry of kept?.entries(node.folder.path) ?? []) entries.push(entry)
          for (const folder of kept?.folders(node.folder.path) ?? []) folders.push(folder)
        } else walk(node.children)
      }
    }
  }
  walk(root)
  return { entries, folders, complete: true, unread: [] }
}

/** What stands below a folder of the tree before; each list is sorted once, and a folder's part of it is found by halving. */
function contentsOf({ entries, folders }: TreeBefore) {
  const byPath = <T extends { path: string }>(items: readonly T[]) =>
    [...items].sort((a, b) => (a.path < b.path ? -1 : 1))
  const sorted = { entries: byPath(entries), folders: byPath(folders) }
  const below = <T extends { path: string }>(items: readonly T[], path: string): T[] => {
    const start = firstFrom(items, `${path}/`)
    // The sign after the slash: no path below the folder comes after it.
    return items.slice(start, firstFrom(items, `${path}0`))
  }
  return {
    entries: (path: string) => below(sorted.entries, path),
    folders: (path: string) => below(sorted.folders, path),
  }
}

function firstFrom(items: readonly { path: string }[], wanted: string): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle]?.path ?? '') < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether these are all the entries of the tree with this id: silently shortened or altered lists do not have it. */
function isFolder(entries: readonly ToldEntry[], oid: string): boolean {
  const rows = entries.map(({ name, mode, oid: id }) => {
    const key = Buffer.from(mode === '40000' ? `${name}/` : name)
    return { key, bytes: Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]) }
  })
  // Git's order: by bytes, a folder as if its name ended with a slash.
  const body = Buffer.concat(rows.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ bytes }) => bytes))
  const hash = createHash(oid.length === 64 ? 'sha256' : 'sha1').update(`tree ${body.length}\0`)
  return hash.update(body).digest('hex') === oid
}

function modeOf(mode: string): FileMode {
  return mode === '100755' || mode === '120000' || mode === '160000' ? mode : '100644'
}
