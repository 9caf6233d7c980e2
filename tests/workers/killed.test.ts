/** A worker killed at any moment and started again loses nothing and doubles nothing; shown with real processes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as turn } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { type PretendGitHub, startGitHub } from '#demo/github/server.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'
import type { Database } from '#lib/store/database.ts'
import { describeDatabases } from '../database.ts'

const ROOT = join(import.meta.dirname, '../..')
const REPOSITORIES = 30

describeDatabases('a worker that is killed', database => {
  const children: ChildProcess[] = []
  let github: PretendGitHub | undefined
  let folder = ''

  afterEach(async () => {
    for (const child of children.splice(0)) await end(child, 'SIGKILL')
    await github?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function serve(): Promise<PretendGitHub> {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-killed-'))
    await makeSynthetic(join(folder, 'all.git'), { repos: REPOSITORIES })
    github = await startGitHub({ host: await openNamespaces(join(folder, 'all.git'), 'acme'), limits: null })
    return github
  }

  function startWorker(apiUrl: string): ChildProcess {
    const child = spawn(process.execPath, ['workers/main.ts'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        GITHUB_TOKEN: 'any',
        GITHUB_ORG: 'acme',
        GITHUB_API_URL: apiUrl,
        LOG_LEVEL: 'error',
      },
    })
    children.push(child)
    return child
  }

  test('is no loss: every repository has one snapshot and one scan in the end', { timeout: 240_000 }, async () => {
    const { apiUrl } = await serve()
    // Killed while listing, while blobs come in, with half of the snapshots taken, and while scanning.
    const moments: ((db: Database) => Promise<boolean>)[] = [
      async db => (await db.crawlRun.count()) > 0,
      async db => (await db.blob.count()) > 0,
      async db => (await db.snapshot.count()) >= REPOSITORIES / 2,
      async db => (await db.scan.count()) >= REPOSITORIES / 2,
    ]
    for (const reached of moments) {
      const worker = startWorker(apiUrl)
      await until(() => reached(database.db))
      await end(worker, 'SIGKILL')
    }
    const worker = startWorker(apiUrl)
    await until(async () => (await database.db.scan.count()) >= REPOSITORIES)
    await until(async () => (await database.db.crawlRun.count({ where: { state: 'running' } })) === 0)
    await until(async () => (await unfinished(database.db)) === 0)
    expect(await end(worker, 'SIGTERM')).toBe(0)

    const repositories = await database.db.repository.findMany({
      select: { outcome: true, snapshots: { select: { headOid: true, settings: true, _count: true } } },
    })
    expect(repositories).toHaveLength(REPOSITORIES)
    for (const { outcome, snapshots } of repositories) {
      expect(outcome).toBe('ok')
      expect(snapshots.map(({ _count }) => _count.scans)).toEqual(snapshots.map(() => 1))
      // A second one only where what the repository tells of its settings came after the first.
      const distinct = new Set(snapshots.map(({ headOid, settings }) => JSON.stringify([headOid, settings])))
      expect([distinct.size, snapshots.length <= 2]).toEqual([snapshots.length, true])
    }
    const open = await database.db.finding.groupBy({ by: ['repositoryId', 'fingerprint'], _count: { _all: true } })
    expect(open.length).toBeGreaterThan(0)
    expect(open.filter(group => group._count._all > 1)).toEqual([])
    const told = await database.db.scan.aggregate({
      where: { latestOf: { isNot: null } },
      _sum: { openFindings: true },
    })
    expect(open.length).toBe(told._sum.openFindings)
  })

  test('that is asked to stop ends in order and leaves nothing half done', { timeout: 60_000 }, async () => {
    const { apiUrl } = await serve()
    const worker = startWorker(apiUrl)
    await until(async () => (await database.db.snapshot.count()) > 0)
    expect(await end(worker, 'SIGTERM')).toBe(0)
    const active = await database.db.$queryRaw<{ jobs: number }[]>`
      SELECT count(*)::int AS jobs FROM pgboss.job WHERE state = 'active'`
    expect(active).toEqual([{ jobs: 0 }])
  })
})

async function unfinished(db: Database): Promise<number> {
  const [row] = await db.$queryRaw<{ jobs: number }[]>`
    SELECT count(*)::int AS jobs FROM pgboss.job WHERE state < 'completed'`
  return row?.jobs ?? 0
}

/** Waits for a state that another process brings about; the test's own time limit ends a wait in vain. */
async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await turn(20)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const gone = once(child, 'exit')
  child.kill(signal)
  const [code] = await gone
  return code
}
