-- A snapshot outlives its tree: the tree's id stays as a fact, its content goes when nothing needs it any more.
ALTER TABLE "Snapshot" DROP CONSTRAINT "Snapshot_treeOid_fkey";
