/**
 * `npm run bench -- soak [--kills 100] [--workers 3] [--repos 300] [--seed 1] [--embedded]`: workers that share one database
 * are killed at random moments, the pages and the database too, while pushes come in; in the end nothing may be lost,
 * doubled or stuck. The same seed kills in the same order.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Command } from 'commander'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { startGitHub } from '#demo/github/server.ts'
import { makeSynthetic, pushSynthetic, randomFrom } from '#demo/github/synthetic.ts'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { migrate } from '#prisma/migrate.ts'
import { databaseFor } from './databases.ts'
import { auditStore, isQuiet, type Wrong } from './soak-audit.ts'

type Options = { kills: number; workers: number; repos: number; seed: number; embedded: boolean }
type Part = { name: string; args: readonly string[]; child: ChildProcess }

const ROOT = join(import.meta.dirname, '..')
const QUIET_MS = 10 * 60_000
const PUSH_EVERY = 10

const options = new Command('npm run bench -- soak')
  .option('--kills <number>', 'how often something is killed', Number, 100)
  .option('--workers <number>', 'how many workers share the database', Number, 3)
  .option('--repos <number>', 'how many repositories', Number, 300)
  .option('--seed <number>', 'of the order and the moments of the kills', Number, 1)
  .option('--embedded', 'one worker on the embedded database, which is not killed', false)
  .parse()
  .opts<Options>()
process.exitCode = (await soak(options)) ? 0 : 1

async function soak({ kills, workers, repos, seed, embedded }: Options): Promise<boolean> {
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
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    GITHUB_TOKEN: 'any',
    GITHUB_ORG: 'acme',
    GITHUB_API_URL: github.apiUrl,
    PLUMBLINE_CRAWL_MINUTES: '1',
    PORT: '41877',
    LOG_LEVEL: 'error',
  }
  const parts: Part[] = []
  const start = (name: string, args: readonly string[]) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'ignore'], env })
    const part = { name, args, child }
    parts.push(part)
    // One that ends by itself, as a worker whose database went away may, is started again, as a service would be.
    child.on('exit', (_, signal) => {
      const at = parts.indexOf(part)
      if (at < 0) return
      parts.splice(at, 1)
      if (signal === null) count(`${name} ended by itself`)
      start(name, args)
    })
  }
  const kill = async (part: Part) => {
    count(`${part.name} killed`)
    const gone = once(part.child, 'exit')
    part.child.kill('SIGKILL')
    await gone
  }
  for (let worker = 0; worker < (embedded ? 1 : workers); worker += 1) start('worker', ['workers/main.ts'])
  if (existsSync(join(ROOT, '.next/BUILD_ID'))) start('pages', ['scripts/web.ts', '--no-build'])

  const db = openDatabase(database.url)
  const begun = performance.now()
  try {
    let round = 0
    for (let done = 0; done < kills; done += 1) {
      await pause(500 + random() * 3_500)
      if (database.restart !== undefined && random() < 0.15) {
        count('database killed')
        database.restart()
      } else {
        const part = parts[Math.floor(random() * parts.length)]
        if (part !== undefined) await kill(part)
      }
      if (done % PUSH_EVERY === PUSH_EVERY - 1) {
        round += 1
        count('pushes to a third of the repositories')
        await pushSynthetic(dir, { repos: Math.ceil(repos / 3), round })
      }
    }
    const killed = performance.now()
    const isDone = async () => isQuiet(db, github.apiUrl).catch(() => false)
    while (!(await isDone()) && performance.now() - killed < QUIET_MS) await pause(500)
    const wrong = await auditStore(db, github.apiUrl, repos)
    report(counts, { seconds: (killed - begun) / 1_000, calm: (performance.now() - killed) / 1_000, wrong })
    return wrong.length === 0
  } finally {
    const ending = parts.splice(0)
    for (const { child } of ending) child.kill('SIGKILL')
    await closeDatabase(db)
    await database.stop()
    await github.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(
  counts: Readonly<Record<string, number>>,
  { seconds, calm, wrong }: { seconds: number; calm: number; wrong: readonly Wrong[] },
): void {
  console.table(counts)
  console.log(`Killed for ${Math.round(seconds)} s; everything was done ${Math.round(calm)} s after the last kill.`)
  if (wrong.length === 0) console.log('Nothing was lost, nothing was doubled, nothing is stuck.')
  else console.table(wrong)
}
