import { type Health, readHealth } from '#lib/store/health.ts'
import { refusing } from '#lib/store/pages/refusing.ts'
import { house } from '../../door.ts'

/**
 * For whoever keeps the process running: 200 where pages can be served, else 503. Open to all, so it names nothing: not
 * the organisation, not a repository, not what went wrong.
 */
export async function GET(): Promise<Response> {
  const health = await look()
  const body = {
    live: true,
    ready: health !== null,
    database: health === null ? 'unreachable' : 'ok',
    queue: health === null ? null : health.jobs.reduce((sum, { waiting }) => sum + waiting, 0),
    lastCrawl: health?.lastCrawl && { state: health.lastCrawl.state, finishedAt: health.lastCrawl.finishedAt },
  }
  return Response.json(body, { status: body.ready ? 200 : 503, headers: { 'cache-control': 'no-store' } })
}

async function look(): Promise<Health | null> {
  try {
    const { url, db } = house()
    return await refusing(db, url, readHealth)
  } catch (error) {
    process.stderr.write(`/api/health: ${error instanceof Error ? error.message : 'failed'}\n`)
    return null
  }
}
