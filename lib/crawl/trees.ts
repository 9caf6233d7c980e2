/** Trees and their files, group by group: what is known costs nothing, what is not is read, verified and saved. */
import type { TreeEntry, Unread } from '../snapshot/snapshot.ts'
import type { CrawledTree, CrawlStore, FetchedBlob } from './crawl-store.ts'
import type { LeftOutRule } from './left-out.ts'
import { inParallel } from './parallel.ts'
import { type Picked, partOf, pickFiles } from './paths.ts'
import {
  type ListedRepository,
  type ReadBlob,
  RepositoryTrouble,
  type Source,
  type SourceTree,
  type WantedBlob,
} from './source.ts'
import { decodeText } from './text.ts'

type Headed = ListedRepository & { headOid: string; treeOid: string }
type Parts = { source: Source; store: CrawlStore; leftOut: LeftOutRule }
/** `trouble`: why its tree could not be read; `partial`: what of it may be read another time, as a sentence. */
export type CrawledRepository = { repository: Headed; trouble: RepositoryTrouble | null; partial: string | null }
type NewTree = { oid: string; repository: Headed; tree: SourceTree; picked: Picked }

/** Trees of giant repositories have a hundred thousand entries: past this many a group is finished before the next is read. */
const MAX_ENTRIES = 150_000
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
    while (at < byTree.length && entries < MAX_ENTRIES) {
      const part = byTree.slice(at, at + AT_ONCE * 4)
      at += part.length
      const read = await inParallel(part, ([oid, holding]) => readTree(oid, holding, parts, troubles), AT_ONCE)
      for (const [index, tree] of read.entries()) {
        const [oid, holding = []] = part[index] ?? []
        if (tree === null || oid === undefined) continue
        const failed = new Set(troubles.map(({ repository }) => repository.id))
        holders.set(
          oid,
          holding.filter(({ id }) => !failed.has(id)),
        )
        trees.push(tree)
        entries += tree.tree.entries.length
      }
    }
    const partial = await saveTrees(trees, parts)
    const saved = trees.flatMap(({ oid }) =>
      (holders.get(oid) ?? []).map(repository => ({ repository, trouble: null, partial: partial.get(oid) ?? null })),
    )
    yield [...troubles, ...saved]
  }
}

async function readTree(
  oid: string,
  holding: readonly Headed[],
  { source, leftOut }: Parts,
  troubles: CrawledRepository[],
): Promise<NewTree | null> {
  for (const repository of holding) {
    try {
      const tree = await source.tree(repository, oid)
      return { oid, repository, tree, picked: pickFiles(tree.entries, leftOut) }
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
