/** The source that is GitHub: the port's words in terms of `lib/github`. */
import { AppError } from '../errors.ts'
import { readAttested } from '../github/attestations.ts'
import { type BlobRequest, MOST_TEXT, readRaw, readTexts } from '../github/blobs.ts'
import { Capabilities } from '../github/capabilities.ts'
import type { GitHub } from '../github/client.ts'
import { readFolders } from '../github/folders.ts'
import { listRefs } from '../github/git-refs.ts'
import { keptInLane } from '../github/lane.ts'
import { readOrganisationSettings } from '../github/organisation-settings.ts'
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
import { listTree, type TreeRow } from '../github/trees.ts'
import { GitHubTrouble } from '../github/trouble.ts'
import type { FileMode, Release, ResolvedRef, TreeEntry, Unread } from '../snapshot/snapshot.ts'
import { resolveRef } from './action-refs.ts'
import { digestsOf, releaseOf } from './attested.ts'
import { descend } from './descent.ts'
import { isBlob } from './object-id.ts'
import { inParallel } from './parallel.ts'
import { MAX_FILE_BYTES } from './paths.ts'
import { toldByOrganisation } from './settings.ts'
import {
  type ListedPage,
  type ListedRepository,
  type ReadBlob,
  RepositoryTrouble,
  type Source,
  type SourceTree,
  type ToldByOrganisation,
  type WantedBlob,
  type WantedTree,
} from './source.ts'

/** A push that GitHub was still writing down when it was last asked is seen by asking a little further back. */
const OVERLAP = 10 * 60 * 1000
/** Actions of another host are asked for by every repository that uses them: a refusal is remembered for an hour. */
const REFUSED_FOR = 60 * 60 * 1000
const OUTCOMES = {
  denied: 'denied',
  'not-found': 'gone',
  blocked: 'blocked',
  empty: 'empty',
  'too-heavy': 'failed',
  failed: 'failed',
} as const

/** The organisation `org` as the connection sees it. */
export function githubSource(github: GitHub, org: string): Source {
  const refused = new Map<string, number>()
  const capabilities = new Capabilities()
  return {
    list: () => pages(github, org, { field: 'NAME', direction: 'ASC' }, 'guards'),
    pushedSince: watermark => pushedSince(github, org, new Date(watermark.getTime() - OVERLAP)),
    look: async nodeIds => (await lookAtRepositories(github, nodeIds).catch(stopping)).map(listed),
    trees: wanted => readTrees(github, wanted),
    tree: (repository, oid) => readTree(github, org, repository, oid),
    blobs: wanted => readBlobs(github, org, wanted),
    releases: repositories => releasesOf(github, org, capabilities, repositories),
    settings: repositories => settingsOf(github, org, capabilities, repositories),
    ownSettings: asked => readOwnSettings(github, org, capabilities, asked),
    teams: async () => (await capabilities.ask('Teams', () => readTeams(github, org))).value,
    capabilities: () => capabilities.list(),
    refs: ids => refsOf(github, ids, refused),
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

/** Up to so many changed repositories a REST request each is quicker than going down their trees together. */
const FEW = 20

/**
 * Which of the two budgets pays: what has a tree before is compared with it by GraphQL, a few points for hundreds; what has
 * none costs a REST request each, as long as more than the reserve is left for it, and forty for a point after that.
 */
async function readTrees(github: GitHub, wanted: readonly WantedTree[]): Promise<Map<string, SourceTree>> {
  const compared = wanted.filter(({ before }) => before !== null)
  const fresh = wanted.filter(({ before }) => before === null)
  const deep = fresh.slice(Math.max(0, Math.min(fresh.length, spendable(github, 'core'))))
  const found = new Map<string, SourceTree>()
  const parts = [
    [compared.length > FEW ? compared : [], 'flat'],
    [deep, 'deep'],
  ] as const
  for (const [part, depth] of parts) {
    if (part.length === 0 || spendable(github, 'graphql') === 0) continue
    for (const [oid, tree] of await descend(part, asked => readFolders(github, asked, depth))) found.set(oid, tree)
  }
  return found
}

/** What of a budget this lane may use: a part is kept for people who wait. Where the host tells of no limit, all. */
function spendable(github: GitHub, resource: 'core' | 'graphql'): number {
  const budget = github.budget[resource]
  return budget === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(0, budget.remaining - Math.ceil(budget.limit * keptInLane()))
}

async function readTree(github: GitHub, org: string, { name }: ListedRepository, oid: string) {
  const { rows, folders, unlisted } = await listTree(github, org, name, oid).catch(rethrow)
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
  for (const one of wanted) {
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
  // A few at a time: each may be 32 MB.
  for (let at = 0; at < large.length; at += 4)
    yield await inParallel(large.slice(at, at + 4), one => readWhole(github, org, one))
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
  const attested =
    digests.length === 0
      ? new Set<string>()
      : (await capabilities.ask('Attestations', () => readAttested(github, org, digests))).value
  const ofRepository = repositories.map(({ id, nodeId }) => [id, found.get(nodeId)] as const)
  return new Map(
    ofRepository.flatMap(([id, rows]) => (rows ? [[id, rows.map(row => releaseOf(row, attested))] as const] : [])),
  )
}

async function settingsOf(
  github: GitHub,
  org: string,
  capabilities: Capabilities,
  repositories: Parameters<Source['settings']>[0],
): Promise<ToldByOrganisation> {
  const told = await readOrganisationSettings(github, org, capabilities, repositories)
  if (told === null) return { settings: new Map(), topics: new Map() }
  const { security, protection, why } = told
  return {
    settings: new Map(
      repositories.map(({ id }) => [id, toldByOrganisation(security.get(id), protection.get(id), why)] as const),
    ),
    topics: new Map([...security].flatMap(([id, { topics }]) => (topics === null ? [] : [[id, topics] as const]))),
  }
}

/** `refused`: repositories that were not to be had, and until when (of the process's clock) they are not asked for again. */
async function refsOf(
  github: GitHub,
  ids: readonly string[],
  refused: Map<string, number>,
): Promise<Map<string, ResolvedRef | null>> {
  const byRepository = Map.groupBy(ids, id => id.slice(0, id.indexOf('@')))
  const found = new Map<string, ResolvedRef | null>()
  await inParallel([...byRepository], async ([repository, asked]) => {
    const [owner = '', name = ''] = repository.split('/')
    const isRefused = (refused.get(repository) ?? 0) > performance.now()
    const refs = isRefused ? 'refused' : await listRefs(github, owner, name)
    if (refs === null) return
    if (refs === 'refused') {
      if (!isRefused) refused.set(repository, performance.now() + REFUSED_FOR)
      for (const id of asked) found.set(id, null)
      return
    }
    for (const id of asked) found.set(id, resolveRef(id.slice(repository.length + 1), refs))
  })
  return found
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
