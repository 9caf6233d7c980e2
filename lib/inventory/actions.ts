/** The actions, reusable workflows and images in use: what an organisation asks when one of them is compromised. */
import type { Snapshot } from '../snapshot/snapshot.ts'
import { isFullSha, type Uses, usesOf } from '../snapshot/uses.ts'

/** `uses` as written. `version`: what its comment or a resolved ref says it is; absent where neither does. */
export type ActionInUse = { uses: string; path: string; line: number; pinned: boolean; version?: string }

/** Everything called from elsewhere, in the order of files and lines; local calls are the repository's own. */
export function actionsInUse(repo: Snapshot): ActionInUse[] {
  return usesOf(repo).uses.flatMap(uses => (uses.parsed.kind === 'local' ? [] : [inUse(repo, uses)]))
}

function inUse(repo: Snapshot, { value, parsed, place, line, comment }: Uses): ActionInUse {
  const path = place.file.path
  if (parsed.kind === 'image') return { uses: value, path, line, pinned: parsed.digest !== null }
  if (parsed.kind !== 'action' || parsed.ref === null) return { uses: value, path, line, pinned: false }
  const pinned = isFullSha(parsed.ref)
  const resolved = repo.refs.get(`${parsed.owner}/${parsed.repo}@${parsed.ref}`)?.version
  const version = resolved ?? (pinned ? comment?.version : parsed.ref)
  return { uses: value, path, line, pinned, ...(version ? { version } : {}) }
}
