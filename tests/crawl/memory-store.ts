import type { CrawledTree, CrawlOutcome, CrawlStore, FetchedBlob, TakenSnapshot } from '#lib/crawl/crawl-store.ts'
import type { ResolvedRef } from '#lib/snapshot/snapshot.ts'

/** The store's port in memory, with what was written open to look at. */
export type MemoryStore = CrawlStore & {
  trees: Map<string, CrawledTree>
  blobs: Map<string, FetchedBlob>
  snapshots: TakenSnapshot[]
  outcomes: CrawlOutcome[]
  byName(): Record<string, string>
}

export function memoryStore(): MemoryStore {
  const trees = new Map<string, CrawledTree>()
  const blobs = new Map<string, FetchedBlob>()
  const snapshots: TakenSnapshot[] = []
  const outcomes: CrawlOutcome[] = []
  const refs = new Map<string, ResolvedRef | null>()
  const last = new Map<bigint, CrawlOutcome>()
  return {
    trees,
    blobs,
    snapshots,
    outcomes,
    byName: () => Object.fromEntries(outcomes.map(({ name, outcome }) => [name, outcome])),
    async knownRepositories(ids) {
      return new Map(
        ids.map(id => {
          const taken = snapshots.findLast(({ repositoryId }) => repositoryId === id)
          const told = { headOid: taken?.headOid ?? null, treeOid: taken?.treeOid ?? null }
          return [id, { id, ...told, outcome: last.get(id)?.outcome ?? null, crawledAt: taken?.takenAt ?? null }]
        }),
      )
    },
    async knownTrees(oids) {
      const isWhole = (oid: string) => trees.get(oid)?.complete === true && trees.get(oid)?.unread.length === 0
      return new Set(oids.filter(isWhole))
    },
    async treesBefore(oids) {
      return new Map(
        oids.flatMap(oid => (trees.get(oid)?.complete === true ? [[oid, trees.get(oid) as CrawledTree]] : [])),
      )
    },
    async knownBlobs(oids) {
      return new Set(oids.filter(oid => blobs.has(oid)))
    },
    async saveBlobs(saved) {
      for (const blob of saved) blobs.set(blob.oid, blob)
    },
    async saveTrees(saved) {
      for (const tree of saved) trees.set(tree.oid, tree)
    },
    async actionTexts(oids) {
      const isAction = ({ path }: { path: string }) =>
        path.startsWith('.github/workflows/') || /action\.ya?ml$/.test(path)
      const textsOf = (oid: string) =>
        (trees.get(oid)?.files ?? []).filter(isAction).map(file => blobs.get(file.oid)?.content ?? '')
      return new Map(oids.map(oid => [oid, textsOf(oid)]))
    },
    async knownRefs(ids) {
      return new Map(ids.flatMap(id => (refs.has(id) ? [[id, refs.get(id) ?? null]] : [])))
    },
    async saveRefs(asked) {
      for (const [id, ref] of asked) refs.set(id, ref)
    },
    async saveSnapshots(taken) {
      for (const snapshot of taken) snapshots.push(snapshot)
    },
    async saveOutcomes(saved) {
      for (const outcome of saved) {
        outcomes.push(outcome)
        if (outcome.outcome !== 'unchanged') last.set(outcome.repositoryId, outcome)
      }
    },
  }
}
