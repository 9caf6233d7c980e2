/** To whom the pull requests of update bots go. */
import { type CodeOwners, codeOwnersOf, ownersOf } from './code-owners.ts'
import { renovateSetting } from './renovate-rules.ts'
import type { Snapshot } from './snapshot.ts'
import type { EntryAtWork, RenovateAtWork } from './update-bots.ts'
import { dependabotOf, type UpdateEntry } from './update-config.ts'
import { stringsOf } from './workspaces.ts'
import { childOf, itemsOf, textOf } from './yaml.ts'

/** The manifest whose updates reach nobody; null where each has an assignee or an owner. */
export function unreviewedManifest(repo: Snapshot, { entry, places }: EntryAtWork): string | null {
  if (assigneesOf(entry).length > 0) return null
  const owners = codeOwnersOf(repo)
  return places.flatMap(({ paths }) => paths).find(path => !isOwned(owners, path)) ?? null
}

/** Whom the first entry with assignees names. */
export function assigneesBeside(repo: Snapshot): string[] {
  return (dependabotOf(repo)?.entries ?? []).map(assigneesOf).find(names => names.length > 0) ?? []
}

function assigneesOf(entry: UpdateEntry): string[] {
  return itemsOf(childOf(entry.node, 'assignees')).flatMap(item => textOf(item) ?? [])
}

/** The manifest of which Renovate's pull requests reach nobody. */
export function unreviewedByRenovate(repo: Snapshot, { config, manifests }: RenovateAtWork): string | null {
  const owners = codeOwnersOf(repo)
  const unseen = manifests.find(({ path, managers }) => {
    if (isOwned(owners, path)) return false
    return managers.some(manager =>
      ['assignees', 'reviewers', 'additionalReviewers'].every(key => {
        return stringsOf(renovateSetting(config.layers, key, { manager, path })).length === 0
      }),
    )
  })
  return unseen?.path ?? null
}

function isOwned(owners: CodeOwners | null, path: string): boolean {
  return owners !== null && ownersOf(owners, path).length > 0
}
