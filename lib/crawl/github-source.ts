/** The source that is GitHub: the port's words in terms of `lib/github`. */
import { AppError } from '../errors.ts'
import { attestedOf } from '../github/attestations.ts'
import { type BlobRequest, MOST_TEXT, readRaw, readTexts } from '../github/blobs.ts'
import { Capabilities } from '../github/capabilities.ts'
import type { GitHub } from '../github/client.ts'
import { readFolders } from '../github/folders.ts'
import { gitBlobs, gitTree } from '../github/git-objects.ts'
import { listRefs } from '../github/git-refs.ts'
import { keptInLane } from '../github/lane.ts'
import { readOrganisationSettings, readSettingsOfOne } from '../github/organisation-settings.ts'
import { readReleases } from '../github/releases.ts'
import {
  type Beside,
  listRepositories,
  lookAtRepositories,
  type Order,
  type RepositoryNode,
} from '../github/repositories.ts'
import { readOwnSettings } from '../github/repository-settings.ts'
import { readTeams } from '../github/teams.ts'
import { testToken } from '../github/token-test.ts'
import { type Listed, listTree, type TreeRow } from '../github/trees.ts'
import { GitHubTrouble } from '../github/trouble.ts'
import type { FileMode, Release, TreeEntry, Unread } from '../snapshot/snapshot.ts'
import { digestsOf, releaseOf } from './attested.ts'
import { descend } from './descent.ts'
import { isBlob } from './object-id.ts'
import { inParallel } from './parallel.ts'
import { MAX_FILE_BYTES, tooLarge } from './paths.ts'
import { OWNER_PROPERTIES } from './properties.ts'
import { refsOf } from './refs.ts'
import { allTold, eachTold } from './settings.ts'
import {
  type ListedPage,
  type ListedRepository,
  type ReadBlob,
  RepositoryTrouble,
  type Source,
  type SourceTree,
  type WantedBlob,
  type WantedTree,
} from './source.ts'

/** A push that GitHub was still writing down when it was last asked is seen by asking a little further back. */
const OVERLAP = 10 * 60 * 1000
const OUTCOMES = {
  denied: 'denied',
  'not-found': 'gone',
  blocked: 'blocked',
  empty: 'empty',
  'too-heavy': 'failed',
  failed: 'failed',
} as const

/** The organisation `org` as the connection sees it. `ownerProperties`: custom properties that say who owns a repository. */
export function githubSource(
  github: GitHub,
  org: string,
  given: { ownerProperties?: readonly string[] | null } = {},
): Source {
  const ownerProperties = given.ownerProperties ?? OWNER_PROPERTIES
  const refused = new Map<string, number>()
  const capabilities = new Capabilities(github.missing)
  return {
    list: () => pages(github, org, { field: 'NAME', direction: 'ASC' }, 'guards'),
    pushedSince: watermark => pushedSince(github, org, new Date(watermark.getTime() - OVERLAP)),
    look: async nodeIds => (await lookAtRepositories(github, nodeIds).catch(stopping)).map(listed),
    trees: wanted => readTrees(github, org, wanted),
    tree: (repository, oid) => readTree(github, org, repository, oid),
    blobs: wanted => readBlobs(github, org, wanted),
    releases: repositories => releasesOf(github, org, capabilities, repositories),
    settings: asked => eachTold(readOrganisationSettings(github, org, capabilities, asked), { org, ownerProperties }),
    settingsOfOne: async repository =>
      allTold(await readSettingsOfOne(github, org, capabilities, repository), { org, ownerProperties }, [repository]),
    ownSettings: asked => readOwnSettings(github, org, capabilities, asked),
    teams: async () => (await capabilities.ask('Teams', () => readTeams(github, org))).value,
    test: () => testToken(github, org, capabilities),
    forget: () => capabilities.forget(),
    capabilities: () => capabilities.list(),
    refs: ids => refsOf((owner, name) => listRefs(github, owner, name), ids, refused),
  }
}

async function* pages(github: GitHub, org: string, order: Order, beside: Beside): AsyncGenerator<ListedPage> {
  const listing = listRepositories(github, org, order, beside)
  for (;;) {
    const next = await listing.next().catch(stopping)
    if (next.done === true) return
    const { nodes, total, unseen, omitted } = next.value
    const moreMissing = omitted
      ? 'GitHub left repositories out because the token is not authorised for single sign-on.'
      : unseen > 0
        ? `${unseen} repositories of the listing could not be read.`
        : null
    yield { repositories: nodes.map(listed), total, moreMissing }
  }
}

async function* pushedSince(github: GitHub, org: string, since: Date): AsyncGenerator<ListedPage> {
  for await (const page of pages(github, org, { field: 'PUSHED_AT', direction: 'DESC' }, 'topics')) {
    const repositories = page.repositories.filter(({ pushedAt }) => pushedAt !== null && pushedAt >= since)
    yield { ...page, repositories }
    if (repositories.length < page.repositories.length) return
  }
}

function listed(node: RepositoryNode): ListedRepository {
  const target = node.defaultBranchRef?.target ?? null
  const treeOid = target?.tree?.oid ?? null
  return {
    id: BigInt(node.databaseId),
    nodeId: node.id,
    name: node.name,
    visibility: node.visibility.toLowerCase(),
    archived: node.isArchived,
    fork: node.isFork,
    empty: treeOid === null,
    defaultBranch: node.defaultBranchRef?.name ?? null,
    pushedAt: node.pushedAt ? new Date(node.pushedAt) : null,
    topics: node.topics,
    primaryLanguage: node.primaryLanguage?.name ?? null,
    headOid: treeOid === null ? null : (target?.oid ?? null),
    treeOid,
    released: Boolean(node.latestRelease),
    protection: node.protection,
  }
}

const GIT_AT_ONCE = 4
/** So many a point at the least: what is left of the points would not be enough for more of them. */
const A_POINT = { trees: 10, blobs: 50 }
/** Up to so many changed repositories a REST request each is quicker than going down their trees together. */
const FEW = 20

/**
 * Which of the two budgets pays: what has a tree before is compared with it by GraphQL, a few points for hundreds; what has
 * none costs a REST request each, as long as more than the reserve is left for it, and forty for a point after that. Where
 * both are used up git's own protocol pays, which costs neither, at a request each.
 */
async function readTrees(github: GitHub, org: string, wanted: readonly WantedTree[]): Promise<Map<string, SourceTree>> {
  await github.learnBudget()
  const compared = wanted.filter(({ before }) => before !== null)
  const fresh = wanted.filter(({ before }) => before === null)
  const deep = fresh.slice(Math.max(0, Math.min(fresh.length, spendable(github, 'core'))))
  const found = new Map<string, SourceTree>()
  const parts = [
    [compared.length > FEW ? compared : [], 'flat'],
    [deep.slice(0, spendable(github, 'graphql') * A_POINT.trees), 'deep'],
  ] as const
  for (const [part, depth] of parts) {
    if (part.length === 0 || spendable(github, 'graphql') === 0) continue
    for (const [oid, tree] of await descend(part, asked => readFolders(github, asked, depth))) found.set(oid, tree)
  }
  const unpaid = (spendable(github, 'core') === 0 ? wanted : deep).filter(({ oid }) => !found.has(oid))
  await inParallel(
    unpaid,
    async ({ repository, oid }) => {
      const tree = await treeOverGit(github, org, repository, oid)
      if (tree !== null) found.set(oid, tree)
    },
    GIT_AT_ONCE,
  )
  return found
}

async function treeOverGit(github: GitHub, owner: string, { name, headOid }: ListedRepository, treeOid: string) {
  const told = headOid === null ? null : await gitTree(github, { owner, name }, { headOid, treeOid })
  return told && treeOf(told)
}

/** What of a budget this lane may use: a part is kept for people who wait. Where the host tells of no limit, all. */
function spendable(github: GitHub, resource: 'core' | 'graphql'): number {
  const budget = github.budget[resource]
  return budget === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(0, budget.remaining - Math.ceil(budget.limit * keptInLane()))
}

async function readTree(github: GitHub, org: string, repository: ListedRepository, oid: string): Promise<SourceTree> {
  const told = await listTree(github, org, repository.name, oid).catch(rethrow)
  const whole = told.unlisted.length > 0 ? await treeOverGit(github, org, repository, oid) : null
  return whole ?? treeOf(told)
}

function treeOf({ rows, folders, unlisted }: Listed): SourceTree {
  const unread: Unread[] = unlisted.map(folder => ({
    part: 'tree',
    path: folder === '' ? null : folder,
    reason: 'GitHub does not list all files of this folder: it is too large.',
  }))
  return {
    entries: rows.map(entryOf),
    folders: folders.map(({ path, sha }) => ({ path, oid: sha, leftOut: 0 })),
    complete: unlisted.length === 0,
    unread,
  }
}

function entryOf({ path, mode, sha, size }: TreeRow): TreeEntry {
  const known: FileMode = mode === '100755' || mode === '120000' || mode === '160000' ? mode : '100644'
  return { path, mode: known, oid: sha, size: size ?? null }
}

async function* readBlobs(github: GitHub, org: string, wanted: readonly WantedBlob[]): AsyncGenerator<ReadBlob[]> {
  const large: WantedBlob[] = []
  const requests = new Map<BlobRequest, WantedBlob>()
  const affordable = spendable(github, 'graphql') * A_POINT.blobs
  const overGit = await blobsOverGit(github, org, wanted.slice(affordable))
  if (overGit.length > 0) yield overGit
  const done = new Set(overGit.map(({ wanted: { oid } }) => oid))
  for (const one of wanted.filter(({ oid }) => !done.has(oid))) {
    if ((one.size ?? 0) > MOST_TEXT) large.push(one)
    else requests.set(requestOf(org, one), one)
  }
  for await (const answers of readTexts(github, [...requests.keys()])) {
    yield await inParallel(answers, async ({ request, text }): Promise<ReadBlob> => {
      const one = requests.get(request)
      if (one === undefined) throw new Error(`GitHub answered for ${request.oid}, which was not asked for.`)
      const bytes = text === null ? null : Buffer.from(text, 'utf8')
      // Cut, converted or swapped content does not have the blob's hash; the raw bytes settle it.
      return bytes !== null && isBlob(bytes, one.oid)
        ? { wanted: one, bytes, reason: null }
        : readWhole(github, org, one)
    })
  }
  for (let at = 0; at < large.length; at += 4)
    // A few at a time: each may be 32 MB.
    yield await inParallel(large.slice(at, at + 4), one => readWhole(github, org, one))
}

/** Those that came; the others are asked of the API, which may have to wait for its next hour. */
async function blobsOverGit(github: GitHub, owner: string, wanted: readonly WantedBlob[]): Promise<ReadBlob[]> {
  const byRepository = [...Map.groupBy(wanted, ({ repository }) => repository.name)]
  const read = await inParallel(
    byRepository,
    async ([name, asked]) => {
      const found = await gitBlobs(github, { owner, name }, [...new Set(asked.map(({ oid }) => oid))])
      return asked.flatMap((one): ReadBlob[] => {
        const bytes = found.get(one.oid)
        if (bytes === undefined) return []
        const reason = tooLarge({ path: one.path, size: bytes.length })
        return [reason === null ? { wanted: one, bytes, reason } : { wanted: one, bytes: null, reason }]
      })
    },
    GIT_AT_ONCE,
  )
  return read.flat()
}

async function readWhole(github: GitHub, org: string, wanted: WantedBlob): Promise<ReadBlob> {
  try {
    const bytes = await readRaw(github, requestOf(org, wanted), MAX_FILE_BYTES)
    if (isBlob(bytes, wanted.oid)) return { wanted, bytes, reason: null }
    return { wanted, bytes: null, reason: 'What GitHub sent is not this file: its hash differs.' }
  } catch (error) {
    if (!(error instanceof GitHubTrouble)) throw error
    return { wanted, bytes: null, reason: error.message }
  }
}

function requestOf(org: string, { repository, oid, size }: WantedBlob): BlobRequest {
  return { nodeId: repository.nodeId, owner: org, name: repository.name, oid, size }
}

async function releasesOf(
  github: GitHub,
  org: string,
  capabilities: Capabilities,
  repositories: readonly ListedRepository[],
): Promise<Map<bigint, Release[]>> {
  const ids = repositories.map(({ nodeId }) => nodeId)
  const found = await readReleases(github, ids)
  const digests = [...found.values()].flat().flatMap(digestsOf)
  const attested = await attestedOf(github, org, capabilities, digests)
  const ofRepository = repositories.map(({ id, nodeId }) => [id, found.get(nodeId)] as const)
  return new Map(
    ofRepository.flatMap(([id, rows]) => (rows ? [[id, rows.map(row => releaseOf(row, attested))] as const] : [])),
  )
}

/** Without a listing nothing goes on: what GitHub failed to answer is the run's end, and the next look tries again. */
function stopping(error: unknown): never {
  if (!(error instanceof GitHubTrouble)) throw error
  throw new AppError('github-unreachable', error.message, 'The next look tries again.', { cause: error })
}

function rethrow(error: unknown): never {
  if (error instanceof GitHubTrouble) throw new RepositoryTrouble(OUTCOMES[error.kind], error.message, { cause: error })
  throw error
}
