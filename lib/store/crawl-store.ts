import type { CrawlStore } from '../crawl/crawl-store.ts'
import { knownRefs, saveRefs } from './action-refs.ts'
import { knownBlobs, saveBlobs } from './blobs.ts'
import { type Database, inTransaction, type Session } from './database.ts'
import { knownRepositories } from './repositories.ts'
import { saveOutcomes } from './runs.ts'
import { saveSnapshot } from './snapshots.ts'
import { actionTexts, knownTrees, saveTree } from './trees.ts'

const REFS_KEPT_HOURS = 24

export type CrawlStoreOptions = {
  runId: number
  now: () => Date
  /** Called in the transaction of every snapshot, so that the job that follows it exists exactly when the snapshot does. */
  onSnapshot?: (tx: Session, snapshot: { id: number; isNew: boolean }) => Promise<void>
}

/** What a crawl remembers, kept in the database, for one run. */
export function crawlStore(db: Database, options: CrawlStoreOptions): CrawlStore {
  const { runId, now, onSnapshot } = options
  return {
    knownRepositories: ids => knownRepositories(db, ids),
    knownTrees: oids => knownTrees(db, oids),
    knownBlobs: oids => knownBlobs(db, oids),
    saveBlobs: blobs => saveBlobs(db, blobs, now()),
    saveTree: tree => saveTree(db, tree, now()),
    actionTexts: treeOids => actionTexts(db, treeOids),
    knownRefs: ids => knownRefs(db, ids, new Date(now().getTime() - REFS_KEPT_HOURS * 3_600_000)),
    saveRefs: refs => saveRefs(db, refs, now()),
    saveSnapshot: snapshot =>
      inTransaction(db, async tx => {
        const saved = await saveSnapshot(tx, snapshot)
        await onSnapshot?.(tx, saved)
      }),
    saveOutcomes: outcomes => inTransaction(db, tx => saveOutcomes(tx, runId, outcomes, now())),
  }
}
