import { expect, test } from 'vitest'
import type { Scope } from '#lib/api/frame.ts'
import { describeDatabases } from '#tests/database.ts'
import { ROUTE_RIGHTS } from '#tests/route-rights.ts'
import { code, textOf } from '#tests/source-files.ts'
import { fillContent } from '../../../bench/made-up-content.ts'
import { fillPeople } from '../../../bench/made-up-people.ts'
import { fillStore } from '../../../bench/made-up-store.ts'
import { pageReads, READ_NOTHING } from '../../../bench/page-reads.ts'
import { countedQueries } from '../counted-queries.ts'
import { day } from '../made.ts'

const NOW = day(100)

/** Statements of a visit, with those of the frame around a page, however many repositories, findings or people there are. */
const STATEMENTS: Readonly<Record<string, number>> = {
  '/': 10,
  '/access': 8,
  '/api/badges/[file]': 2,
  '/api/crawls': 7,
  '/api/events': 12,
  '/api/health': 3,
  '/api/metrics': 3,
  '/api/policy': 1,
  '/api/policy/trials/[id]': 1,
  '/api/progress': 4,
  '/api/repositories/[name]': 11,
  '/api/repositories/[name]/look': 2,
  '/api/repositories/[name]/patch': 5,
  '/api/v1/actions': 2,
  '/api/v1/actions/uses': 3,
  '/api/v1/checks': 2,
  '/api/v1/crawls': 6,
  '/api/v1/findings': 2,
  '/api/v1/organisation': 2,
  '/api/v1/packages': 2,
  '/api/v1/packages/uses': 3,
  '/api/v1/repositories': 2,
  '/api/v1/repositories/[name]': 4,
  '/api/v1/waivers': 2,
  '/audit': 9,
  '/checks': 8,
  '/checks/[id]': 9,
  '/crawls': 17,
  '/inventory': 9,
  '/keys': 7,
  '/members': 7,
  '/owners': 8,
  '/policy': 9,
  '/policy/change': 9,
  '/report': 8,
  '/repositories': 11,
  '/repositories/[name]': 16,
  '/repositories/[name]/changes': 9,
  '/repositories/[name]/inventory': 8,
  '/repositories/[name]/remediation': 13,
  '/settings': 8,
  '/trends': 8,
  '/waivers': 9,
}

test('what pages and routes read of the store, the bench reads too', () => {
  const bench = textOf.get('bench/page-reads.ts') ?? ''
  const streamed = ['exportRows', 'refusing']
  const verbs = code
    .filter(path => /^app\/.*(?:page|route|layout)\.tsx?$/.test(path))
    .flatMap(path => [...(textOf.get(path) ?? '').matchAll(/^import \{([^}]*)\} from '#lib\/store\/pages\/[^']*'/gm)])
    .flatMap(([, names = '']) => names.split(',').map(name => name.trim()))
    .filter(name => /^[a-z]\w+$/.test(name) && !streamed.includes(name))
  expect(verbs.length).toBeGreaterThan(10)
  expect(verbs.filter(name => !new RegExp(`\\b${name}\\(`).test(bench))).toEqual([])
})

describeDatabases('reads of every page and route', database => {
  async function made(times: number) {
    const { db } = database
    const size = { repos: 12 * times, checks: 4, scans: 3, days: 60, findings: 600 * times }
    const { orgId, check } = await fillStore(db, size, NOW)
    await fillContent(db, size, NOW)
    const { member } = await fillPeople(db, { repos: size.repos, people: 12 * times, acts: 30 * times }, NOW)
    return { orgId, check, member, now: NOW, repos: size.repos }
  }

  /** Of a route the most that any question to it takes, by whoever asks. */
  async function statements(times: number): Promise<Record<string, number>> {
    const store = await made(times)
    const most: Record<string, number> = {}
    for (const sees of [{ all: true }, { all: false, userId: store.member }] satisfies Scope['sees'][]) {
      for (const [page, read] of Object.entries(pageReads(database.db, { ...store, sees }))) {
        const [route = ''] = page.split('?')
        const { queries } = await countedQueries(read)
        most[route] = Math.max(most[route] ?? 0, queries)
      }
    }
    return most
  }

  test('each is in the bench, or it says there why not', async () => {
    const store = await made(1)
    const read = Object.keys(pageReads(database.db, { ...store, sees: { all: true } }))
    const known = new Set([...read.map(page => page.split('?')[0] ?? ''), ...Object.keys(READ_NOTHING)])
    expect([...known].sort()).toEqual(Object.keys(ROUTE_RIGHTS).sort())
  })

  test('take so many statements', async () => {
    expect(await statements(1)).toEqual(STATEMENTS)
  })

  test('take no more of a store four times as large', async () => {
    expect(await statements(4)).toEqual(STATEMENTS)
  })
})
