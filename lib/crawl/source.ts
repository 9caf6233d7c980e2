/** Where a crawl reads from. The port is what the pipeline needs and no more, so that it can be tested without a network. */
import type { Release, ResolvedRef, TreeEntry, Unread } from '../snapshot/snapshot.ts'
import type { PropertiesTold } from './properties.ts'
import type { ProtectionTold, ToldSettings } from './settings.ts'

/** A repository as a listing tells it. `id` is the host's own; the name is an attribute that may change. */
export type ListedRepository = {
  id: bigint
  nodeId: string
  name: string
  visibility: string
  archived: boolean
  fork: boolean
  empty: boolean
  defaultBranch: string | null
  pushedAt: Date | null
  /** Null where this listing does not tell them: that of everything, whose settings do. */
  topics: readonly string[] | null
  primaryLanguage: string | null
  /** Both null where the repository is empty. */
  headOid: string | null
  treeOid: string | null
  /** Whether it has a published release; releases are asked for only then. */
  released: boolean
  /** Told by a listing of everything. */
  protection?: ProtectionTold | null
}

/** What the token may ask: `denied` where rights are missing, `absent` where the host has no such thing. */
export type Capability = { name: string; state: 'ok' | 'denied' | 'absent'; reason: string | null }
/** What GitHub tells of a token when it is tested; see `lib/github/token-test.ts` for what is null when. */
export type TestedToken = {
  kind: 'app' | 'fine-grained' | 'classic' | 'oauth' | 'unknown'
  login: string | null
  scopes: string[] | null
  expiresAt: string | null
  budget: Readonly<Record<string, { limit: number; remaining: number; resetAt: string }>> | null
  repositories: number | null
  refused: { message: string; hint: string } | null
}
/** A repository whose own settings are asked for; `environments`: whether its workflows name any. */
export type AskedSettings = { id: bigint; name: string; environments: boolean }

type AskedByOrganisation = Pick<ListedRepository, 'id' | 'nodeId' | 'protection'>
/** Whose settings are asked for, read as they are needed: there may be more than are to be held at once. */
export type SettingsAsked = {
  /** Those of these ids whose settings are asked for. */
  among(ids: readonly bigint[]): Promise<AskedByOrganisation[]>
  /** All of them, a part after the other. */
  all(): AsyncIterable<AskedByOrganisation[]>
}

/** By repository id. */
export type ToldByOrganisation = {
  settings: ReadonlyMap<bigint, ToldSettings>
  topics: ReadonlyMap<bigint, readonly string[]>
  properties: ReadonlyMap<bigint, PropertiesTold>
}

/** How a repository fared in a crawl. */
export type RepositoryOutcome = 'ok' | 'unchanged' | 'partial' | 'empty' | 'denied' | 'gone' | 'blocked' | 'failed'

/** One repository's trouble: it becomes that repository's outcome and never stops the run. The message is a sentence. */
export class RepositoryTrouble extends Error {
  readonly outcome: Exclude<RepositoryOutcome, 'ok' | 'unchanged' | 'partial'>

  constructor(outcome: RepositoryTrouble['outcome'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RepositoryTrouble'
    this.outcome = outcome
  }
}

/** A folder below a tree; `leftOut`: how many files directly in it are known, though not told, to be left out by policy. */
export type Folder = { path: string; oid: string; leftOut: number }
/** Every path below a tree; `complete` is false where the host would not list all of it, and `unread` says which. */
export type SourceTree = { entries: TreeEntry[]; folders: Folder[]; complete: boolean; unread: Unread[] }
/** The tree that stood there before, without what was left out: what of it has not changed need not be asked again. */
export type TreeBefore = { entries: readonly TreeEntry[]; folders: readonly Folder[] }
export type WantedTree = { repository: ListedRepository; oid: string; before: TreeBefore | null }

/** A blob to read: only ever one that stands in a tree of that very repository. */
export type WantedBlob = { repository: ListedRepository; oid: string; path: string; size: number | null }
/** Its bytes, verified against the oid, or the sentence that says why they are not here. */
export type ReadBlob = { wanted: WantedBlob; bytes: Uint8Array | null; reason: string | null }

/** `moreMissing`: what the host said it left out of the listing, as a sentence; absence means nothing then. */
export type ListedPage = { repositories: ListedRepository[]; total: number; moreMissing: string | null }

/**
 * Every method throws AppError where the whole run cannot go on (token, network, limits) and RepositoryTrouble where one
 * repository cannot be read.
 */
export type Source = {
  /** All repositories of the organisation, page by page, in a stable order. */
  list(): AsyncIterable<ListedPage>
  /** Those pushed to since then, the newest first; a page more than asked may come. */
  pushedSince(watermark: Date): AsyncIterable<ListedPage>
  /** What these repositories are now; one that is gone or may not be seen is absent. */
  look(nodeIds: readonly string[]): Promise<ListedRepository[]>
  /** Those of these trees that are cheaper read together, whole, by oid; the others are asked for one by one. */
  trees(wanted: readonly WantedTree[]): Promise<ReadonlyMap<string, SourceTree>>
  tree(repository: ListedRepository, treeOid: string): Promise<SourceTree>
  /** Batches over all the repositories given, in any order; each wanted blob is answered once. */
  blobs(wanted: readonly WantedBlob[]): AsyncIterable<ReadBlob[]>
  /** The last five releases by repository id; one whose releases may not be seen is absent. */
  releases(repositories: readonly ListedRepository[]): Promise<ReadonlyMap<bigint, Release[]>>
  /** What the organisation-wide answers tell of these, a part after the other, up to where the host failed. Once a sweep. */
  settings(asked: SettingsAsked): AsyncIterable<ToldByOrganisation>
  /** The same as `settings`, of one repository that somebody waits for: a request and a point. */
  settingsOfOne(repository: Pick<ListedRepository, 'id' | 'nodeId' | 'name'>): Promise<ToldByOrganisation>
  /** What only each repository tells of itself, one or two requests each; one of which the host failed is absent. */
  ownSettings(asked: readonly AskedSettings[]): Promise<ReadonlyMap<bigint, ToldSettings>>
  /** The teams that may write to a repository, by its id; null where the token may not list teams. */
  teams(): Promise<ReadonlyMap<bigint, readonly string[]> | null>
  /** Who the token is, and every capability tried anew. Some ten requests. */
  test(): Promise<TestedToken>
  /** What was refused may have been allowed since: it is asked again. */
  forget(): void
  /** Whether the token was allowed what was asked for so far; nothing of what never was asked for. */
  capabilities(): Capability[]
  /** What `owner/repo@ref` points to; null: there is no such ref for this token; absent: it could not be asked. */
  refs(ids: readonly string[]): Promise<ReadonlyMap<string, ResolvedRef | null>>
}
