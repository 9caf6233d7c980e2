/** The listing of an organisation: head and tree of a hundred repositories for one point. */
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { halving } from './batch.ts'
import type { GitHub, PathError } from './client.ts'
import { PROTECTION_FIELDS, type ProtectionRow, protectionIn } from './protection.ts'
import { notGitHub } from './trouble.ts'

/**
 * What a listing tells beside the rest. One nested connection is free, a second would double the price of a hundred
 * repositories: a listing of everything tells what guards the branches, since the settings by REST tell topics too.
 */
export type Beside = 'topics' | 'guards' | 'permission'
const BESIDE: Record<Beside, string> = {
  permission: 'viewerPermission',
  topics: 'repositoryTopics(first: 20) { nodes { topic { name } } }',
  guards: PROTECTION_FIELDS,
}
const fields = (beside: Beside) => `
fragment Listed on Repository {
  id databaseId name visibility isArchived isFork isEmpty pushedAt
  primaryLanguage { name }
  latestRelease { tagName }
  defaultBranchRef { name target { oid ... on Commit { tree { oid } } } }
  ${BESIDE[beside]}
}`

export const listQuery = (
  beside: Beside,
) => `query ListRepositories($org: String!, $first: Int!, $after: String, $order: RepositoryOrder!) {
  organization(login: $org) {
    repositories(first: $first, after: $after, orderBy: $order) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { ...Listed }
    }
  }
  rateLimit { cost }
}${fields(beside)}`

export const LOOK = `query LookAtRepositories($ids: [ID!]!) {
  nodes(ids: $ids) { ...Listed }
  rateLimit { cost }
}${fields('topics')}`

const oid = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
const named = z.object({ name: z.string() })
const repository = z.object({
  id: z.string(),
  databaseId: z.int().nonnegative(),
  name: z.string(),
  visibility: z.string(),
  isArchived: z.boolean(),
  isFork: z.boolean(),
  isEmpty: z.boolean(),
  pushedAt: z.iso.datetime({ offset: true }).nullish(),
  primaryLanguage: named.nullish(),
  latestRelease: z.object({ tagName: z.string() }).nullish(),
  viewerCanAdminister: z.boolean().optional(),
  viewerPermission: z.string().nullish(),
  repositoryTopics: z.object({ nodes: z.array(z.object({ topic: named }).nullish()).nullish() }).nullish(),
  defaultBranchRef: z
    .object({
      name: z.string(),
      target: z.object({ oid, tree: z.object({ oid }).nullish() }).nullish(),
    })
    .nullish(),
})
const page = z.object({
  totalCount: z.int().nonnegative(),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.unknown()),
})
const listAnswer = z.object({ organization: z.object({ repositories: page }).nullable() })
const lookAnswer = z.object({ nodes: z.array(z.unknown()) })

/** `topics` and `protection`: null where they were not asked for. */
export type RepositoryNode = z.output<typeof repository> & { topics: string[] | null; protection: ProtectionRow | null }
/** `unseen`: rows that were there and could not be read. */
export type RepositoryPage = { nodes: RepositoryNode[]; total: number; unseen: number; omitted: boolean }
export type Order = { field: 'NAME' | 'PUSHED_AT'; direction: 'ASC' | 'DESC' }

/** The organisation's repositories, page after page; stops asking when the caller stops reading. */
export async function* listRepositories(
  github: GitHub,
  org: string,
  order: Order,
  beside: Beside = 'topics',
): AsyncGenerator<RepositoryPage> {
  let after: string | null = null
  let first = 100
  for (;;) {
    const cursor: string | null = after
    const [answer, size]: [Awaited<ReturnType<GitHub['graphql']>>, number] = await halving(first, size =>
      github.graphql(listQuery(beside), { org, first: size, after: cursor, order }),
    )
    first = size
    const parsed = listAnswer.safeParse(answer.data)
    if (parsed.success && parsed.data.organization === null) throw orgRefusal(org, answer.errors, github.addresses.host)
    if (!parsed.success)
      throw answer.errors.length > 0
        ? orgRefusal(org, answer.errors, github.addresses.host)
        : notGitHub(github.addresses.host)
    const rows = parsed.data.organization?.repositories
    if (rows === undefined) return
    const nodes = readNodes(rows.nodes)
    yield { nodes, total: rows.totalCount, unseen: rows.nodes.length - nodes.length, omitted: answer.omitted }
    if (!rows.pageInfo.hasNextPage) return
    after = rows.pageInfo.endCursor ?? null
  }
}

/** Repositories by node id, a hundred for one point; one that is gone or hidden is absent. */
export async function lookAtRepositories(github: GitHub, ids: readonly string[]): Promise<RepositoryNode[]> {
  let at = 0
  let size = 100
  const found: RepositoryNode[] = []
  while (at < ids.length) {
    const [{ data }, worked] = await halving(size, now => github.graphql(LOOK, { ids: ids.slice(at, at + now) }))
    const parsed = lookAnswer.safeParse(data)
    if (!parsed.success) throw notGitHub(github.addresses.host)
    found.push(...readNodes(parsed.data.nodes))
    at += worked
    size = worked
  }
  return found
}

function readNodes(nodes: readonly unknown[]): RepositoryNode[] {
  return nodes.flatMap(node => {
    const parsed = repository.safeParse(node).data
    if (parsed === undefined) return []
    const [protection = null] = parsed.viewerCanAdminister === undefined ? [] : protectionIn(node)
    const { repositoryTopics } = parsed
    const topics = repositoryTopics && (repositoryTopics.nodes ?? []).flatMap(entry => entry?.topic.name ?? [])
    return [{ ...parsed, topics: topics ?? null, protection }]
  })
}

/** Why an organisation's listing is refused, as a sentence that says what to do. */
export function orgRefusal(org: string, errors: readonly PathError[], host: string): AppError {
  const said = errors.map(({ type, message }) => `${type} ${message}`).join('; ')
  if (/saml|single sign-on/i.test(said))
    return new AppError(
      'token-needs-sso',
      `${org} demands single sign-on, and the token is not authorised for it.`,
      'Authorise the token for the organisation in your GitHub settings, under Personal access tokens.',
    )
  if (/IP allow list/i.test(said))
    return new AppError(
      'token-forbidden',
      `${org} has an IP allow list, and the address of this machine is not on it.`,
      'Ask an owner to add this address, or run Plumbline from one that is allowed.',
    )
  if (/FORBIDDEN|INSUFFICIENT_SCOPES|not accessible/i.test(said))
    return new AppError(
      'token-forbidden',
      `The token may not list the repositories of ${org}.`,
      'Give it read access to metadata and contents of the organisation (classic tokens: the scopes repo and read:org).',
    )
  return new AppError(
    'org-not-found',
    `There is no organisation ${org} at ${host}, or the token may not see it.`,
    `Check the spelling of GITHUB_ORG, and that the token's owner is a member. A user's account is no organisation.`,
  )
}
