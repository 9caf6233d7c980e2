/** The inventory of a snapshot by the content of its files, so that repositories that share a file share what is in it. */
import { requirementsFiles } from '../snapshot/lockfile/cover/requirements.ts'
import { isLockfile } from '../snapshot/lockfile/read.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { isFullSha, type Uses, usesOf } from '../snapshot/uses.ts'
import { isActionPath, isWorkflowPath } from '../snapshot/workflow.ts'
import { packagesOf } from './packages.ts'

/** `base`: the purl without its version. `line`: of the first entry; `hashed`: every entry of the package is. */
export type BlobPackage = {
  purl: string
  base: string
  ecosystem: string
  name: string
  version: string | null
  line: number
  hashed: boolean
}

/**
 * `base`: `owner/repo` in small letters, or `docker://image`. `ref` as written, null where there is none. `version`: what
 * the comment says; what a tag points to is no fact of the file and stands in ActionRef under `refId`.
 */
export type BlobAction = {
  uses: string
  base: string
  ref: string | null
  refId: string | null
  pinned: boolean
  version: string | null
  line: number
}

export type BlobInventory = { oid: string; packages: BlobPackage[]; actions: BlobAction[] }

/** One for each distinct file that may name packages or actions, those that name none too; none without an oid. */
export function inventoriesOf(repo: Snapshot): BlobInventory[] {
  const byOid = new Map<string, { packages: Map<string, BlobPackage>; actions: Map<string, BlobAction> }>()
  const at = (path: string) => {
    const oid = repo.files.get(path)?.oid
    if (!oid) return null
    const found = byOid.get(oid) ?? { packages: new Map(), actions: new Map() }
    byOid.set(oid, found)
    return found
  }
  for (const path of repo.files.keys()) if (isLockfile(path) || isWorkflowPath(path) || isActionPath(path)) at(path)
  for (const { path } of requirementsFiles(repo)) at(path)
  for (const { path, line, hashed, ...one } of packagesOf(repo)) {
    const packages = at(path)?.packages
    const known = packages?.get(one.purl)
    if (known) known.hashed &&= hashed
    else packages?.set(one.purl, { ...one, base: one.purl.replace(/@[^@]*$/, ''), line, hashed })
  }
  for (const uses of usesOf(repo).uses) {
    const action = actionOf(uses)
    const actions = at(uses.place.file.path)?.actions
    const key = `${action?.uses} ${action?.version}`
    if (action && actions && !actions.has(key)) actions.set(key, action)
  }
  return [...byOid].map(([oid, { packages, actions }]) => ({
    oid,
    packages: [...packages.values()],
    actions: [...actions.values()],
  }))
}

/** Null where it calls a file of its own repository, or what it calls cannot be told. */
function actionOf({ value: uses, parsed, line, comment }: Uses): BlobAction | null {
  const version = comment?.version ?? null
  if (parsed.kind === 'image') {
    const [base = '', ref = null] = parsed.image.split(/@|:(?=[^/]*$)/)
    return { uses, base: `docker://${base}`, ref, refId: null, pinned: parsed.digest !== null, version, line }
  }
  if (parsed.kind !== 'action') return null
  const { owner, repo, ref } = parsed
  const refId = ref === null ? null : `${owner}/${repo}@${ref}`
  const pinned = ref !== null && isFullSha(ref)
  return { uses, base: `${owner}/${repo}`.toLowerCase(), ref, refId, pinned, version, line }
}
