/** What GitHub says of a person, asked with that person's own token: who it is, and what GitHub shows to them. */
import { z } from 'zod'
import type { GitHub } from './client.ts'
import { listRepositories } from './repositories.ts'
import { notGitHub } from './trouble.ts'

export const PERSON = `query WhoAmI {
  viewer { databaseId login name avatarUrl }
  rateLimit { cost }
}`

export const MEMBERSHIP = `query AmIAMember($org: String!) {
  organization(login: $org) { viewerIsAMember }
  rateLimit { cost }
}`

const person = z.object({
  viewer: z.object({
    databaseId: z.int().positive(),
    login: z.string().min(1),
    name: z.string().nullish(),
    avatarUrl: z.string().nullish(),
  }),
})

/** `id` is GitHub's own and never changes; the login may. */
export type Person = { id: number; login: string; name: string | null; avatarUrl: string | null }

/** One point. */
export async function readPerson(github: GitHub): Promise<Person> {
  const parsed = person.safeParse((await github.graphql(PERSON, {})).data)
  if (!parsed.success) throw notGitHub(github.addresses.host)
  const { databaseId: id, login, name = null, avatarUrl = null } = parsed.data.viewer
  return { id, login, name, avatarUrl }
}

const membership = z.object({ organization: z.object({ viewerIsAMember: z.boolean() }).nullish() })

/**
 * Whether the token's person is a member of the organisation; one that GitHub does not show to them has no such member.
 * One point; the token needs the scope `read:org`, or the permission *Members: read* of an app.
 */
export async function isMember(github: GitHub, org: string): Promise<boolean> {
  const parsed = membership.safeParse((await github.graphql(MEMBERSHIP, { org })).data)
  if (!parsed.success) throw notGitHub(github.addresses.host)
  return parsed.data.organization?.viewerIsAMember ?? false
}

export const OWN_TEAMS = `query MyTeams($org: String!, $login: String!, $after: String) {
  organization(login: $org) {
    teams(first: 100, after: $after, userLogins: [$login]) { pageInfo { hasNextPage endCursor } nodes { slug } }
  }
  rateLimit { cost }
}`

const ownTeams = z.object({
  organization: z
    .object({
      teams: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
        nodes: z.array(z.object({ slug: z.string() }).nullish()).nullish(),
      }),
    })
    .nullish(),
})

/** The slugs of the organisation's teams that the person is in, as the token's person sees them. A point for a hundred. */
export async function teamsOf(github: GitHub, org: string, login: string): Promise<string[]> {
  const slugs: string[] = []
  for (let after: string | null = null, more = true; more; ) {
    const { data }: Awaited<ReturnType<GitHub['graphql']>> = await github.graphql(OWN_TEAMS, { org, login, after })
    const parsed = ownTeams.safeParse(data)
    if (!parsed.success) throw notGitHub(github.addresses.host)
    const teams = parsed.data.organization?.teams
    slugs.push(...(teams?.nodes ?? []).flatMap(team => team?.slug ?? []))
    more = teams?.pageInfo.hasNextPage ?? false
    after = teams?.pageInfo.endCursor ?? null
  }
  return slugs
}

/** `writes`: the role *write*, *maintain* or *admin* there, by a team, as a collaborator or as an owner. */
export type RepositoryRight = { id: bigint; writes: boolean }
const WRITING = ['WRITE', 'MAINTAIN', 'ADMIN']

/**
 * The organisation's repositories that the token's person sees, beyond the public ones, and all that they write to. A
 * point for a hundred.
 */
export async function repositoryRights(github: GitHub, org: string): Promise<RepositoryRight[]> {
  const rights: RepositoryRight[] = []
  for await (const { nodes } of listRepositories(github, org, { field: 'NAME', direction: 'ASC' }, 'permission')) {
    for (const { databaseId, visibility, viewerPermission } of nodes) {
      const writes = WRITING.includes(viewerPermission ?? '')
      if (writes || visibility !== 'PUBLIC') rights.push({ id: BigInt(databaseId), writes })
    }
  }
  return rights
}
