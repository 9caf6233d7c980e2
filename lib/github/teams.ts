/** Which teams hold which repositories: one point for a hundred teams of up to a hundred repositories each. */
import { z } from 'zod'
import type { GitHub } from './client.ts'
import { GitHubTrouble } from './trouble.ts'

export const TEAMS = `query ReadTeams($org: String!, $after: String) {
  organization(login: $org) {
    teams(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { slug repositories(first: 100) { pageInfo { hasNextPage endCursor } edges { permission node { databaseId } } } }
    }
  }
  rateLimit { cost }
}`

export const TEAM = `query ReadTeam($org: String!, $slug: String!, $after: String) {
  organization(login: $org) {
    team(slug: $slug) {
      repositories(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { permission node { databaseId } } }
    }
  }
  rateLimit { cost }
}`

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() })
const edge = z.object({ permission: z.string(), node: z.object({ databaseId: z.int().nonnegative() }) })
const held = z.object({ pageInfo, edges: z.array(edge.nullish()).nullish() })
const team = z.object({ slug: z.string(), repositories: held })
const teamsAnswer = z.object({
  organization: z.object({ teams: z.object({ pageInfo, nodes: z.array(team.nullish()).nullish() }) }),
})
const mayAnswer = z.object({ organization: z.object({ teams: z.object({ totalCount: z.number() }) }) })
const teamAnswer = z.object({ organization: z.object({ team: z.object({ repositories: held }).nullable() }) })

export const MAY_LIST = `query MayListTeams($org: String!) {
  organization(login: $org) { teams(first: 1) { totalCount } }
  rateLimit { cost }
}`

/** Throws GitHubTrouble `denied` where the token may not list teams. */
export async function mayListTeams(github: GitHub, org: string): Promise<void> {
  const { data } = await github.graphql(MAY_LIST, { org })
  if (!mayAnswer.safeParse(data).success) throw notAllowed()
}

function notAllowed(): GitHubTrouble {
  return new GitHubTrouble('denied', 'The token may not list teams. It needs members: read.', 'members=read')
}

/** Whoever may only read does not answer for a repository. */
const ANSWERS_FOR = new Set(['ADMIN', 'MAINTAIN', 'WRITE'])

/**
 * Repository id → slugs of the teams that may write to it, sorted; one without any is absent. Throws GitHubTrouble
 * `denied` where the token may not list teams.
 */
export async function readTeams(github: GitHub, org: string): Promise<Map<bigint, string[]>> {
  const found = new Map<bigint, string[]>()
  for (let after: string | null = null, more = true; more; ) {
    const { data }: Awaited<ReturnType<GitHub['graphql']>> = await github.graphql(TEAMS, { org, after })
    const parsed = teamsAnswer.safeParse(data)
    if (!parsed.success) throw notAllowed()
    const { teams } = parsed.data.organization
    for (const one of teams.nodes ?? []) if (one) await addTeam(github, org, one, found)
    more = teams.pageInfo.hasNextPage
    after = teams.pageInfo.endCursor ?? null
  }
  for (const slugs of found.values()) slugs.sort()
  return found
}

async function addTeam(
  github: GitHub,
  org: string,
  { slug, repositories }: z.output<typeof team>,
  found: Map<bigint, string[]>,
): Promise<void> {
  for (let page: z.output<typeof held> | null = repositories; page !== null; ) {
    for (const one of page.edges ?? []) {
      if (!one || !ANSWERS_FOR.has(one.permission)) continue
      const id = BigInt(one.node.databaseId)
      found.set(id, [...(found.get(id) ?? []), slug])
    }
    if (!page.pageInfo.hasNextPage) return
    const { data }: Awaited<ReturnType<GitHub['graphql']>> = await github.graphql(TEAM, {
      org,
      slug,
      after: page.pageInfo.endCursor ?? null,
    })
    page = teamAnswer.safeParse(data).data?.organization.team?.repositories ?? null
  }
}
