/** Whoever listens hears of what they see as soon as it is stored, of nothing else, and for no longer than they may. */
import { expect, onTestFinished, test } from 'vitest'
import { type Marks, marks } from '#lib/api/events.ts'
import type { Viewer } from '#lib/auth/permit.ts'
import { EventStreams } from '#lib/http/event-stream.ts'
import { watchChanges } from '#lib/store/changes.ts'
import type { Database } from '#lib/store/database.ts'
import { readMarks } from '#lib/store/pages/marks.ts'
import { startRun } from '#lib/store/runs.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases, describePostgres, type TestDatabase } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result } from '#tests/store/made.ts'

const OWNER: Viewer = {
  id: 'owner',
  name: 'Owner',
  role: 'owner',
  sees: { all: true },
  via: 'session',
  scopes: null,
  address: null,
}
const OUTSIDER: Viewer = { ...OWNER, id: 'outsider', role: 'viewer', sees: { all: false, userId: 'outsider' } }

/** Looks that never come by themselves within a test, where changes are heard. */
const HEARING = { least: 20, deaf: 50, hearing: 600_000 }
const SLOW_BEATS = { streams: 3, streamsOfOne: 2, beatMs: 600_000 }

function streamsOn({ db, url }: TestDatabase, bounds = SLOW_BEATS): EventStreams {
  const failed = (error: unknown) => {
    throw error
  }
  const streams = new EventStreams(
    {
      watch: changed => watchChanges(db, { url, changed, failed, pace: HEARING }),
      marks: (sees, asked) => readMarks(db, { sees, asked }, day(9)),
      failed,
    },
    bounds,
  )
  onTestFinished(() => streams.endAll())
  return streams
}

/** Reads along. `marks`: what was told so far; `closed` once there is nothing more to come. */
function hear(stream: ReadableStream<Uint8Array>) {
  const told: Marks[] = []
  let closed = false
  let beats = 0
  let more = (): void => {}
  const read = async (): Promise<void> => {
    let text = ''
    for await (const bytes of stream.pipeThrough(
      new TextDecoderStream() as never,
    ) as unknown as AsyncIterable<string>) {
      text += bytes
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) {
        if (event.startsWith('data: ')) told.push(marks.parse(JSON.parse(event.slice(6))))
        if (event.startsWith('event: beat')) beats += 1
      }
      more()
    }
    closed = true
    more()
  }
  void read()
  const until = async (is: () => boolean): Promise<void> => {
    while (!is()) await new Promise<void>(resolve => (more = resolve))
  }
  return {
    told,
    beat: () => until(() => beats > 0),
    times: (count: number) => until(() => told.length >= count),
    end: () => until(() => closed),
  }
}

async function scan(db: Database, id: number, name: string): Promise<void> {
  const snapshotId = await crawl(db, id, `c${id}`, { 'a.yml': `${name}\n` })
  const judged = report([result('pinned', [finding(`f-${name}`)])])
  const versions = { checklistVersion: 'v1', policyHash: 'p1', now: day(2) }
  await saveScans(db, [{ repositoryId: BigInt(id), snapshotId, headOid: oid(`c${id}`), report: judged, ...versions }])
}

describeDatabases('an open page', database => {
  async function organisation(): Promise<void> {
    const { id: orgId } = await makeOrg(database.db, [listed(1, 'open'), listed(2, 'vault', { visibility: 'private' })])
    await startRun(database.db, { orgId, kind: 'first', now: day(1) })
  }

  test('is told as soon as a scan is stored, and of a repository that its reader does not see it is told nothing', async () => {
    await organisation()
    const streams = streamsOn(database)
    // In this order they are told: when the owner was, it is decided what the outsider is.
    const outsider = hear(streams.open({ viewer: OUTSIDER, org: null }, async () => OUTSIDER))
    const owner = hear(streams.open({ viewer: OWNER, org: null }, async () => OWNER))
    await Promise.all([outsider.times(1), owner.times(1)])
    await scan(database.db, 2, 'vault')
    await owner.times(2)
    expect(outsider.told).toHaveLength(1)
    await scan(database.db, 1, 'open')
    await outsider.times(2)
    expect(outsider.told[1]?.progress).not.toBe(outsider.told[0]?.progress)
  })

  test('is let go when its reader signed out, and before they hear another word', async () => {
    await organisation()
    let known: Viewer | null = OUTSIDER
    const streams = streamsOn(database)
    const outsider = hear(streams.open({ viewer: OUTSIDER, org: null }, async () => known))
    await outsider.times(1)
    known = null
    await scan(database.db, 1, 'open')
    await outsider.end()
    expect([outsider.told.length, streams.size]).toEqual([1, 0])
  })

  test('hears beats, at each of which it is asked whether its reader still may', async () => {
    await organisation()
    let known: Viewer | null = OWNER
    const streams = streamsOn(database, { ...SLOW_BEATS, beatMs: 20 })
    const owner = hear(streams.open({ viewer: OWNER, org: null }, async () => known))
    await owner.beat()
    known = null
    await owner.end()
    expect(streams.size).toBe(0)
  })

  test('is one of a bounded number, of one person and of all, and leaves room when it goes', async () => {
    await organisation()
    const streams = streamsOn(database)
    const open = (viewer: Viewer) => streams.open({ viewer, org: null }, async () => viewer)
    const first = open(OWNER)
    const second = open(OWNER)
    expect(() => open(OWNER)).toThrow('Too many pages listen for changes.')
    const third = open(OUTSIDER)
    expect(() => open({ ...OUTSIDER, id: 'another' })).toThrow('Too many pages listen for changes.')
    await Promise.all([second, third].map(stream => stream.cancel()))
    expect(streams.size).toBe(1)
    const owner = hear(open(OWNER))
    streams.endAll()
    await owner.end()
    await hear(first).end()
    expect(streams.size).toBe(0)
  })

  test('that was left before its first byte takes nobody’s place, though nobody reads or cancels it', async () => {
    await organisation()
    const streams = streamsOn(database)
    const open = (left: AbortSignal) => streams.open({ viewer: OWNER, org: null, left }, async () => OWNER)
    await hear(open(AbortSignal.abort())).end()
    expect(streams.size).toBe(0)
    const leaving = new AbortController()
    open(leaving.signal)
    expect(streams.size).toBe(1)
    leaving.abort()
    expect(streams.size).toBe(0)
  })
})

describePostgres('PostgreSQL', database => {
  test('is heard: no look is made by the clock, and one that is cut off is made again by asking', async () => {
    const { db, url } = database
    let looks = 0
    let more = (): void => {}
    const until = async (is: () => boolean): Promise<void> => {
      while (!is()) await new Promise<void>(resolve => (more = resolve))
    }
    const failures: unknown[] = []
    const changed = async (): Promise<void> => {
      looks += 1
      more()
    }
    onTestFinished(watchChanges(db, { url, changed, failed: error => failures.push(error), pace: HEARING }))
    // At the start, and when it was found that changes are heard.
    await until(() => looks >= 2)
    const { id: orgId } = await makeOrg(db, [listed(1, 'open')])
    await until(() => looks >= 3)
    const before = looks
    await db.$queryRaw`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'plumbline-events'`
    await startRun(db, { orgId, kind: 'first', now: day(1) })
    await until(() => looks > before)
    expect(failures.length).toBeGreaterThan(0)
  })
})
