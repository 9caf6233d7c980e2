/** Which repositories there are, and which were pushed to since. */
import type { KnownRepository } from './crawl-store.ts'
import type { ListedPage, ListedRepository, Source } from './source.ts'

/** `complete`: these are all of them, so that an absence means something; else `reason` says why not. */
export type OrgListing = { repositories: ListedRepository[]; complete: boolean; reason: string | null }

/** A whole listing: one point for a hundred repositories. */
export async function sweep(source: Source): Promise<OrgListing> {
  const { repositories, total, reason } = await collect(source.list())
  if (reason !== null) return { repositories, complete: false, reason }
  const complete = repositories.length >= total
  const words = `GitHub counts ${total} repositories and listed ${repositories.length}.`
  return { repositories, complete, reason: complete ? null : words }
}

/** What was pushed to since then, with some minutes of overlap: one point where nothing was. Absence means nothing here. */
export async function poll(source: Source, watermark: Date): Promise<ListedRepository[]> {
  return (await collect(source.pushedSince(watermark))).repositories
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

async function collect(pages: AsyncIterable<ListedPage>) {
  // By id: a repository that moves between pages while they are read comes twice.
  const byId = new Map<bigint, ListedRepository>()
  let total = 0
  let reason: string | null = null
  for await (const page of pages) {
    total = page.total
    reason ??= page.moreMissing
    for (const repository of page.repositories) byId.set(repository.id, repository)
  }
  return { repositories: [...byId.values()], total, reason }
}
