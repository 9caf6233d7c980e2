/** Which repositories there are, and which were pushed to since. */
import type { KnownRepository } from './crawl-store.ts'
import type { ListedPage, ListedRepository, Source } from './source.ts'

/** Handed over as they are listed, a part at a time, each once in it; one that moves meanwhile comes again, as it is then. */
export type Take = (repositories: ListedRepository[]) => Promise<void>

/**
 * `ids`: of all that were handed over. `complete`: these are all of them, so that an absence means something; else `reason`
 * says why not.
 */
export type OrgListing = { ids: ReadonlySet<bigint>; complete: boolean; reason: string | null }

/** However many there are, so many are held at once, and a hundred more. */
const PART = 2_000

/** A whole listing: one point for a hundred repositories. */
export async function sweep(source: Source, take: Take): Promise<OrgListing> {
  const { ids, total, reason } = await handOver(source.list(), take)
  if (reason !== null) return { ids, complete: false, reason }
  const complete = ids.size >= total
  return { ids, complete, reason: complete ? null : `GitHub counts ${total} repositories and listed ${ids.size}.` }
}

/** What was pushed to since then, with some minutes of overlap: one point where nothing was. Absence means nothing here. */
export async function poll(source: Source, watermark: Date, take: Take): Promise<OrgListing> {
  const { ids } = await handOver(source.pushedSince(watermark), take)
  return { ids, complete: false, reason: null }
}

/** The watermark for the next poll: the newest push that was seen. */
export function newestPush(repositories: readonly ListedRepository[], before: Date | null): Date | null {
  return repositories.reduce((newest, { pushedAt }) => {
    if (pushedAt === null) return newest
    return newest === null || pushedAt > newest ? pushedAt : newest
  }, before)
}

/** Whether a listed repository has something that was not crawled yet. */
export function isChanged(listed: ListedRepository, before: KnownRepository | undefined): boolean {
  if (before === undefined || before.crawledAt === null) return true
  if (before.outcome === 'empty' && listed.headOid === null) return false
  if (before.outcome !== 'ok' || before.headOid !== listed.headOid) return true
  // A tag pushed for a release moves the date and not the head.
  return listed.released && listed.pushedAt !== null && listed.pushedAt > before.crawledAt
}

async function handOver(pages: AsyncIterable<ListedPage>, take: Take) {
  const ids = new Set<bigint>()
  const part = new Map<bigint, ListedRepository>()
  let total = 0
  let reason: string | null = null
  const flush = async () => {
    for (const id of part.keys()) ids.add(id)
    const taken = [...part.values()]
    part.clear()
    if (taken.length > 0) await take(taken)
  }
  for await (const page of pages) {
    total = page.total
    reason ??= page.moreMissing
    for (const repository of page.repositories) part.set(repository.id, repository)
    if (part.size >= PART) await flush()
  }
  await flush()
  return { ids, total, reason }
}
