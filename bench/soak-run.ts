/** A soak: workers that share one database are killed at random moments, the pages and the database too, while pushes come in. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { startGitHub } from '#demo/github/server.ts'
import { makeSynthetic, pushSynthetic, randomFrom } from '#demo/github/synthetic.ts'
import { closeDatabase, type Database, inTransaction, openDatabase } from '#lib/store/database.ts'
import { openLook } from '#lib/store/looks.ts'
import { migrate } from '#prisma/migrate.ts'
import { databaseFor } from './databases.ts'
import { auditStore, isQuiet, type Wrong } from './soak-audit.ts'

export type Soak = {
  kills: number
  workers: number
  repos: number
  /** Of the order and the moments of the kills. */
  seed: number
  /** The embedded database, which is not killed, instead of a PostgreSQL that is. */
  embedded: boolean
  /** Whether the pages run too; they have to be built. */
  pages: boolean
  /** Milliseconds between two kills, at the least and at the most. */
  between: readonly [number, number]
  /** After so many kills a third of the repositories is pushed to. */
  pushEvery: number
}

/** `counts`: how often what happened; `calm`: seconds from the last kill until everything was done. */
export type Soaked = { counts: Record<string, number>; seconds: number; calm: number; wrong: readonly Wrong[] }

type Part = { name: string; args: readonly string[]; child: ChildProcess }

const ROOT = join(import.meta.dirname, '..')
const QUIET_MS = 10 * 60_000

export async function soak(options: Soak): Promise<Soaked> {
  const { kills, workers, repos, seed, embedded, pages, between, pushEvery } = options
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-soak-'))
  const dir = join(folder, 'all.git')
  await makeSynthetic(dir, { repos })
  const github = await startGitHub({ host: await openNamespaces(dir, 'acme'), limits: null })
  const database = await databaseFor(folder, !embedded)
  await migrate(database.url)
  const random = randomFrom(seed)
  const counts: Record<string, number> = {}
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  const parts = runParts({
    env: {
      DATABASE_URL: database.url,
      GITHUB_TOKEN: 'any',
      GITHUB_ORG: 'acme',
      GITHUB_API_URL: github.apiUrl,
      PLUMBLINE_CRAWL_MINUTES: '1',
      PORT: '41877',
      LOG_LEVEL: 'error',
    },
    onEnd: name => count(`${name} ended by itself`),
  })
  for (let worker = 0; worker < (embedded ? 1 : workers); worker += 1) parts.start('worker', ['workers/main.ts'])
  if (pages) parts.start('pages', ['scripts/web.ts', '--no-build'])
  const db = openDatabase(database.url)
  try {
    // A worker that is killed before it has begun has nothing to lose.
    while ((await db.repository.count()) === 0) await pause(200)
    const begun = performance.now()
    for (let done = 0; done < kills; done += 1) {
      await pause(between[0] + random() * (between[1] - between[0]))
      if (done % pushEvery === pushEvery - 1) {
        count('pushes to a third of the repositories')
        await pushSynthetic(dir, { repos: Math.ceil(repos / 3), round: Math.ceil(done / pushEvery) })
      }
      if (await askForLook(db, Math.floor(random() * repos))) count('looks asked for')
      if (database.restart !== undefined && random() < 0.15) {
        count('database killed')
        database.restart()
      } else {
        count(`${await parts.kill(random())} killed`)
      }
    }
    const killed = performance.now()
    const isDone = async () => isQuiet(db, github.apiUrl).catch(() => false)
    while (!(await isDone()) && performance.now() - killed < QUIET_MS) await pause(500)
    const wrong = await auditStore(db, github.apiUrl, repos)
    return { counts, seconds: (killed - begun) / 1_000, calm: (performance.now() - killed) / 1_000, wrong }
  } finally {
    parts.end()
    await closeDatabase(db)
    await database.stop()
    await github.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Processes that are started again whenever they end, as a service would be. */
function runParts({ env, onEnd }: { env: Readonly<Record<string, string>>; onEnd(name: string): void }) {
  const parts: Part[] = []
  const start = (name: string, args: readonly string[]) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore', env: { ...process.env, ...env } })
    const part = { name, args, child }
    parts.push(part)
    child.on('exit', (_, signal) => {
      const at = parts.indexOf(part)
      if (at < 0) return
      parts.splice(at, 1)
      // A worker whose database went away may end by itself.
      if (signal === null) onEnd(name)
      start(name, args)
    })
  }
  return {
    start,
    /** Kills one of them, by a number in [0, 1), and says which. */
    async kill(chosen: number): Promise<string> {
      const part = parts[Math.floor(chosen * parts.length)]
      if (part === undefined) return 'nothing'
      const gone = once(part.child, 'exit')
      part.child.kill('SIGKILL')
      await gone
      return part.name
    },
    end(): void {
      for (const { child } of parts.splice(0)) child.kill('SIGKILL')
    },
  }
}

/** Somebody asks for a look at that repository, where it is known already and the database is there. */
async function askForLook(db: Database, index: number): Promise<boolean> {
  const name = `repo-${String(index).padStart(5, '0')}`
  try {
    const org = await db.org.findFirst({ select: { id: true } })
    if (org === null) return false
    const scope = { orgId: org.id, sees: { all: true } } as const
    return (await inTransaction(db, tx => openLook(tx, scope, name, new Date())))?.isNew === true
  } catch {
    // The database was killed a moment ago: whoever asks then is refused, and that is all.
    return false
  }
}
