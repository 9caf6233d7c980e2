/** That something changed which open pages show: heard from PostgreSQL where it can be, else asked for. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Database } from './database.ts'

/** Where the transactions that change it say so, by the triggers of the migration `told_changes`. */
const CHANNEL = 'plumbline'

/** Milliseconds between two looks: at least; where nothing can be heard; and where changes are. */
export type Pace = { least: number; deaf: number; hearing: number }
const PACE: Pace = { least: 250, deaf: 1_000, hearing: 15_000 }

/** A notification is heard within this time, or never: a pooler or the embedded database stands between. */
const HEARD_WITHIN_MS = 2_000
const LISTEN_AGAIN_MS = 5_000

type Watch = {
  url: string
  /** Called at the start and for every change; not again before it is done. */
  changed(): Promise<void>
  failed(error: unknown): void
  pace?: Pace
}

/**
 * One look for the whole process, however many read along. What is heard only brings the next look forward, so that a
 * notification that is lost makes it late and never wrong. Returns what ends it.
 */
export function watchChanges(db: Database, { url, changed, failed, pace = PACE }: Watch): () => void {
  const end = new AbortController()
  let heard = false
  let wake = (): void => {}
  const ear = listen(db, { url, failed }, () => {
    heard = true
    wake()
  })
  const quiet = (ms: number): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const run = async (): Promise<void> => {
    let before: string | null = null
    while (!end.signal.aborted) {
      const wasHeard = heard
      heard = false
      try {
        const now = await readPulse(db)
        if (wasHeard || now !== before) await changed()
        before = now
      } catch (error) {
        failed(error)
      }
      await pause(pace.least, undefined, { signal: end.signal }).catch(() => undefined)
      if (!heard && !end.signal.aborted) await quiet(ear.hears() ? pace.hearing : pace.deaf)
    }
  }
  void run()
  return () => {
    end.abort()
    ear.end()
    wake()
  }
}

/**
 * What the triggers tell is heard on a connection of its own; whether that is so is tried by a word to oneself, sent on
 * another. A connection that is lost is made again, and meanwhile nothing is heard.
 */
function listen(
  db: Database,
  { url, failed }: Pick<Watch, 'url' | 'failed'>,
  heard: () => void,
): { hears(): boolean; end(): void } {
  let hearing = false
  let ended = false
  let current: pg.Client | null = null
  const run = async (): Promise<void> => {
    while (!ended) {
      const client = new pg.Client({ connectionString: url, application_name: 'plumbline-events', keepAlive: true })
      current = client
      const lost = new Promise<void>(resolve => client.once('end', resolve))
      const word = randomUUID()
      const told = new Promise<boolean>(resolve => {
        client.on('notification', ({ payload }) => (payload === word ? resolve(true) : heard()))
      })
      client.on('error', failed)
      try {
        await client.connect()
        await client.query(`LISTEN ${CHANNEL}`)
        await db.$executeRaw`select pg_notify(${CHANNEL}, ${word})`
        hearing = await Promise.race([told, lost.then(() => false), pause(HEARD_WITHIN_MS, false)])
        if (hearing) {
          heard()
          await lost
        } else if (!ended) {
          await client.query(`UNLISTEN ${CHANNEL}`)
          await client.end()
          return
        }
      } catch (error) {
        if (!ended) failed(error)
        await client.end().catch(failed)
      }
      hearing = false
      if (!ended) await pause(LISTEN_AGAIN_MS)
    }
  }
  void run()
  return {
    hears: () => hearing,
    end: () => {
      ended = true
      void current?.end().catch(failed)
    },
  }
}

/** Whatever has changed, this is another text. One query over the newest rows and over indexes. */
async function readPulse(db: Database): Promise<string> {
  const [row] = await db.$queryRaw<{ pulse: string }[]>`
    with run as (select * from "CrawlRun" order by id desc limit 20)
    select concat_ws('/', (select max(id) from "Scan"), (select max(id) from "Snapshot"),
      (select string_agg(concat_ws(' ', id, state, total, rest, points, git), ',' order by id) from run),
      (select string_agg(concat_ws(' ', "runId", outcome, count), ',' order by "runId", outcome) from (
        select o."runId", o.outcome, count(*) from "CrawlOutcome" o
        where o."runId" in (select id from run where state in ('asked', 'running')) group by 1, 2) counted),
      (select concat_ws(' ', count(*), max(at)) from "RepositoryHint"),
      (select string_agg(concat_ws(' ', account, resource, remaining, "resetAt", "pausedUntil"), ',' order by account, resource)
        from "Budget")) as pulse`
  return row?.pulse ?? ''
}
