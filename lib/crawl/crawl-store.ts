/** What a crawl remembers. Content is addressed by git's ids, so saving the same thing twice is harmless. */
import type { Release, ResolvedRef, Settings, TreeEntry, Unread } from '../snapshot/snapshot.ts'
import type { Folder, RepositoryOutcome, TreeBefore } from './source.ts'

/** A blob whose bytes were verified against its oid. `unread`: why its content is not here, null where it is. */
export type FetchedBlob = {
  oid: string
  size: number
  binary: boolean
  /** Decoded text (see text.ts). */
  content: string | null
  unread: string | null
}

/** A tree as crawled. `entries`: every path but those left out; `files`: those whose content was taken. */
export type CrawledTree = {
  oid: string
  entries: readonly TreeEntry[]
  folders: readonly Folder[]
  complete: boolean
  leftOut: readonly { files: number; reason: string }[]
  /** What of the tree was not read, but for blobs that say so themselves. */
  unread: readonly Unread[]
  files: readonly { path: string; mode: string; oid: string }[]
}

/** What the last crawl left behind; `headOid` and `treeOid` of the last that succeeded. */
export type KnownRepository = {
  id: bigint
  headOid: string | null
  treeOid: string | null
  outcome: string | null
  crawledAt: Date | null
}

/** One look at a repository: its tree is saved before. `unread`: of this look, not of its tree. */
export type TakenSnapshot = {
  repositoryId: bigint
  headOid: string
  treeOid: string
  takenAt: Date
  unread: readonly Unread[]
  releases: readonly Release[] | null
  settings: Settings | null
  refs: Readonly<Record<string, ResolvedRef>>
}

export type CrawlOutcome = {
  repositoryId: bigint
  name: string
  outcome: RepositoryOutcome
  reason: string | null
}

/** The port that the store implements; every write may be repeated after a crash. */
export type CrawlStore = {
  /** What is known of these; one that was never crawled may be absent. */
  knownRepositories(ids: readonly bigint[]): Promise<ReadonlyMap<bigint, KnownRepository>>
  /** Those that are stored whole, all their blobs included. */
  knownTrees(oids: readonly string[]): Promise<ReadonlySet<string>>
  /** Stored trees by oid, as many as may be held at once; one that is not stored whole is absent. */
  treesBefore(oids: readonly string[]): Promise<ReadonlyMap<string, TreeBefore>>
  knownBlobs(oids: readonly string[]): Promise<ReadonlySet<string>>
  saveBlobs(blobs: readonly FetchedBlob[]): Promise<void>
  /** Called after the blobs of `files` are saved: a tree that is known needs no further look. */
  saveTrees(trees: readonly CrawledTree[]): Promise<void>
  /** The text of the workflows and actions of stored trees, to find the actions in use. */
  actionTexts(treeOids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
  /** Refs (`owner/repo@ref`) that were asked lately; null: it does not exist. */
  knownRefs(ids: readonly string[]): Promise<ReadonlyMap<string, ResolvedRef | null>>
  saveRefs(refs: ReadonlyMap<string, ResolvedRef | null>): Promise<void>
  /** Also makes head and tree those of the repositories, of which each is here once. */
  saveSnapshots(snapshots: readonly TakenSnapshot[]): Promise<void>
  saveOutcomes(outcomes: readonly CrawlOutcome[]): Promise<void>
}
