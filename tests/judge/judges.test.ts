/** What a hostile repository can do to its judge, and that it is known of that repository alone. */
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { BOUNDS } from '#lib/judge/bounds.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { pack } from '#lib/snapshot/packed.ts'
import { snapshotOf } from '#tests/snapshot-of.ts'

// Judges are ended and started over and over; on a busy machine each start takes seconds.
vi.setConfig({ testTimeout: 180_000 })

const HOW = { policy: defaultPolicy, now: new Date('2026-06-01T00:00:00Z') }
const SECRET = 'the token that nobody but the worker may have'

const troubles: string[] = []
const HOSTILE = {
  count: 1,
  checks: new URL('hostile-checks.ts', import.meta.url).href,
  onTrouble: (_repository: string, reason: string) => troubles.push(reason),
}
const judges = openJudges({ ...HOSTILE, bounds: { ...BOUNDS, fileSeconds: 0.3, repositorySeconds: 5 } })

beforeAll(() => {
  process.env.PLUMBLINE_TEST_SECRET = SECRET
})
afterAll(async () => {
  delete process.env.PLUMBLINE_TEST_SECRET
  await judges.close()
})

/** What was judged: outcome and reason by check, without those that passed or had nothing to say. */
async function judged(files: FileMap, by = judges) {
  troubles.length = 0
  const { report } = await by.judge(pack(snapshotOf({ 'plain.txt': 'plain', ...files })), HOW)
  const told = report.checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable')
  return {
    passed: report.checks.filter(({ outcome }) => outcome === 'pass').length,
    checks: Object.fromEntries(told.map(({ id, outcome, reason }) => [id, `${outcome}: ${reason}`])),
    notes: report.checks.flatMap(({ notes }) => notes),
    unread: report.couldNotRead,
  }
}

/** The processes that this one has started to judge. */
function judgesRunning(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
  const others = readdirSync(`/proc/${process.pid}/task`).flatMap(thread =>
    readFileSync(`/proc/${process.pid}/task/${thread}/children`, 'utf8').trim().split(' '),
  )
  const all = [...new Set([...children, ...others])].filter(pid => pid !== '')
  return all.filter(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('judge/main.ts')).map(Number)
}

const PASSED = (await judged({})).passed

test('a judge can read nothing, reach nobody and start nothing', async () => {
  const connections: unknown[] = []
  const server = createServer(socket => connections.push(socket.destroy()))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : null
  const { notes } = await judged({ 'ways-out.json': JSON.stringify({ port, folder: import.meta.dirname }) })
  expect(notes).toEqual(['environment {"NODE_ENV":"production"}'])
  await new Promise(resolve => server.close(resolve))
  expect(connections).toEqual([])
})

test('what its parent has in its environment is not in its own', async () => {
  await judged({})
  const pids = judgesRunning()
  expect(pids).toHaveLength(1)
  for (const pid of pids) {
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('NODE_ENV=production\0')
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(SECRET)
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max open files +0 +0 /m)
  }
})

test('a file that takes too long is named as unread, and every check that can do without it judges', async () => {
  const reason = 'Reading it took longer than 0.3 s'
  expect(await judged({ 'a.txt': 'loop' })).toMatchObject({
    checks: { loops: `unknown: a.txt: ${reason}` },
    unread: [{ path: 'a.txt', reason }],
  })
})

test('what a judge may not have in memory is a reason of the same kind', async () => {
  const patient = openJudges({ ...HOSTILE, bounds: { fileSeconds: 20, repositorySeconds: 100, heapMb: 64 } })
  try {
    const reason = 'Reading it took more memory than the 64 MB of a judge'
    const { checks, unread } = await judged({ 'a.txt': 'eat' }, patient)
    expect(unread).toEqual([{ path: 'a.txt', reason }])
    expect(checks.eats).toBe(`unknown: a.txt: ${reason}`)
  } finally {
    await patient.close()
  }
})

test('a check that does not end is itself not known; all others are, and every file is read', async () => {
  const { checks, unread, passed } = await judged({ 'never-end': '' })
  const reason = 'The check took longer than 0.3 s'
  expect(checks).toEqual({ 'never-ends': `unknown: ${reason}` })
  expect(unread).toEqual([{ path: null, reason }])
  expect(passed).toBe(PASSED)
})

test('a check that does not end whatever file it reads is at fault, not the files', async () => {
  const files = Object.fromEntries(['1', '2', '3', '4'].map(name => [`${name}.txt`, `one of ${name}`]))
  const { checks, unread } = await judged(files)
  expect(checks).toEqual({ 'never-ends-with-files': 'unknown: The check took longer than 0.3 s' })
  expect(unread).toEqual([{ path: null, reason: 'The check took longer than 0.3 s' }])
})

test('a judge that is killed in the middle is replaced, and nothing is missing', async () => {
  await judged({})
  const before = judgesRunning()
  const judging = judged({ 'a.txt': 'take a while' })
  for (const pid of before) process.kill(pid, 'SIGKILL')
  expect(await judging).toEqual({ passed: PASSED, checks: {}, notes: [], unread: [] })
  expect(judgesRunning()).not.toEqual(before)
  expect(troubles).toEqual(['ended its judge (SIGKILL)'])
})

test.each([
  ['leave', 'Reading it ended its judge (status 0)', 'a.txt'],
  ['speak nonsense', 'Judging this repository made its judge give an answer that is none', null],
  ['speak of others', 'Judging this repository made its judge give an answer that is none', null],
  ['speak endlessly', 'Judging this repository made an answer of more than 134217728 bytes', null],
])('where a file makes a judge %s, that is the reason', async (word, reason, path) => {
  const { unread, checks } = await judged({ 'a.txt': word })
  expect({ unread, checks }).toMatchObject({ unread: [{ path, reason }] })
})

test('a check that throws is an error of that check, in the same judge', async () => {
  await judged({})
  const before = judgesRunning()
  const { checks, passed } = await judged({ 'a.txt': 'throw' })
  expect(checks).toEqual({ throws: 'error: TypeError: It was told to.' })
  expect(passed).toBe(PASSED - 1)
  expect(judgesRunning()).toEqual(before)
})

test('of a repository full of such files that is told within its time, and the next is judged whole', async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.txt`, 'loop']))
  const [{ unread, passed }, next] = await Promise.all([judged(files), judges.judge(pack(snapshotOf({})), HOW)])
  expect(unread).toEqual([{ path: null, reason: 'The check took longer than 0.3 s' }])
  expect(passed).toBe(PASSED - 1)
  expect(next.report.couldNotRead).toEqual([])
})

test('the bounds are those of the product where nothing else is said', () => {
  expect(BOUNDS).toEqual({ fileSeconds: 2, repositorySeconds: 20, heapMb: 768 })
})
