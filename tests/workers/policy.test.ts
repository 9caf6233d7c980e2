import { afterAll, expect, test } from 'vitest'
import { rangeOf, trendsQuery } from '#lib/api/trends.ts'
import { type Role, seesOf, type Viewer } from '#lib/auth/permit.ts'
import { askForTrial, savePolicy } from '#lib/auth/policy.ts'
import { askForWaiver } from '#lib/auth/waivers.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { readAudit } from '#lib/store/audit.ts'
import { saveProperties } from '#lib/store/owners.ts'
import { readPolicyPage } from '#lib/store/pages/policy.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { currentPolicy, findTrial, openTrials } from '#lib/store/policies.ts'
import { describeDatabases } from '#tests/database.ts'
import type { Context } from '#workers/context.ts'
import { scanAgain } from '#workers/scan-again.ts'
import { scanSnapshots } from '#workers/scan-snapshots.ts'
import { tryPolicy } from '#workers/try-policy.ts'
import { crawl, day, listed, makeOrg, whole } from '../store/made.ts'

const TAGGED =
  'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: acme/build@v1\n'

function viewer(role: Role): Viewer {
  return { id: role, name: role, role, sees: seesOf(role, role), via: 'session', scopes: null, address: null }
}
const security = viewer('security')

const judges = openJudges({ count: 1 })
afterAll(() => judges.close())

describeDatabases('a change of the policy', database => {
  let today = 2
  const queue = inlineQueue()
  const context = () =>
    ({ db: database.db, queue, judges, now: () => day(today), log: createLog('silent') }) as unknown as Context
  const scope = whole({ id: 1 })

  /** `one` is of the first tier; both call an action by its tag, `two` in a folder of examples too. */
  async function org(): Promise<void> {
    today = 2
    await makeOrg(database.db, [listed(1, 'one', { topics: ['tier-1'] }), listed(2, 'two', { topics: [] })])
    const first = await crawl(database.db, 1, 'c1', { '.github/workflows/ci.yml': TAGGED })
    const second = await crawl(database.db, 2, 'c2', {
      '.github/workflows/ci.yml': TAGGED,
      'examples/action.yml': 'runs:\n  using: composite\n  steps:\n    - uses: other/thing@v2\n',
    })
    await scanSnapshots(context(), { snapshotIds: [first, second] })
  }

  async function scores() {
    const cards = await Promise.all(
      ['one', 'two'].map(name => readScorecard(database.db, scope, name, day(60), undefined)),
    )
    return cards.map(card => card?.scan?.score)
  }

  async function tried(text: string) {
    const { number: basedOn } = await currentPolicy(database.db, 1)
    const trialId = await askForTrial(database.db, security, { orgId: 1, text, basedOn }, day(today))
    expect(await openTrials(database.db, 1)).toEqual([trialId])
    await tryPolicy(context(), { orgId: 1, trialId })
    expect(await openTrials(database.db, 1)).toEqual([])
    const trial = await findTrial(database.db, 1, trialId)
    if (trial === null) throw new Error('The trial is there.')
    return trial
  }

  async function judgedAgain(): Promise<void> {
    const asked: number[] = []
    await scanAgain(
      {
        db: database.db,
        judges,
        queue: {
          ...queue,
          enqueue: async (_, payload) => {
            asked.push(...('snapshotIds' in payload ? payload.snapshotIds : []))
            return true
          },
        },
      },
      1,
    )
    if (asked.length > 0) await scanSnapshots(context(), { snapshotIds: asked })
  }

  const TRUSTING = "version: 1\nactions: [{ pattern: 'acme/*', demand: tag }]\nleft-out: [examples]\n"

  test('shows before what it does, does exactly that, marks the trend, and is undone by an earlier version', async () => {
    await org()
    const before = await scores()
    const trial = await tried(TRUSTING)
    expect(trial.state).toBe('done')
    expect(trial.moved.map(({ name }) => name)).toEqual(['one', 'two'])
    expect(await scores()).toEqual(before)
    today = 10
    expect(await savePolicy(database.db, security, { orgId: 1, trialId: trial.id, note: 'Ours.' }, day(10))).toBe(1)
    await judgedAgain()
    expect(await scores()).toEqual(trial.moved.map(({ after }) => after.score))
    const two = await readScorecard(database.db, scope, 'two', day(11), undefined)
    expect(two?.scan?.leftOut).toContainEqual({ files: 1, reason: 'examples/, by policy' })
    expect(two?.timeline.map(({ policyChanged }) => policyChanged)).toEqual([true, false])
    const range = rangeOf(trendsQuery.parse({ from: '2026-01-05', to: '2026-01-20' }), day(21))
    const { changes } = await readTrends(database.db, scope, {}, range)
    expect(changes).toEqual([{ what: 'policy', at: day(10) }])
    // Done again nothing is left to judge.
    await judgedAgain()
    expect(await database.db.scan.count()).toBe(4)

    today = 12
    const back = await tried('version: 1\n')
    expect(back.moved.map(({ after }) => after.score)).toEqual(before)
    await savePolicy(database.db, security, { orgId: 1, trialId: back.id, note: 'Back.' }, day(12))
    await judgedAgain()
    expect(await scores()).toEqual(before)
    const { versions } = await readPolicyPage(database.db, scope)
    expect(versions.map(({ number, note, savedName, moved, text }) => [number, note, savedName, moved, text])).toEqual([
      [2, 'Back.', 'security', 2, 'version: 1\n'],
      [1, 'Ours.', 'security', 2, TRUSTING],
    ])
    const log = await readAudit(database.db, { action: 'policy.changed', limit: 5 })
    expect(log.map(({ resource }) => resource)).toEqual(['policy:2', 'policy:1'])
  })

  test('of a group judges that group alone', async () => {
    await org()
    const text =
      'version: 1\ngroups:\n  - { name: Tier 1, match: { topics: [tier-1] }, actions: [{ pattern: acme/*, demand: tag }] }\n'
    const trial = await tried(text)
    expect(trial.moved.map(({ name }) => name)).toEqual(['one'])
    await savePolicy(database.db, security, { orgId: 1, trialId: trial.id, note: '' }, day(today))
    await judgedAgain()
    expect(await database.db.scan.count()).toBe(3)
    expect((await readPolicyPage(database.db, scope)).members).toEqual([1])
  })

  test('of a group by custom property judges whoever comes into it, and whoever leaves it, again', async () => {
    await org()
    const propertiesAre = (one: string, two: string) =>
      saveProperties(
        database.db,
        new Map([
          [1n, { values: { tier: [one, 'shop'] }, owners: [] }],
          [2n, { values: { tier: [two] }, owners: [] }],
        ]),
      )
    await propertiesAre('gold', 'silver')
    const text =
      'version: 1\ngroups: [{ name: Gold, match: { properties: { tier: gold } }, actions: [{ pattern: acme/*, demand: tag }] }]\n'
    const trial = await tried(text)
    expect(trial.moved.map(({ name }) => name)).toEqual(['one'])
    await savePolicy(database.db, security, { orgId: 1, trialId: trial.id, note: '' }, day(today))
    await judgedAgain()
    const [lenient, strict] = await scores()
    const members = async () => (await readPolicyPage(database.db, scope)).members
    expect(await members()).toEqual([1])
    await propertiesAre('bronze', 'gold')
    today = 3
    await judgedAgain()
    expect(await members()).toEqual([1])
    const after = await scores()
    expect(after[0]).toBeLessThan(lenient ?? 0)
    expect(after[1]).toBeGreaterThan(strict ?? 100)
  })

  test('keeps waivers where they are, and a waiver is weighed by the policy of its scan', async () => {
    await org()
    const trial = await tried('version: 1\nchecks: { actions-pinned: { weight: 0 } }\n')
    await savePolicy(database.db, security, { orgId: 1, trialId: trial.id, note: '' }, day(3))
    await judgedAgain()
    const [weighed] = await scores()
    const wish = {
      ...{ repository: 'one', target: { scope: 'check', checkId: 'actions-pinned' } as const },
      ...{ reason: 'retiring' as const, words: 'It is being retired.', lastDay: '2026-02-01' },
    }
    await askForWaiver(database.db, security, 1, wish, day(4))
    expect((await scores())[0]).toBe(weighed)
    const card = await readScorecard(database.db, scope, 'one', day(5), undefined)
    expect(card?.checks.find(({ id }) => id === 'actions-pinned')).toMatchObject({
      outcome: 'waived',
      weight: 0,
      gain: 0,
    })
    const again = await tried('version: 1\n')
    expect(again.moved.find(({ name }) => name === 'one')?.after.score).not.toBeNull()
  })

  test('is saved only by who may, as it was tried, and on top of what was in force then', async () => {
    await org()
    const ask = (by: Viewer, text: string) => askForTrial(database.db, by, { orgId: 1, text, basedOn: 0 }, day(2))
    await expect(ask(viewer('maintainer'), TRUSTING)).rejects.toMatchObject({ code: 'forbidden' })
    const open = await ask(security, TRUSTING)
    const save = (trialId: number, by = security) =>
      savePolicy(database.db, by, { orgId: 1, trialId, note: '' }, day(3))
    await expect(save(open)).rejects.toMatchObject({ code: 'conflict' })
    const owner = viewer('owner')
    const mine = await ask(owner, 'version: 1\nlongest-waiver-days: 20\n')
    for (const trialId of [open, mine]) await tryPolicy(context(), { orgId: 1, trialId })
    await expect(save(open, viewer('auditor'))).rejects.toMatchObject({ code: 'forbidden' })
    await save(open)
    await expect(save(mine, owner)).rejects.toThrow('Version 1 was saved meanwhile by security.')
    // Nor is one tried that was begun before it: its writer has not seen what it would take back.
    await expect(ask(owner, 'version: 1\n')).rejects.toThrow('Version 1 was saved meanwhile by security.')
    expect(await currentPolicy(database.db, 1)).toMatchObject({ number: 1, text: TRUSTING })
  })

  test('of how long a waiver may last moves no score and is heeded at once', async () => {
    await org()
    const trial = await tried('version: 1\nlongest-waiver-days: 20\n')
    expect([trial.state, trial.moved]).toEqual(['done', []])
    await savePolicy(database.db, security, { orgId: 1, trialId: trial.id, note: '' }, day(3))
    const wish = {
      ...{ repository: 'one', target: { scope: 'repository' } as const, reason: 'retiring' as const },
      ...{ words: 'It is being retired.', lastDay: '2026-02-01' },
    }
    await expect(askForWaiver(database.db, security, 1, wish, day(3))).rejects.toThrow('20 days at most')
  })
})
