/**
 * Every fault of fault-table.ts: the repository that meets it becomes what stands there, with that sentence; all other
 * repositories are whole each time, and the crawl ends.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FAULT_KINDS } from '#demo/github/scenario.ts'
import { crawlRepositories } from '#lib/crawl/crawl.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { blobOid } from '#tests/demo/github/bare-repository.ts'
import { CI, ROWS, type Row } from './fault-table.ts'
import { hosted, repositories } from './hosted.ts'
import { KNOWN_FAULTS } from './known-faults.ts'
import { memoryStore } from './memory-store.ts'
import { sweep } from './whole-listing.ts'

const LARGE = Buffer.alloc(600_000, '{}\n')
const LATIN = Buffer.from('name: caf\xe9\n', 'latin1')
const now = new Date('2026-06-01T00:00:00Z')

function faulty() {
  return repositories({
    good: { [CI]: 'on: push\n', 'go.mod': 'module good\n' },
    faulty: {
      [CI]: 'on: pull_request\n',
      'a/package.json': '{}',
      'package-lock.json': LARGE,
      '.github/workflows/latin.yml': LATIN,
      'yarn.lock': Buffer.from([0x50, 0, 1, 2, 0, 0, 3]),
    },
    other: { [CI]: 'on: release\n' },
  })
}

async function crawl(dir: string, { scenario, meanwhile, host }: Omit<Row, 'fault'>, store = memoryStore()) {
  const isSlow = scenario.some(({ fault: { kind } }) => kind === 'slow-body')
  const { source, github } = await hosted(dir, scenario, { ...host, ...(isSlow ? { timeout: 5_000 } : {}) })
  const slowed: typeof source = {
    ...source,
    async *blobs(wanted) {
      await meanwhile?.(dir)
      yield* source.blobs(wanted)
    },
  }
  const told = (text: string) => text.replaceAll(new URL(github.url).host, 'HOST')
  try {
    const { repositories: listed, reason } = await sweep(source)
    await crawlRepositories(listed, { source: slowed, store, now })
    return { store, told, lists: reason, error: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { store, told, lists: null, error }
  }
}

test.each(ROWS)('$fault', async row => {
  const { becomes = 'ok', stops, says = '', lists = null } = row
  const dir = await faulty()
  const { store, told, error, ...seen } = await crawl(dir, row)
  expect(seen.lists).toBe(lists)
  if (stops !== undefined) {
    expect(error?.code).toBe(stops)
    expect(error && told(sentenceOf(error))).toBe(says)
  } else {
    if (error !== null) throw error
    expect(store.byName()).toEqual({ good: 'ok', faulty: becomes, other: 'ok' })
    const { reason } = store.outcomes.find(({ name }) => name === 'faulty') ?? {}
    expect(told(reason ?? '')).toBe(says)
    expect(store.blobs.get(blobOid('module good\n'))?.content).toBe('module good\n')
  }
  if (stops === undefined && becomes !== 'ok') return
  // Nothing is left of a fault that passed: every file is there as it is in git.
  if (stops !== undefined) await crawl(dir, { scenario: [] }, store)
  expect(store.byName()).toEqual({ good: 'ok', faulty: 'ok', other: 'ok' })
  expect(store.blobs.get(blobOid('on: pull_request\n'))?.content).toBe('on: pull_request\n')
  expect(store.blobs.get(blobOid(LARGE))?.content).toBe(LARGE.toString())
  expect(store.blobs.get(blobOid(LATIN))?.content).toBe('name: café\n')
})

test('every fault that the pretend GitHub can have stands in the table', () => {
  const tried = new Set(ROWS.flatMap(({ scenario }) => scenario.map(({ fault: { kind } }) => kind)))
  expect(FAULT_KINDS.filter(kind => !tried.has(kind))).toEqual([])
})

test('a host that is gone is told as that after some repositories, not for each of thousands', async () => {
  const names = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`r${index}`, { a: String(index) }]))
  const dir = await repositories(names)
  const { error } = await crawl(dir, { scenario: [{ on: { api: 'rest' }, fault: { kind: 'connection-reset' } }] })
  expect(error?.code).toBe('github-unreachable')
})

test('every fault that is known of GitHub is tried, and whatever is tried is one', () => {
  const tried = new Set(ROWS.map(({ fault }) => fault))
  const known = Object.values(KNOWN_FAULTS)
  expect(
    Object.entries(KNOWN_FAULTS).flatMap(([fault, { rows = [], elsewhere = [] }]) =>
      rows.length + elsewhere.length === 0 || rows.some(row => !tried.has(row)) ? [fault] : [],
    ),
  ).toEqual([])
  const named = new Set(known.flatMap(({ rows = [] }) => rows))
  expect([...tried].filter(fault => !named.has(fault))).toEqual([])
})

const elsewhere = Object.entries(KNOWN_FAULTS).flatMap(([fault, { elsewhere: places = [] }]) =>
  places.map(([file, words]) => ({ fault, file, words })),
)
test.each(elsewhere)('$fault: $words', ({ file, words }) => {
  // As the beginning of a test's name, or of its words where it is one of several.
  expect(readFileSync(file, 'utf8')).toContain(words)
})
