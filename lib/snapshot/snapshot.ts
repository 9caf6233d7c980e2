/**
 * A snapshot is what is known of one repository at one commit: plain data, no functions, so that it can be stored and
 * judged again when the checklist or the policy changes. `lib/crawl` makes it; checks only read it.
 */

/** The parts that a check may need; the crawl says for each whether it could be read. */
export type SnapshotPart = 'tree' | 'workflows' | 'files' | 'releases' | 'settings' | 'attestations'

/** Git's modes that occur in a tree, without directories. */
export type FileMode = '100644' | '100755' | '120000' | '160000'

/** A path in the tree. `oid` is the blob's id (of a submodule, its commit); `size` in bytes where the host told it. */
export type TreeEntry = { path: string; mode: FileMode; oid: string; size: number | null }

/** A file whose content checks may read. `text` is decoded leniently (BOM removed); offsets and lines refer to it. */
export type SourceFile = { path: string; mode: FileMode; oid: string; text: string }

/** Something that could not be looked at, with a sentence that says why. `path` is null where it is a whole part. */
export type Unread = { part: SnapshotPart; path: string | null; reason: string }

/** Where the crawl resolved an action's ref: over git `ls-refs`, no API cost. `ref` → commit, and the newest tag of that commit. */
export type ResolvedRef = { commit: string; version: string | null }

/** `attested`: an attestation names its digest; null or absent where that could not be asked. */
export type ReleaseAsset = { name: string; digest: string | null; attested?: boolean | null }
/**
 * A published release; newest first in `Snapshot.releases`. `immutable` is null where the host does not say; `attested`:
 * every asset is attested or itself a signature, null where that could not be asked (then `unread` says why).
 */
export type Release = {
  tag: string
  publishedAt: string
  immutable: boolean | null
  url: string | null
  assets: ReleaseAsset[]
  attested: boolean | null
}

/** Settings known of the repository; a value is null where it could not be asked for, and `reasons` says why. */
export type Settings = {
  vulnerabilityAlerts: boolean | null
  securityUpdates: boolean | null
  secretScanning: boolean | null
  /** Whether workflows with actions that are not pinned to a commit are refused; true too where no action can run. */
  shaPinningRequired: boolean | null
  /** Nobody can rewrite it, delete it or push to it past a pull request; else `defaultBranchAllows` says which can be done. */
  defaultBranchProtected: boolean | null
  defaultBranchAllows?: readonly BranchAct[]
  /** Names of environments with at least one protection rule. */
  protectedEnvironments: string[] | null
  /** Setting → a sentence. */
  reasons?: Readonly<Partial<Record<SettingName, string>>>
}

/** What an unprotected branch lets anybody do who may write to the repository. */
export type BranchAct = 'force-push' | 'deletion' | 'direct-push'

export type SettingName = Exclude<keyof Settings, 'reasons' | 'defaultBranchAllows'>

export type Snapshot = {
  /** `owner/name` as shown to people, and the commit that was read ('' for a folder that is not a git repository). */
  repository: string
  commit: string
  /** Every path of the tree but those left out by policy. */
  tree: readonly TreeEntry[]
  /** The files whose content was taken, by path. */
  files: ReadonlyMap<string, SourceFile>
  /** Paths left out by policy (test data, vendored code), counted and shown. */
  leftOut: readonly { files: number; reason: string }[]
  unread: readonly Unread[]
  /** Newest first; null where releases cannot be asked for (a folder scan). */
  releases: readonly Release[] | null
  /** null where settings cannot be asked for (a folder scan). */
  settings: Settings | null
  /** `owner/repo@ref` → commit; empty where refs were not resolved. */
  refs: ReadonlyMap<string, ResolvedRef>
  /** Files of same-org repositories that workflows here call: `owner/repo/path` → text; a missing key was not in the store. */
  called: ReadonlyMap<string, string>
}
