/** The database that a bench runs on: the embedded one, or a PostgreSQL of its own where there are server programs. */
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#lib/errors.ts'
import { restartCluster, serverPrograms, startCluster, stopCluster } from '#tests/postgres-cluster.ts'
import { startDatabase } from '../scripts/database.ts'

/** `pids`: the processes whose memory and time are worth telling. `restart` kills it first; the embedded one has none. */
export type BenchDatabase = { name: string; url: string; pids: number[]; restart?(): void; stop(): Promise<void> }

export async function databaseFor(folder: string, postgres: boolean): Promise<BenchDatabase> {
  if (!postgres) {
    const { url, pid, stop } = await startDatabase({ dir: join(folder, 'database') })
    return { name: 'embedded database', url, pids: [pid], stop }
  }
  const programs = serverPrograms()
  if (programs === null)
    throw new AppError('invalid-input', 'There are no server programs of PostgreSQL here.', 'Leave --postgres out.')
  const home = join(folder, 'postgres')
  // The cluster's own user has to reach its folder in there.
  chmodSync(folder, 0o711)
  const cluster = startCluster(programs, home)
  const pid = Number(readFileSync(join(home, 'cluster/postmaster.pid'), 'utf8').split('\n')[0])
  const stop = async () => stopCluster(programs, home)
  const restart = () => restartCluster(programs, home)
  return { name: 'PostgreSQL', url: cluster.url('postgres'), pids: [pid], restart, stop }
}
