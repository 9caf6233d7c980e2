import { createHash, timingSafeEqual } from 'node:crypto'
import { readEnv } from '#lib/env.ts'
import { exposition, type Metric, timingMetric } from '#lib/http/metrics.ts'
import { type Health, readHealth } from '#lib/store/health.ts'
import { house } from '../../door.ts'

/** For Prometheus, behind a token of its own: without one nothing is here. Counts only. */
export async function GET(request: Request): Promise<Response> {
  const { metricsToken } = readEnv()
  if (metricsToken === null || !isToken(request.headers.get('authorization'), metricsToken))
    return new Response('Not found\n', { status: 404 })
  const body = exposition([...metricsOf(await readHealth(house().db)), timingMetric()])
  return new Response(body, { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } })
}

function isToken(authorization: string | null, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}

function metricsOf({ jobs, repositories, lastCrawl, budget }: Health): Metric[] {
  const limits = Object.entries(budget)
  return [
    {
      name: 'plumbline_jobs_waiting',
      help: 'Jobs that wait or run, by name.',
      type: 'gauge',
      samples: jobs.map(({ name, waiting }) => ({ labels: { name }, value: waiting })),
    },
    {
      name: 'plumbline_jobs_failed',
      help: 'Jobs that failed for good and are still kept, by name.',
      type: 'gauge',
      samples: jobs.map(({ name, failed }) => ({ labels: { name }, value: failed })),
    },
    {
      name: 'plumbline_repositories',
      help: 'Repositories by the outcome of their last crawl.',
      type: 'gauge',
      samples: repositories.map(({ outcome, count }) => ({ labels: { outcome }, value: count })),
    },
    {
      name: 'plumbline_last_crawl_finished_timestamp_seconds',
      help: 'When the newest crawl ended.',
      type: 'gauge',
      samples: lastCrawl?.finishedAt ? [{ value: Math.floor(lastCrawl.finishedAt.getTime() / 1000) }] : [],
    },
    {
      name: 'plumbline_budget_remaining',
      help: 'What is left of the host’s hourly limit, as it was last told.',
      type: 'gauge',
      samples: limits.map(([resource, { remaining }]) => ({ labels: { resource }, value: remaining })),
    },
  ]
}
