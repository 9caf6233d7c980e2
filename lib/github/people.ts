/** What GitHub says of a person, asked with that person's own token: who it is, and what GitHub shows to them. */
import { z } from 'zod'
import { type GitHub, jsonOf } from './client.ts'
import { listRepositories } from './repositories.ts'
import { GitHubTrouble, notGitHub } from './trouble.ts'

const person = z.object({
  id: z.int().positive(),
  login: z.string().min(1),
  name: z.string().nullish(),
  email: z.string().nullish(),
  avatar_url: z.string().nullish(),
})

/** `id` is GitHub's own and never changes; the login may. */
export type Person = { id: number; login: string; name: string | null; email: string | null; avatarUrl: string | null }

/** One REST request. */
export async function readPerson(github: GitHub): Promise<Person> {
  const parsed = person.safeParse(jsonOf(await github.get('/user'), github.addresses.host))
  if (!parsed.success) throw notGitHub(github.addresses.host)
  const { id, login, name = null, email = null, avatar_url: avatarUrl = null } = parsed.data
  return { id, login, name, email, avatarUrl }
}

const membership = z.object({ state: z.string(), role: z.string() })

/**
 * Whether the token's person is a member of the organisation; an invitation that was not accepted is no membership. One
 * REST request; GitHub demands the scope `read:org`, or the permission *Members: read* of an app.
 */
export async function isMember(github: GitHub, org: string): Promise<boolean> {
  try {
    const answer = await github.get(`/user/memberships/orgs/${encodeURIComponent(org)}`)
    const parsed = membership.safeParse(jsonOf(answer, github.addresses.host))
    if (!parsed.success) throw notGitHub(github.addresses.host)
    return parsed.data.state === 'active'
  } catch (error) {
    if (error instanceof GitHubTrouble && (error.kind === 'not-found' || error.kind === 'denied')) return false
    throw error
  }
}

/** The ids of the organisation's repositories that the token's person sees, beyond the public ones. A point for a hundred. */
export async function visibleRepositories(github: GitHub, org: string): Promise<bigint[]> {
  const ids: bigint[] = []
  for await (const { nodes } of listRepositories(github, org, { field: 'NAME', direction: 'ASC' })) {
    for (const node of nodes) if (node.visibility !== 'PUBLIC') ids.push(BigInt(node.databaseId))
  }
  return ids
}
