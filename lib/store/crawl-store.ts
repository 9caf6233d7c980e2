import type { CrawlStore } from '../crawl/crawl-store.ts'
import { knownRefs, saveRefs } from './action-refs.ts'
import { knownBlobs, saveBlobs } from './blobs.ts'
import { type Database, inTransaction, type Session } from './database.ts'
import { knownRepositories } from './repositories.ts'
import { saveOutcomes } from './runs.ts'
import { saveSnapshots } from './snapshots.ts'
import { actionTexts, knownTrees, saveTrees, treesBefore } from './trees.ts'

const REFS_KEPT_HOURS = 24

export type CrawlStoreOptions = {
  runId: number
  now: () => Date
  /** Called in the transaction of new snapshots, so that the job that follows them exists exactly when they do. */
  onSnapshots?: (tx: Session, ids: number[]) => Promise<void>
}

/** What a crawl remembers, kept in the database, for one run. */
export function crawlStore(db: Database, options: CrawlStoreOptions): CrawlStore {
  const { runId, now, onSnapshots } = options
  return {
    knownRepositories: ids => knownRepositories(db, ids),
    knownTrees: oids => knownTrees(db, oids, now()),
    treesBefore: oids => treesBefore(db, oids),
    knownBlobs: oids => knownBlobs(db, oids, now()),
    saveBlobs: blobs => saveBlobs(db, blobs, now()),
    saveTrees: trees => saveTrees(db, trees, now()),
    actionTexts: treeOids => actionTexts(db, treeOids),
    knownRefs: ids => knownRefs(db, ids, new Date(now().getTime() - REFS_KEPT_HOURS * 3_600_000)),
    saveRefs: refs => saveRefs(db, refs, now()),
    saveSnapshots: snapshots =>
      inTransaction(db, async tx => {
        const saved = await saveSnapshots(tx, snapshots)
        const fresh = saved.flatMap(({ id, isNew }) => (isNew ? [id] : []))
        if (fresh.length > 0) await onSnapshots?.(tx, fresh)
      }),
    saveOutcomes: outcomes => inTransaction(db, tx => saveOutcomes(tx, runId, outcomes, now())),
  }
}
