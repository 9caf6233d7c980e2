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

/** Statements of a visit, whatever the number of repositories, findings, waivers, packages and people. */
const MOST: Readonly<Record<string, number>> = {}

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

  async function counts(times: number): Promise<Record<string, number>> {
    const store = await made(times)
    const found: Record<string, number> = {}
    for (const sees of [{ all: true }, { all: false, userId: store.member }] satisfies Scope['sees'][]) {
      for (const [page, read] of Object.entries(pageReads(database.db, { ...store, sees }))) {
        const { queries } = await countedQueries(read)
        found[`${page}${sees.all ? '' : ' in part'}`] = queries
      }
    }
    return found
  }

  test('each is in the bench, or it says there why not', async () => {
    const store = await made(1)
    const read = Object.keys(pageReads(database.db, { ...store, sees: { all: true } }))
    const known = new Set([...read.map(page => page.split('?')[0] ?? ''), ...Object.keys(READ_NOTHING)])
    expect([...known].sort()).toEqual(Object.keys(ROUTE_RIGHTS).sort())
  })

  test('takes so many statements', async () => {
    const found = await counts(1)
    console.log(JSON.stringify(found))
    const over = Object.entries(found).filter(([page, queries]) => queries > (MOST[page.split('?')[0] ?? ''] ?? 0))
    expect(over).toEqual([])
  })

  test('takes no more of a store four times as large', async () => {
    expect(await counts(4)).toEqual({})
  })
})
