import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import type { Person } from '#demo/github/people.ts'
import { startGitHub } from '#demo/github/server.ts'
import { createSignIn, type SignInSettings } from '#lib/auth/sign-in.ts'
import { viewerOf } from '#lib/auth/viewer.ts'
import { createLog } from '#lib/log.ts'
import { readAudit } from '#lib/store/audit.ts'
import { writesTo } from '#lib/store/people.ts'
import { visible } from '#lib/store/visible.ts'
import { describeDatabases, type TestDatabase } from '#tests/database.ts'
import { bareRepository, temporaryFolder } from '#tests/demo/github/bare-repository.ts'
import { listed, makeOrg, saveListing } from '#tests/store/made.ts'
import { syncAccess } from '#workers/sync-access.ts'
import { Browsing } from './browsing.ts'

const PAGES = 'http://plumbline.test'
const SECRET = 'a secret of the test, longer than it must be'
let now = new Date('2026-06-01T00:00:00Z')

const ADDRESS = '192.0.2.7'
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  now = new Date('2026-06-01T00:00:00Z')
})

const ADA: Person = { id: 11, login: 'ada', name: 'Ada', member: true, sees: ['vault'] }
const EVE: Person = { id: 12, login: 'eve', name: 'Eve', member: false, sees: [] }

/** acme at the pretend GitHub and in the store: `web` is public, `vault` and `ledger` are private. */
async function acme(database: TestDatabase, ada: Person = ADA) {
  const dir = temporaryFolder()
  const facts: Record<string, { id: number; visibility: string; teams: string[] }> = {}
  for (const [index, name] of ['web', 'vault', 'ledger'].entries()) {
    await bareRepository(dir, name, [{ date: '2026-01-01T00:00:00Z', files: { 'README.md': `${name}\n` } }])
    facts[name] = { id: 501 + index, visibility: name === 'web' ? 'public' : 'private', teams: ['front'] }
  }
  writeFileSync(join(dir, 'plumbline.json'), JSON.stringify({ org: 'acme', repositories: facts }))
  const github = await startGitHub({ host: await openGitHost(dir, 'acme'), people: [{ ...ada }, { ...EVE }] })
  stops.push(() => github.stop())
  const org = await makeOrg(database.db, [
    listed(501, 'web'),
    listed(502, 'vault', { visibility: 'private' }),
    listed(503, 'ledger', { visibility: 'private' }),
  ])
  const orgs = async () => ['acme']
  const settings: SignInSettings = {
    url: PAGES,
    secrets: [SECRET],
    github: { clientId: 'client', clientSecret: 'client secret', apiUrl: github.apiUrl, orgs },
    oidc: null,
  }
  const signIn = createSignIn(database.db, settings, createLog('silent'), () => now)
  const enter = async (login: string) => {
    const browsing = new Browsing({ origin: PAGES, answer: request => signIn.handler(request, ADDRESS) })
    const answer = await signIn.api.signInSocial({ body: { provider: 'github', callbackURL: '/' }, asResponse: true })
    browsing.take(PAGES, answer)
    const { url: authorize } = (await answer.json()) as { url: string }
    const { url } = await browsing.open(`${authorize}&login=${login}`)
    const headers = new Headers({ cookie: browsing.cookies(PAGES) })
    return { url, viewer: () => viewerOf(headers, { db: database.db, signIn, demo: false, now, address: ADDRESS }) }
  }
  const { db } = database
  const sync = () =>
    syncAccess({
      db,
      apiUrl: github.apiUrl,
      orgs,
      secrets: [SECRET],
      client: { clientId: 'client', clientSecret: 'client secret' },
      now: () => now,
      log: createLog('silent'),
    })
  const namesFor = async (viewer: Awaited<ReturnType<typeof viewerOf>>) => {
    if (viewer === null) return null
    const rows = await db.$queryRaw<{ name: string }[]>`
      select r.name from "Repository" r where ${visible({ orgId: org.id, sees: viewer.sees })} order by r.name`
    return rows.map(({ name }) => name)
  }
  return { github, org, enter, sync, namesFor }
}

describeDatabases('signing in by GitHub', database => {
  test('shows to a member what GitHub shows to them, and hides the rest', async () => {
    const { enter, sync, namesFor } = await acme(database)
    const { url, viewer } = await enter('ada')
    expect(url).toBe(`${PAGES}/`)
    expect(await viewer()).toMatchObject({ name: 'Ada', role: 'maintainer' })
    expect(await namesFor(await viewer())).toEqual(['web'])
    expect(await sync()).toBe(1)
    expect(await namesFor(await viewer())).toEqual(['vault', 'web'])
    expect(await sync()).toBe(0)
  })

  test('refuses who is no member, makes no person of them, and writes it down', async () => {
    const { enter } = await acme(database)
    const { url, viewer } = await enter('eve')
    expect(url).toMatch(/^http:\/\/plumbline\.test\/sign-in\?error=not_a_member/)
    expect(await viewer()).toBeNull()
    expect(await database.db.user.count()).toBe(0)
    expect(await readAudit(database.db, { limit: 5 })).toMatchObject([
      { action: 'sign-in.refused', name: 'Eve', address: ADDRESS, details: { reason: 'not_a_member' } },
    ])
  })

  test('what GitHub takes back is gone within the hour', async () => {
    const { github, enter, sync, namesFor } = await acme(database)
    const { viewer } = await enter('ada')
    await sync()
    github.people.change('ada', { sees: ['ledger'] })
    now = new Date(now.getTime() + 61 * 60_000)
    await sync()
    expect(await namesFor(await viewer())).toEqual(['ledger', 'web'])
  })

  test('the teams that somebody is in are those that GitHub said last', async () => {
    const { github, enter, sync } = await acme(database, { ...ADA, teams: ['front', 'unheard-of'] })
    await enter('ada')
    const teams = async () => {
      now = new Date(now.getTime() + 61 * 60_000)
      await sync()
      return (await database.db.user.findFirstOrThrow()).teams
    }
    expect(await teams()).toEqual(['acme/front'])
    github.people.change('ada', { teams: [] })
    expect(await teams()).toEqual([])
  })

  test('what GitHub lets a person write to is theirs, public or not, until GitHub takes it back', async () => {
    const { github, enter, sync, namesFor } = await acme(database, { ...ADA, writes: ['web'] })
    const { viewer } = await enter('ada')
    await sync()
    const own = async () => {
      const { id } = await database.db.user.findFirstOrThrow()
      const { id: orgId } = await database.db.org.findFirstOrThrow()
      const each = ['web', 'vault', 'ledger'].map(async name =>
        (await writesTo(database.db, id, { orgId, name })) ? [name] : [],
      )
      return (await Promise.all(each)).flat()
    }
    expect(await own()).toEqual(['web'])
    expect(await namesFor(await viewer())).toEqual(['vault', 'web'])
    for (const [writes, after] of [
      [['vault'], ['vault']],
      [[], []],
    ] as const) {
      github.people.change('ada', { writes })
      now = new Date(now.getTime() + 61 * 60_000)
      await sync()
      expect(await own()).toEqual(after)
    }
    expect(await namesFor(await viewer())).toEqual(['vault', 'web'])
  })

  test('who signs in before the first crawl has listed anything has what is theirs as soon as it is listed', async () => {
    const { org, enter, sync, namesFor } = await acme(database, { ...ADA, writes: ['vault'] })
    await database.db.repository.deleteMany()
    const { viewer } = await enter('ada')
    await sync()
    expect(await namesFor(await viewer())).toEqual([])
    const repositories = [listed(501, 'web'), listed(502, 'vault', { visibility: 'private' })]
    await saveListing(database.db, { orgId: org.id, repositories, complete: true, now })
    expect(await namesFor(await viewer())).toEqual(['vault', 'web'])
    const { id } = await database.db.user.findFirstOrThrow()
    expect(await writesTo(database.db, id, { orgId: org.id, name: 'vault' })).toBe(true)
  })

  test('who left the organisation is out, with every session', async () => {
    const { github, enter, sync } = await acme(database)
    const { viewer } = await enter('ada')
    github.people.change('ada', { member: false })
    await sync()
    expect(await viewer()).toBeNull()
    expect(await readAudit(database.db, { limit: 1 })).toMatchObject([{ action: 'member.left' }])
    expect((await enter('ada')).url).toContain('error=not_a_member')
  })

  test('where GitHub cannot be asked, what it said holds for a day and is then forgotten', async () => {
    const { github, enter, sync, namesFor } = await acme(database)
    const { viewer } = await enter('ada')
    await sync()
    github.people.revoke('ada')
    const after = async (hours: number) => {
      now = new Date(now.getTime() + hours * 3_600_000)
      await sync()
      return namesFor(await viewer())
    }
    expect(await after(2)).toEqual(['vault', 'web'])
    expect((await database.db.user.findFirst())?.accessTrouble).toMatch(/rejects the token/)
    expect(await after(23)).toEqual(['web'])
  })

  test('a token that ends is renewed, as often as it must be, and kept sealed', async () => {
    const { github, enter, sync, namesFor } = await acme(database, { ...ADA, expires: true })
    now = new Date()
    const { viewer } = await enter('ada')
    const sealed = async () => database.db.account.findFirstOrThrow()
    const first = await sealed()
    await sync()
    expect((await sealed()).accessToken).toBe(first.accessToken)
    for (const sees of [['ledger'], ['vault']]) {
      github.people.revoke('ada')
      github.people.change('ada', { sees })
      now = new Date(now.getTime() + 8 * 3_600_000)
      const before = await sealed()
      await sync()
      expect(await namesFor(await viewer())).toEqual([...sees, 'web'].toSorted())
      const after = await sealed()
      for (const field of ['accessToken', 'refreshToken'] as const) {
        expect(after[field]).not.toBe(before[field])
        expect(after[field]).toMatch(/^\$ba\$/)
      }
    }
    // Neither can be renewed any more: what GitHub said last holds for a day.
    github.people.revoke('ada')
    github.people.forget('ada')
    now = new Date(now.getTime() + 9 * 3_600_000)
    await sync()
    expect((await database.db.user.findFirst())?.accessTrouble).toMatch(/gives this person no new token/)
    expect(await namesFor(await viewer())).toEqual(['vault', 'web'])
  })
})
