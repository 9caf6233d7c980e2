import { expect, test } from 'vitest'
import type { Scope } from '#lib/api/frame.ts'
import { type Counts, SHOWN } from '#lib/api/overview.ts'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import { rangeOf, trendsQuery } from '#lib/api/trends.ts'
import type { Database } from '#lib/store/database.ts'
import { readCheck, readCheckCounts } from '#lib/store/pages/checks.ts'
import { shownAs } from '#lib/store/pages/fragments.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { saveScans } from '#lib/store/scans.ts'
import { describeDatabases } from '#tests/database.ts'
import { crawl, day, finding, listed, makeOrg, oid, report, result, saveListing } from '../made.ts'

const CHECKS = ['pinned', 'least', 'locked']
const LAST = 10

type Look = { day: number; score: number | null; outcomes: Record<string, { outcome: string; failing: number }> }
type Known = { id: number; private: boolean; archived: boolean; gone: boolean; team: boolean; looks: Look[] }

/** The same every time: numbers by a generator whose high bits are used. */
function luck(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Looks at some repositories on a day, by one policy or another, and remembers what each was told. */
async function lookAt(db: Database, all: readonly Known[], at: number, random: (below: number) => number) {
  const scans = []
  for (const one of all) {
    if (random(3) === 0) continue
    const commit = `c${one.id}-${at}`
    const score = random(5) === 0 ? null : random(101)
    const checks = CHECKS.filter(() => random(8) > 0).map(check => {
      const item = check === 'locked' ? ('pin-dependencies' as const) : ('pin-actions' as const)
      const outcome = (['unknown', 'not-applicable', 'error', 'fail', 'pass'] as const)[random(5)] ?? 'pass'
      const findings = outcome === 'fail' ? [1, 2, 3].slice(random(3)).map(place => finding(`f${place}`)) : []
      const judged = outcome === 'fail' || outcome === 'pass'
      return result(check, findings, { item, outcome, ...(!judged && { value: null }) })
    })
    const outcomes = Object.fromEntries(
      checks.map(({ id, outcome, findings }) => [id, { outcome, failing: findings.length }]),
    )
    one.looks.push({ day: at, score, outcomes })
    scans.push({
      ...{ repositoryId: BigInt(one.id), headOid: oid(commit), report: report(checks, { score }), now: day(at) },
      ...{ snapshotId: await crawl(db, one.id, commit, { 'a.yml': commit }), checklistVersion: 'v1' },
      policyHash: `p${random(2)}`,
    })
  }
  await saveScans(db, scans)
}

/** Repositories change hands, are archived, come back and go, between looks. */
async function history(db: Database, seed: number): Promise<{ orgId: number; all: Known[] }> {
  const random = luck(seed)
  const all = [1, 2, 3, 4, 5, 6].map(
    (id): Known => ({ id, private: id > 2, archived: false, gone: false, team: id % 3 === 0, looks: [] }),
  )
  const listing = () =>
    all
      .filter(one => !one.gone)
      .map(one =>
        listed(one.id, `n${one.id}`, { visibility: one.private ? 'private' : 'public', archived: one.archived }),
      )
  const { id: orgId } = await makeOrg(db, listing())
  await db.repository.updateMany({
    where: { id: { in: all.filter(one => one.team).map(one => BigInt(one.id)) } },
    data: { teams: ['core'] },
  })
  await db.user.create({ data: { id: 'reader', name: 'R', email: 'r@example.test' } })
  for (let at = 2; at <= LAST; at++) {
    await lookAt(
      db,
      all.filter(one => !one.gone),
      at,
      random,
    )
    // What was held of an earlier look is not told of a later one.
    await readOverview(db, { orgId, sees: { all: true } }, day(1), day(LAST + 1))
    const one = all[random(all.length)]
    if (one !== undefined && at < LAST) {
      const change = random(3)
      if (change === 0) one.private = !one.private
      if (change === 1) one.archived = !one.archived
      if (change === 2) one.gone = at % 3 === 0
    }
    // Absent from two complete listings it is gone; seen again it is back.
    for (const _ of [1, 2]) await saveListing(db, { orgId, repositories: listing(), complete: true, now: day(at) })
    const given = BigInt(1 + random(all.length))
    const key = { userId_repositoryId: { userId: 'reader', repositoryId: given } }
    await db.repositoryAccess.upsert({ where: key, create: { userId: 'reader', repositoryId: given }, update: {} })
  }
  return { orgId, all }
}

function none(): Counts {
  return { pass: 0, waived: 0, fail: 0, unknown: 0, 'not-applicable': 0 }
}

/** As `stateOfChecks` tells it. */
function worst(outcomes: readonly string[]): string | null {
  const order = ['fail', 'unknown', 'waived', 'pass', 'not-applicable']
  const shown = outcomes.map(outcome => shownAs(outcome) as string)
  return order.find(state => shown.includes(state)) ?? null
}

/** Counted one by one from what was saved: how the repositories stood at the end of that day. */
function plain(own: readonly Known[], at: number) {
  const looks = own.flatMap(({ looks }) => looks.filter(look => look.day <= at).at(-1) ?? [])
  const scores = looks.flatMap(({ score }) => (score === null ? [] : [score]))
  const counted = (state: (look: Look) => string | null) => {
    const counts = none()
    for (const look of looks) {
      const stood = state(look)
      if (stood !== null) counts[shownAs(stood)] += 1
    }
    return counts
  }
  const of = (look: Look, checks: readonly string[]) => worst(checks.flatMap(id => look.outcomes[id]?.outcome ?? []))
  return {
    score: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    repositories: scores.length,
    pinActions: counted(look => of(look, ['pinned', 'least'])),
    pinned: counted(look => look.outcomes.pinned?.outcome ?? null),
    findings: looks.reduce((sum, look) => sum + (look.outcomes.pinned?.failing ?? 0), 0),
    failing: looks.filter(look => look.outcomes.pinned?.outcome === 'fail').length,
  }
}

/** Told one by one: whose score rose or fell since the end of that day, most first. */
function moved(own: readonly Known[], past: number, way: 1 | -1) {
  const changes = own.flatMap(({ id, looks }) => {
    const [now, then] = [looks.at(-1), looks.findLast(look => look.day <= past)]
    if (typeof now?.score !== 'number' || typeof then?.score !== 'number') return []
    return { id, name: `n${id}`, score: now.score, change: now.score - then.score }
  })
  const most = changes.filter(({ change }) => change * way >= 1)
  most.sort((a, b) => (b.change - a.change) * way || a.id - b.id)
  return most.slice(0, 4).map(({ id: _id, ...told }) => told)
}

/** Told one by one: what fails now and did not at the end of that day, and since when. */
function newlyFailing(own: readonly Known[], past: number) {
  const told = own.flatMap(({ id, looks }) =>
    CHECKS.flatMap(checkId => {
      const outcomeAt = (look: Look | undefined) => look?.outcomes[checkId]?.outcome
      const [now, then] = [looks.at(-1), looks.findLast(look => look.day <= past)]
      if (outcomeAt(now) !== 'fail' || outcomeAt(then) === undefined || outcomeAt(then) === 'fail') return []
      const since = looks[looks.findLastIndex(look => outcomeAt(look) !== 'fail') + 1]
      return [{ name: `n${id}`, checkId, findings: now?.outcomes[checkId]?.failing, since: day(since?.day ?? 0) }]
    }),
  )
  return told.sort(
    (a, b) => b.since.getTime() - a.since.getTime() || (`${a.name} ${a.checkId}` < `${b.name} ${b.checkId}` ? -1 : 1),
  )
}

describeDatabases('courses', database => {
  test.each([11, 13, 17])(
    'tell what is counted one by one, whatever happened to whom (%i)',
    { timeout: 120_000 },
    async seed => {
      const { db } = database
      const { orgId, all } = await history(db, seed)
      const readable = new Set((await db.repositoryAccess.findMany()).map(({ repositoryId }) => Number(repositoryId)))
      const counting = all.filter(one => !one.gone && !one.archived)
      const reader: Scope = { orgId, sees: { all: false, userId: 'reader' } }
      const whole: Scope = { orgId, sees: { all: true } }
      const seen = counting.filter(one => !one.private || readable.has(one.id))
      const team = { team: 'core' }
      const cases: [Scope, { team?: string }, Known[]][] = [
        [reader, {}, seen],
        [whole, {}, counting],
        [reader, team, seen.filter(one => one.team)],
        [whole, team, counting.filter(one => one.team)],
        [{ orgId, sees: { all: false, userId: 'nobody' } }, {}, counting.filter(one => !one.private)],
      ]
      const range = rangeOf(trendsQuery.parse({ from: '2026-01-01', to: `2026-01-${LAST}` }), day(LAST + 1))
      for (const [scope, asked, own] of cases) {
        const trends = await readTrends(db, scope, { ...asked, check: 'pinned' }, range)
        for (const [step, at] of range.ends.entries()) {
          const wanted = plain(own, step === 0 ? 0 : at.getUTCDate())
          expect(trends.score[step]?.repositories).toBe(wanted.repositories)
          expect(trends.score[step]?.score ?? -1).toBeCloseTo(wanted.score ?? -1, 3)
          expect(trends.subject?.[step]?.counts).toEqual(wanted.pinned)
          const item = trends.items.find(one => one.item === 'pin-actions')
          expect(item?.points[step]?.counts ?? none()).toEqual(wanted.pinActions)
        }
      }
      let newly = 0
      for (const [scope, own] of [[reader, seen] as const, [whole, counting] as const]) {
        const [wanted, before] = [plain(own, LAST), plain(own, 6)]
        const counts = (await readCheckCounts(db, scope)).get('pinned')
        expect(counts?.counts ?? none()).toEqual(wanted.pinned)
        expect(counts?.findings ?? 0).toBe(wanted.findings)
        for (const [asked, of] of [
          [{ check: 'pinned' }, wanted.pinned] as const,
          [{ item: 'pin-actions' }, wanted.pinActions] as const,
        ])
          for (const outcome of SHOWN) {
            const query = repositoriesQuery.parse({ ...asked, outcome })
            expect((await readRepositories(db, scope, query, day(LAST + 1))).total).toBe(of[outcome])
          }
        const { failing } = await readCheck(db, scope, 'pinned')
        expect(failing).toHaveLength(wanted.failing)
        expect(failing.reduce((sum, one) => sum + one.failing, 0)).toBe(wanted.findings)
        const overview = await readOverview(db, scope, day(6), day(LAST + 1))
        expect(overview.items.find(one => one.item === 'pin-actions')?.counts).toEqual(wanted.pinActions)
        expect(overview.score ?? -1).toBeCloseTo(wanted.score ?? -1, 6)
        expect(overview.scoreBefore ?? -1).toBeCloseTo(before.score ?? -1, 6)
        for (const [told, way] of [[overview.up, 1] as const, [overview.down, -1] as const])
          expect(told.map(({ reasons: _reasons, ...one }) => one)).toEqual(moved(own, 6, way))
        const core = own.filter(one => one.team)
        const wantedOfTeam = core.length === 0 ? [] : [{ team: 'core', repositories: core.length }]
        expect(overview.teams.map(({ team, repositories }) => ({ team, repositories }))).toEqual(wantedOfTeam)
        expect(overview.teams[0]?.score ?? -1).toBeCloseTo(plain(core, LAST).score ?? -1, 6)
        for (let past = 2; past < LAST; past++) {
          const told = (await readOverview(db, scope, day(past), day(LAST + 1))).newlyFailing
          expect(told).toEqual(newlyFailing(own, past).slice(0, 8))
          newly += told.length
        }
      }
      expect(newly).toBeGreaterThan(0)
      const apart = await db.$queryRaw`
        select r.id from "Repository" r left join "Standing" s on s."repositoryId" = r.id left join "Scan" n on n.id = r."latestScanId"
        where (s."orgId", s.gone, s.public, s.archived, s."crawledAt", s.outcome, s."scanId", s.score, s."itemsMet", s.grade, s.teams, s.slot)
          is distinct from (r."orgId", r."goneAt" is not null, r.visibility = 'public', r.archived, r."crawledAt", r.outcome, n.id,
            n.score, n."itemsMet", n.grade, r.teams, r.slot)`
      expect(apart).toEqual([])
      expect(SHOWN.reduce((sum, state) => sum + plain(seen, LAST).pinned[state], 0)).toBeGreaterThan(0)
    },
  )
})
