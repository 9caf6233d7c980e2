/** Listings as one list, for tests that look at all of it. */
import { poll as pollParts, sweep as sweepParts } from '#lib/crawl/listing.ts'
import type { ListedRepository, Source, ToldByOrganisation } from '#lib/crawl/source.ts'

export async function sweep(source: Source) {
  const byId = new Map<bigint, ListedRepository>()
  const { complete, reason } = await sweepParts(source, async part => {
    for (const repository of part) byId.set(repository.id, repository)
  })
  return { repositories: [...byId.values()], complete, reason }
}

export async function poll(source: Source, watermark: Date): Promise<ListedRepository[]> {
  const pushed: ListedRepository[] = []
  await pollParts(source, watermark, async part => void pushed.push(...part))
  return pushed
}

/** What the organisation-wide answers tell of these, all of it together. */
export async function settingsOf(
  source: Source,
  repositories: readonly Pick<ListedRepository, 'id' | 'nodeId' | 'protection'>[],
): Promise<ToldByOrganisation> {
  const all = { settings: new Map(), topics: new Map(), properties: new Map() } satisfies ToldByOrganisation
  const asked = {
    among: async (ids: readonly bigint[]) => repositories.filter(({ id }) => ids.includes(id)),
    async *all() {
      yield [...repositories]
    },
  }
  for await (const told of source.settings(asked)) {
    for (const [id, settings] of told.settings) all.settings.set(id, settings)
    for (const [id, topics] of told.topics) all.topics.set(id, topics)
    for (const [id, properties] of told.properties) all.properties.set(id, properties)
  }
  return all
}
