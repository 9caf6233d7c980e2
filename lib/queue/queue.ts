/** Work outside the request: jobs in PostgreSQL, so that any number of workers on any machines share them. */
import { fromPrisma, type Job, PgBoss, type PrismaTransactionLike, type Queue as QueueSettings } from 'pg-boss'
import { AppError } from '#lib/errors.ts'
import type { Logger } from '#lib/log.ts'
import { JOBS, type JobName, type JobPayload } from './jobs.ts'

export type QueueOptions = {
  url: string
  log: Logger
  /** Whether this process runs jobs. One that only asks for work leaves the upkeep of the queue to the workers. */
  works: boolean
  /** Seconds between two looks for work; a test wants less. */
  pollingSeconds?: number
}

type EnqueueOptions = {
  /** The transaction of the write that this job follows: both happen, or neither. */
  transaction?: PrismaTransactionLike
  /** While a job of this name and key waits or runs, a second one is not taken. */
  key?: string
  /** Somebody waits for it: it goes before the jobs of its name that wait already. */
  urgent?: boolean
}

export type Handler<Name extends JobName> = (payload: JobPayload<Name>) => Promise<void>

export type Queue = {
  /** Returns false where a job of the same key was there already. */
  enqueue<Name extends JobName>(name: Name, payload: JobPayload<Name>, options?: EnqueueOptions): Promise<boolean>
  work<Name extends JobName>(name: Name, handler: Handler<Name>, atOnce: number): Promise<void>
  /** How many jobs wait or run, of one name or of all. */
  unfinished(name?: JobName): Promise<number>
  /** Takes no new job, waits for those that run, and closes its connections. */
  stop(): Promise<void>
}

// A worker that dies by kill -9 cannot say so: its jobs go back to the queue when their heartbeat is this old.
const HEARTBEAT_SECONDS = 10
const SETTINGS: Omit<QueueSettings, 'name'> = {
  policy: 'exclusive',
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: 3600,
  retryLimit: 5,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 300,
  deleteAfterSeconds: 24 * 3600,
}

/** Connects to the queue's tables, which it makes where they are missing. */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: options.url,
    application_name: 'plumbline-queue',
    // The embedded database has one backend behind all connections: more of them would only wait for each other.
    max: 2,
    supervise: options.works,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    monitorVacuum: false,
    reindex: false,
  })
  boss.on('error', error => options.log.error({ error: error.message }, 'The queue had an error; it tries again.'))
  await boss.start()
  for (const name of Object.keys(JOBS)) if ((await boss.getQueue(name)) === null) await boss.createQueue(name, SETTINGS)
  const workers: Workers = new Map()
  return {
    enqueue: (name, payload, how) => enqueue(boss, workers, name, payload, how ?? {}),
    work: (name, handler, atOnce) => work(boss, workers, options.pollingSeconds ?? 1, name, handler, atOnce),
    unfinished: name => unfinished(boss, name === undefined ? Object.keys(JOBS) : [name]),
    stop: () => boss.stop({ graceful: true, timeout: 30_000 }),
  }
}

async function enqueue<Name extends JobName>(
  boss: PgBoss,
  workers: Workers,
  name: Name,
  payload: JobPayload<Name>,
  { transaction, key, urgent }: EnqueueOptions,
): Promise<boolean> {
  const id = await boss.send(name, parse(name, payload), {
    // Without a key every job is its own: the policy counts those without one as the same.
    singletonKey: key ?? crypto.randomUUID(),
    ...(urgent === true ? { priority: 1 } : {}),
    ...(transaction === undefined ? {} : { db: fromPrisma(transaction) }),
  })
  wake(boss, workers, name)
  return id !== null
}

async function work<Name extends JobName>(
  boss: PgBoss,
  workers: Workers,
  pollingSeconds: number,
  name: Name,
  handler: Handler<Name>,
  atOnce: number,
): Promise<void> {
  const run = async ([job]: Job<unknown>[]): Promise<void> => {
    // Where one job was, there may be more: look again at once, and only rest when nothing was found.
    wake(boss, workers, name)
    if (job !== undefined) await handler(parse(name, job.data))
  }
  const settings = { batchSize: 1, pollingIntervalSeconds: pollingSeconds }
  for (let count = 0; count < atOnce; count++) {
    const id = await boss.work<unknown>(name, settings, run)
    workers.set(name, [...(workers.get(name) ?? []), id])
  }
}

/** Job name → the workers of this process that run it. */
type Workers = Map<JobName, string[]>

function wake(boss: PgBoss, workers: Workers, name: JobName): void {
  for (const id of workers.get(name) ?? []) boss.notifyWorker(id)
}

function parse<Name extends JobName>(name: Name, payload: unknown): JobPayload<Name> {
  const parsed = JOBS[name].safeParse(payload)
  if (parsed.success) return parsed.data as JobPayload<Name>
  throw new AppError('invalid-input', `A ${name} job has a payload that it cannot use: ${parsed.error.message}`)
}

async function unfinished(boss: PgBoss, names: readonly string[]): Promise<number> {
  const { rows } = await boss
    .getDb()
    .executeSql("SELECT count(*)::int AS jobs FROM pgboss.job WHERE state < 'completed' AND name = ANY($1)", [names])
  return Number(rows[0]?.jobs ?? 0)
}
