/**
 * What a server's autovacuum does. The embedded database has one backend and nobody beside it who counts what is in the
 * tables, so that queries would be planned for ever as they were when all was empty, or who takes away what is dead.
 */
import type { PGlite } from '@electric-sql/pglite'
import type { WireServer } from './wire-server.ts'

const EVERY_MS = 3_000

type Due = { name: string; dead: boolean }

/** What was never counted, or is another table by half since, is counted; a fifth of it dead is worth the walk. */
const DUE = `
  SELECT s.relid::regclass::text AS name, s.n_dead_tup > 1000 + s.n_live_tup / 5 AS dead
  FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
  WHERE s.n_dead_tup > 1000 + s.n_live_tup / 5 OR s.n_mod_since_analyze > 500 + s.n_live_tup / 2
    OR (c.reltuples < 0 AND pg_relation_size(c.oid) > 65536)`

/** Looks every few seconds, in turn with the clients; returns what ends that. */
export function keepUp(database: PGlite, server: WireServer): () => void {
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    server
      .inTurn(() => lookOver(database))
      .catch((error: unknown) => {
        clearInterval(timer)
        console.error(`The embedded database grows slow until it is started again: nobody tidies it. ${error}`)
      })
      .finally(() => {
        busy = false
      })
  }, EVERY_MS)
  return () => clearInterval(timer)
}

async function lookOver(database: PGlite): Promise<void> {
  const { rows } = await database.query<Due>(DUE)
  for (const { name, dead } of rows) await database.exec(dead ? `VACUUM (ANALYZE) ${name}` : `ANALYZE ${name}`)
}
