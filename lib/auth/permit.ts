/** Who may do what: the one place that decides. Lists are narrowed by `Sees` in the store's queries, by the same word. */
import type { Sees } from '../api/frame.ts'

/** Ours, given by an owner; GitHub's own rights on a repository come on top of it (`Sees`). */
export const ROLES = ['owner', 'security', 'maintainer', 'viewer', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/** Everything that a route can ask for. */
export const ACTIONS = [
  'read', // posture of what the viewer sees
  'export', // whole lists as files
  'fix:take', // the fixes of a repository as a file
  'waiver:ask',
  'waiver:decide',
  'policy:change',
  'crawl:start', // have a repository that the viewer sees looked at now
  'key:own', // API keys of one's own
  'members:manage', // roles, sessions and keys of others
  'audit:read',
  'settings:change',
] as const
export type Action = (typeof ACTIONS)[number]

const MAY: Record<Role, readonly Action[]> = {
  owner: ACTIONS,
  security: ['read', 'export', 'fix:take', 'waiver:ask', 'waiver:decide', 'policy:change', 'crawl:start', 'key:own'],
  maintainer: ['read', 'fix:take', 'waiver:ask', 'crawl:start', 'key:own'],
  viewer: ['read', 'key:own'],
  auditor: ['read', 'export', 'fix:take', 'audit:read', 'key:own'],
}

/** What a maintainer does for own repositories alone: those that GitHub lets them write to. */
const OF_ONES_OWN: readonly Action[] = ['fix:take', 'waiver:ask']

/** These were trusted with the whole map; the others see a private repository only where GitHub shows it to them. */
const SEES_ALL: readonly Role[] = ['owner', 'security', 'auditor']

export type Viewer = {
  /** The person's id; `local` where nobody has to sign in. */
  id: string
  name: string
  role: Role
  sees: Sees
  /** `key`: an API key, which may do no more than its scopes; `local`: no sign-in is set up and only this machine is served. */
  via: 'session' | 'key' | 'local'
  /** null: everything that the role may. */
  scopes: readonly Action[] | null
  /** From where this was asked; null where that is not known. */
  address: string | null
}

/** Who acts, for a row of the audit log. */
export function actedBy({ id, name, address }: Viewer, at: Date) {
  return { at, actor: id, name, address }
}

/**
 * Narrowed to one repository: whether GitHub shows it to the viewer, and lets them write to it. Without it the question is
 * about the org's lists, or whether there can be such a repository at all.
 */
export type Resource = { visible: boolean; own: boolean }

/** Whether the viewer may. A repository that a viewer may not see answers like one that is not there. */
export function may(viewer: Pick<Viewer, 'role' | 'scopes' | 'sees'>, action: Action, resource?: Resource): boolean {
  if (!MAY[viewer.role].includes(action)) return false
  if (viewer.scopes !== null && !viewer.scopes.includes(action)) return false
  if (resource === undefined) return true
  return (viewer.sees.all || resource.visible) && (resource.own || !isOfOnesOwn(viewer.role, action))
}

/** Whether this role does this for its own repositories alone. */
export function isOfOnesOwn(role: Role, action: Action): boolean {
  return role === 'maintainer' && OF_ONES_OWN.includes(action)
}

export function seesOf(role: Role, userId: string): Sees {
  return SEES_ALL.includes(role) ? { all: true } : { all: false, userId }
}

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

/** What the API and the exports can be asked for; everything else is done by people, on the pages. */
const BY_KEY: readonly Action[] = ['read', 'export', 'fix:take']

/** What a key of this role can be given at most. */
export function scopesOf(role: Role): readonly Action[] {
  return MAY[role].filter(action => BY_KEY.includes(action))
}
