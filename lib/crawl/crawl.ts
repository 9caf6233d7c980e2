/**
 * Makes snapshots: trees, then only the blobs that are not known yet, then releases and refs, then one snapshot a
 * repository. The unit of work is (repository, tree oid): whatever was saved is not asked for again after a crash.
 */

import { LEFT_OUT, type LeftOutRule } from '../snapshot/left-out.ts'
import type { Release, ResolvedRef, Settings, Unread } from '../snapshot/snapshot.ts'
import { actionRefs } from './action-refs.ts'
import type { CrawlOutcome, CrawlStore, KnownRepository, TakenSnapshot } from './crawl-store.ts'
import type { ListedRepository, Source } from './source.ts'
import { crawlTrees } from './trees.ts'

export type { CrawlOutcome, CrawlStore } from './crawl-store.ts'

export type CrawlOptions = {
  source: Source
  store: CrawlStore
  now: Date
  /** What is left out as test data or vendored code. */
  leftOut?: LeftOutRule
  /** Ask for releases of repositories that have any: about one point for 24. */
  releases?: boolean
  /** Resolve the refs of actions over git: no API requests, one git request for each action's repository. */
  refs?: boolean
  /** What is known of settings by then, by repository id; one that is absent has none that could be judged. */
  settings?: (ids: readonly bigint[]) => Promise<ReadonlyMap<bigint, Settings>>
  /** Told as each repository is done. */
  onOutcome?: (outcome: CrawlOutcome) => void
}

/** So many at a time: blob queries are filled over many repositories, and what is held in memory stays bounded. */
const GROUP = 200

type Done = Pick<CrawlOutcome, 'outcome' | 'reason'>
type Headed = ListedRepository & { headOid: string; treeOid: string }

/**
 * Crawls what a listing told, each repository to an outcome of its own. Throws AppError only where nothing could go on
 * (token, network, limits); what was done until then is saved.
 */
export async function crawlRepositories(
  listed: readonly ListedRepository[],
  options: CrawlOptions,
): Promise<CrawlOutcome[]> {
  const outcomes: CrawlOutcome[] = []
  for (let at = 0; at < listed.length; at += GROUP) {
    for (const outcome of await crawlGroup(listed.slice(at, at + GROUP), options)) outcomes.push(outcome)
  }
  return outcomes
}

async function crawlGroup(group: readonly ListedRepository[], options: CrawlOptions): Promise<CrawlOutcome[]> {
  const { store, source, now } = options
  const known = await store.knownRepositories(group.map(({ id }) => id))
  const done = new Map<bigint, Done>()
  const changed: Headed[] = []
  for (const repository of group) {
    const before = known.get(repository.id)
    if (!isHeaded(repository)) done.set(repository.id, { outcome: 'empty', reason: 'The repository is empty.' })
    else if (isUnchanged(repository, before, options)) done.set(repository.id, { outcome: 'unchanged', reason: null })
    else changed.push(repository)
  }
  const report = async (repositories: readonly ListedRepository[]) => {
    const outcomes = repositories.flatMap(({ id, name }) => {
      const how = done.get(id)
      return how ? [{ repositoryId: id, name, ...how }] : []
    })
    if (outcomes.length > 0) await store.saveOutcomes(outcomes)
    for (const outcome of outcomes) options.onOutcome?.(outcome)
    return outcomes
  }
  const all = await report(group)
  const trees = crawlTrees(changed, { source, store, leftOut: options.leftOut ?? LEFT_OUT, before: treesOf(known) })
  for await (const crawled of trees) {
    const read = crawled.flatMap(({ repository, trouble }) => (trouble === null ? [repository as Headed] : []))
    const releases = options.releases ? await source.releases(read.filter(({ released }) => released)) : null
    const refs = options.refs ? await refsInUse(read, options) : new Map<string, Record<string, ResolvedRef>>()
    // Last: they may have come while files were read.
    const settings = await options.settings?.(read.map(({ id }) => id))
    const taken: TakenSnapshot[] = []
    for (const { repository, trouble, partial } of crawled) {
      if (trouble !== null) {
        done.set(repository.id, { outcome: trouble.outcome, reason: trouble.message })
        continue
      }
      const told = releases === null ? null : releasesTold(repository, releases, source)
      taken.push({
        repositoryId: repository.id,
        headOid: repository.headOid,
        treeOid: repository.treeOid,
        takenAt: now,
        unread: told?.unread ?? [],
        releases: told?.releases ?? null,
        settings: settings?.get(repository.id) ?? null,
        refs: refs.get(repository.treeOid) ?? {},
      })
      done.set(
        repository.id,
        partial === null ? { outcome: 'ok', reason: null } : { outcome: 'partial', reason: partial },
      )
    }
    if (taken.length > 0) await store.saveSnapshots(taken)
    for (const outcome of await report(crawled.map(({ repository }) => repository))) all.push(outcome)
  }
  return all
}

function treesOf(known: ReadonlyMap<bigint, KnownRepository>): Map<bigint, string> {
  return new Map([...known].flatMap(([id, { treeOid }]) => (treeOid === null ? [] : [[id, treeOid] as const])))
}

function isHeaded(repository: ListedRepository): repository is Headed {
  return repository.headOid !== null && repository.treeOid !== null
}

function isUnchanged(
  { headOid, released, pushedAt }: Headed,
  before: { headOid: string | null; outcome: string | null; crawledAt: Date | null } | undefined,
  { releases }: CrawlOptions,
): boolean {
  if (before === undefined || before.headOid !== headOid || before.outcome !== 'ok') return false
  // A tag pushed for a release moves the date and not the head.
  const mayHaveReleased = releases === true && released && pushedAt !== null
  return !(mayHaveReleased && (before.crawledAt === null || pushedAt > before.crawledAt))
}

function releasesTold(
  { id, released }: ListedRepository,
  found: ReadonlyMap<bigint, Release[]>,
  source: Source,
): { releases: Release[] | null; unread: Unread[] } {
  const releases = released ? (found.get(id) ?? null) : []
  if (releases === null)
    return { releases, unread: [{ part: 'releases', path: null, reason: 'The token may not read the releases.' }] }
  const told = releases.every(({ attested, assets }) => attested !== null || assets.length === 0)
  if (told) return { releases, unread: [] }
  const refused = source.capabilities().find(({ name }) => name === 'Attestations')?.reason
  const reason = refused ?? 'GitHub did not say whether the released files are attested.'
  return { releases, unread: [{ part: 'attestations', path: null, reason }] }
}

/** By tree oid: what the actions' refs used there point to, as far as it is or can be known. */
async function refsInUse(
  repositories: readonly Headed[],
  { source, store }: CrawlOptions,
): Promise<Map<string, Record<string, ResolvedRef>>> {
  const texts = await store.actionTexts([...new Set(repositories.map(({ treeOid }) => treeOid))])
  const used = new Map([...texts].map(([treeOid, ofTree]) => [treeOid, actionRefs(ofTree)]))
  const ids = [...new Set([...used.values()].flat())]
  const known = new Map(await store.knownRefs(ids))
  const asked = await source.refs(ids.filter(id => !known.has(id)))
  if (asked.size > 0) await store.saveRefs(asked)
  for (const [id, ref] of asked) known.set(id, ref)
  return new Map(
    [...used].map(([treeOid, ofTree]) => {
      const found = ofTree.flatMap(id => {
        const ref = known.get(id)
        return ref ? [[id, ref] as const] : []
      })
      return [treeOid, Object.fromEntries(found)]
    }),
  )
}
