/** Trees and their files, group by group: what is known costs nothing, what is not is read, verified and saved. */

import type { LeftOutRule } from '../snapshot/left-out.ts'
import type { TreeEntry, Unread } from '../snapshot/snapshot.ts'
import type { CrawledTree, CrawlStore, FetchedBlob } from './crawl-store.ts'
import { inParallel } from './parallel.ts'
import { type Picked, partOf, pickFiles } from './paths.ts'
import {
  type ListedRepository,
  type ReadBlob,
  RepositoryTrouble,
  type Source,
  type SourceTree,
  type TreeBefore,
  type WantedBlob,
  type WantedTree,
} from './source.ts'
import { decodeText } from './text.ts'

type Headed = ListedRepository & { headOid: string; treeOid: string }
/** `before`: the tree that each repository had when it was last crawled. */
type Parts = { source: Source; store: CrawlStore; leftOut: LeftOutRule; before: ReadonlyMap<bigint, string> }
/** `trouble`: why its tree could not be read; `partial`: what of it may be read another time, as a sentence. */
export type CrawledRepository = { repository: Headed; trouble: RepositoryTrouble | null; partial: string | null }
type NewTree = { oid: string; repository: Headed; tree: SourceTree; picked: Picked }

/** Trees of giant repositories have a hundred thousand entries: past this many a group is finished before the next is read. */
const MAX_ENTRIES = 150_000
const MOST_TREES = 100
const AT_ONCE = 6

/** Reads and saves the trees of these repositories; gives them in groups, each once, whole groups saved. */
export async function* crawlTrees(repositories: readonly Headed[], parts: Parts): AsyncGenerator<CrawledRepository[]> {
  const known = new Set(await parts.store.knownTrees([...new Set(repositories.map(({ treeOid }) => treeOid))]))
  const stored = repositories.filter(({ treeOid }) => known.has(treeOid))
  if (stored.length > 0) yield stored.map(repository => ({ repository, trouble: null, partial: null }))
  // Forks and copies share a tree: it is read in the first of them that lets it be read.
  const byTree = [
    ...Map.groupBy(
      repositories.filter(({ treeOid }) => !known.has(treeOid)),
      ({ treeOid }) => treeOid,
    ),
  ]
  for (let at = 0; at < byTree.length; ) {
    const troubles: CrawledRepository[] = []
    const trees: NewTree[] = []
    const holders = new Map<string, Headed[]>()
    let entries = 0
    const take = (oid: string, holding: readonly Headed[], repository: Headed, tree: SourceTree) => {
      const failed = new Set(troubles.map(({ repository: { id } }) => id))
      holders.set(
        oid,
        holding.filter(({ id }) => !failed.has(id)),
      )
      trees.push({ oid, repository, tree, picked: pickFiles(tree.entries, parts.leftOut, tree.folders) })
      entries += tree.entries.length
    }
    while (at < byTree.length && entries < MAX_ENTRIES) {
      const part = byTree.slice(at, at + MOST_TREES)
      at += part.length
      const together = await parts.source.trees(await wantedOf(part, parts))
      for (const [oid, holding] of part) {
        const [first] = holding
        const tree = together.get(oid)
        if (tree !== undefined && first !== undefined) take(oid, holding, first, tree)
      }
      const alone = part.filter(([oid]) => !together.has(oid))
      const left = await inParallel(
        alone,
        async one => {
          // What is held is bounded: the rest waits until this is saved.
          if (entries > MAX_ENTRIES) return one
          const [oid, holding] = one
          const read = await readTree(oid, holding, parts, troubles)
          if (read !== null) take(oid, holding, read.repository, read.tree)
          return null
        },
        AT_ONCE,
      )
      byTree.push(...left.filter(one => one !== null))
    }
    const partial = await saveTrees(trees, parts)
    const saved = trees.flatMap(({ oid }) =>
      (holders.get(oid) ?? []).map(repository => ({ repository, trouble: null, partial: partial.get(oid) ?? null })),
    )
    yield [...troubles, ...saved]
  }
}

/** The first holder of each tree, with what stood there before. */
async function wantedOf(part: readonly [string, Headed[]][], { store, before }: Parts): Promise<WantedTree[]> {
  const oids = part.flatMap(([, [first]]) => (first === undefined ? [] : (before.get(first.id) ?? [])))
  const trees = oids.length === 0 ? new Map<string, TreeBefore>() : await store.treesBefore([...new Set(oids)])
  return part.flatMap(([oid, [repository]]) => {
    if (repository === undefined) return []
    return [{ repository, oid, before: trees.get(before.get(repository.id) ?? '') ?? null }]
  })
}

async function readTree(
  oid: string,
  holding: readonly Headed[],
  { source }: Parts,
  troubles: CrawledRepository[],
): Promise<{ repository: Headed; tree: SourceTree } | null> {
  for (const repository of holding) {
    try {
      return { repository, tree: await source.tree(repository, oid) }
    } catch (error) {
      if (!(error instanceof RepositoryTrouble)) throw error
      troubles.push({ repository, trouble: error, partial: null })
    }
  }
  return null
}

/** Saves blobs, then trees; gives for each tree that is worth another look the sentence that says why. */
async function saveTrees(trees: readonly NewTree[], { source, store }: Parts): Promise<Map<string, string>> {
  const wanted = new Map<string, WantedBlob>()
  for (const { repository, picked } of trees) {
    for (const { oid, path, size } of picked.wanted) {
      if (!wanted.has(oid)) wanted.set(oid, { repository, oid, path, size })
    }
  }
  const known = await store.knownBlobs([...wanted.keys()])
  const failed = new Map<string, string>()
  for await (const read of source.blobs([...wanted.values()].filter(({ oid }) => !known.has(oid)))) {
    const blobs = read.flatMap(one => fetched(one) ?? [])
    if (blobs.length > 0) await store.saveBlobs(blobs)
    for (const { wanted: one, bytes, reason } of read)
      if (bytes === null) failed.set(one.oid, reason ?? 'It could not be read.')
  }
  const partial = new Map<string, string>()
  const crawled: CrawledTree[] = []
  for (const { oid, tree, picked } of trees) {
    const lost = picked.wanted.filter(entry => failed.has(entry.oid))
    const unreadFiles = lost.map(entry => unreadOf(entry, failed.get(entry.oid) ?? ''))
    crawled.push({
      oid,
      entries: picked.tree,
      folders: picked.folders,
      complete: tree.complete,
      leftOut: picked.leftOut,
      unread: [...tree.unread, ...picked.unread, ...unreadFiles],
      files: picked.wanted
        .filter(entry => !failed.has(entry.oid))
        .map(({ path, mode, oid: blob }) => ({ path, mode, oid: blob })),
    })
    const reason = tree.unread[0] ?? unreadFiles[0]
    if (reason === undefined) continue
    const more = tree.unread.length + unreadFiles.length - 1
    const where = reason.path === null ? '' : `${reason.path}: `
    partial.set(oid, `${where}${reason.reason}${more > 0 ? ` And ${more} more.` : ''}`)
  }
  if (crawled.length > 0) await store.saveTrees(crawled)
  return partial
}

function unreadOf({ path }: TreeEntry, reason: string): Unread {
  return { part: partOf(path), path, reason }
}

function fetched({ wanted, bytes }: ReadBlob): FetchedBlob | null {
  if (bytes === null) return null
  const { text, unread } = decodeText(bytes)
  return { oid: wanted.oid, size: bytes.byteLength, binary: text === null, content: text, unread }
}
