/** Tells the store a history: at each of its dates the organisation is crawled and scanned as it stood then. */
import { githubSource } from '#lib/crawl/github-source.ts'
import { connect } from '#lib/github/client.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { endWaivers } from '#lib/store/laying.ts'
import { markListed, saveOrg } from '#lib/store/orgs.ts'
import { runningRun } from '#lib/store/runs.ts'
import { type Context, usageBook } from '#workers/context.ts'
import { AT_ONCE, handlersOf } from '#workers/handlers.ts'

export type Replay = {
  databaseUrl: string
  apiUrl: string
  token: string
  org: string
  /** Ascending. Those that the store has seen are left out. */
  dates: readonly Date[]
  /** Makes the host show the organisation as it was then. */
  setNow(date: Date): void
  /** What people did on that date, after the look. */
  onDate(db: Database, orgId: number, date: Date): Promise<void>
  signal: AbortSignal
  progress(done: number, total: number, words: string): void
}

/** Returns how many dates were replayed; 0 where the store knew the whole history. Stopped, it goes on there the next time. */
export async function replay(options: Replay): Promise<number> {
  const { dates, signal, progress } = options
  const db = openDatabase(options.databaseUrl)
  const judges = openJudges()
  try {
    const github = connect({ apiUrl: options.apiUrl, token: options.token })
    const { api, web } = github.addresses
    const org = await saveOrg(db, { login: options.org, apiUrl: api, webUrl: web, demo: true })
    const queue = inlineQueue()
    let now = new Date(0)
    const handlers = handlersOf({
      db,
      queue,
      judges,
      source: githubSource(github, options.org),
      now: () => now,
      log: createLog('warn'),
      replay: true,
      bookUsage: usageBook(db, github),
    } satisfies Context)
    const interrupted = (await runningRun(db, org.id)) !== null
    const { sweptAt } = org
    const left = dates.filter(date => sweptAt === null || (interrupted ? date >= sweptAt : date > sweptAt))
    for (const [index, date] of left.entries()) {
      progress(index, left.length, date.toISOString().slice(0, 10))
      now = date
      options.setNow(date)
      await queue.enqueue('discover-repositories', { orgId: org.id })
      await endWaivers(db, date)
      await queue.drain(handlers, signal, AT_ONCE)
      await options.onDate(db, org.id, date)
      await markListed(db, org.id, { sweptAt: date })
    }
    return left.length
  } finally {
    await judges.close()
    await closeDatabase(db)
  }
}
