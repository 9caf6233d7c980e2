import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeKey, revokeKey } from '#lib/auth/keys.ts'
import { giveRole, shutOut } from '#lib/auth/members.ts'
import type { Viewer } from '#lib/auth/permit.ts'
import { createSignIn } from '#lib/auth/sign-in.ts'
import { viewerOf } from '#lib/auth/viewer.ts'
import { createLog } from '#lib/log.ts'
import { readAudit } from '#lib/store/audit.ts'
import { inTransaction } from '#lib/store/database.ts'
import { setRole } from '#lib/store/people.ts'
import { Browsing } from '#tests/auth/browsing.ts'
import { type OidcServer, startOidc } from '#tests/auth/oidc-server.ts'
import { describeDatabases, type TestDatabase } from '#tests/database.ts'

const PAGES = 'http://plumbline.test'
const NOW = new Date('2026-06-01T00:00:00Z')
const DAY = 86_400_000
const PEOPLE = {
  ada: { sub: 'ada-1', name: 'Ada', email: 'ada@example.test' },
  bob: { sub: 'bob-2', name: 'Bob', email: 'bob@example.test' },
}

let server: OidcServer
let subject = PEOPLE.ada
beforeEach(async () => {
  server = await startOidc({ redirectUri: `${PAGES}/api/auth/callback/oidc`, subject: () => subject })
})
afterEach(async () => {
  vi.useRealTimers()
  await server.stop()
})

function door({ db }: TestDatabase) {
  const settings = {
    url: PAGES,
    secrets: ['a secret of the test, longer than it must be'] as const,
    github: null,
    oidc: { issuer: server.issuer, clientId: 'plumbline', clientSecret: 'a client secret of the test' },
  }
  const signIn = createSignIn(db, { ...settings, secrets: [...settings.secrets] }, createLog('silent'), () => NOW)
  const ask = (path: string, init: RequestInit, address = '192.0.2.7') =>
    signIn.handler(new Request(`${PAGES}/api/auth${path}`, init), address)
  const begin = (browsing: Browsing, address?: string) =>
    ask(
      '/sign-in/social',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: PAGES },
        body: JSON.stringify({ provider: 'oidc', callbackURL: '/' }),
      },
      address,
    ).then(answer => {
      browsing.take(PAGES, answer)
      return answer
    })
  const browser = () => new Browsing({ origin: PAGES, answer: request => signIn.handler(request, '192.0.2.7') })
  const enter = async (who: keyof typeof PEOPLE) => {
    subject = PEOPLE[who]
    const browsing = browser()
    const { url } = (await (await begin(browsing)).json()) as { url: string }
    await browsing.open(url)
    return browsing.cookies(PAGES)
  }
  const viewer = (cookie: string) =>
    viewerOf(new Headers({ cookie }), { db, signIn, demo: false, now: NOW, address: null })
  const known = async (cookie: string): Promise<Viewer> => {
    const found = await viewer(cookie)
    if (found === null) throw new Error('nobody came in')
    return found
  }
  return { ask, begin, browser, enter, viewer, known }
}

describeDatabases('somebody else’s session', database => {
  test('cannot be made from what lies in the database, nor from another session’s signature', async () => {
    const { enter, viewer } = door(database)
    const [ada, bob] = [await enter('ada'), await enter('bob')]
    const [stored] = await database.db.session.findMany({ where: { user: { name: 'Ada' } } })
    expect(await viewer(`plumbline.session_token=${stored?.token}`)).toBeNull()
    const signature = /session_token=[^.]+(\.[^;]+)/.exec(bob)?.[1]
    expect(await viewer(`plumbline.session_token=${stored?.token}${signature}`)).toBeNull()
    expect(await viewer(ada)).toMatchObject({ name: 'Ada' })
  })

  test('is of no use after its time, after signing out, and after somebody was shut out', async () => {
    const { ask, enter, viewer, known } = door(database)
    const first = await enter('ada')
    await database.db.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } })
    expect(await viewer(first)).toBeNull()
    const second = await enter('ada')
    const headers = { cookie: second, origin: PAGES, 'content-type': 'application/json' }
    await ask('/sign-out', { method: 'POST', headers, body: '{}' })
    expect(await viewer(second)).toBeNull()
    expect(await readAudit(database.db, { limit: 1 })).toMatchObject([
      { action: 'sign-out', name: 'Ada', address: '192.0.2.7' },
    ])
    const third = await enter('ada')
    const { id } = await known(third)
    const boss = await known(await enter('bob'))
    await inTransaction(database.db, tx => setRole(tx, boss.id, 'owner'))
    await shutOut(database.db, { ...boss, role: 'owner', sees: { all: true } }, id, NOW)
    expect(await viewer(third)).toBeNull()
  })

  test('is another one at every sign-in, lasts a week, and longer only for who keeps coming', async () => {
    const { enter, viewer } = door(database)
    const [one, two] = [await enter('ada'), await enter('ada')]
    expect(one).not.toBe(two)
    const ends = async () => (await database.db.session.findFirstOrThrow({ orderBy: { createdAt: 'asc' } })).expiresAt
    const before = (await ends()).getTime()
    expect(before - Date.now()).toBeLessThanOrEqual(7 * DAY)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * DAY })
    expect(await viewer(one)).not.toBeNull()
    expect((await ends()).getTime()).toBeGreaterThan(before + DAY)
    vi.setSystemTime(Date.now() + 8 * DAY)
    expect(await viewer(one)).toBeNull()
    expect(await viewer(two)).toBeNull()
  })

  test('a sign-in’s answer works once, in the browser that began it, and is written down where it does not', async () => {
    const { ask, begin, browser, viewer } = door(database)
    subject = PEOPLE.ada
    const browsing = browser()
    const { url } = (await (await begin(browsing)).json()) as { url: string }
    let callback = ''
    const spying = new Browsing({
      origin: PAGES,
      answer: async request => {
        callback = request.url
        return new Response('')
      },
    })
    await spying.open(url)
    const path = callback.slice(`${PAGES}/api/auth`.length)
    // Somebody else's browser, which has no cookie of it: a login that was forced on it is none.
    const forced = await ask(path, { method: 'GET' })
    expect(forced.headers.get('location')).toContain('error=')
    expect(forced.headers.getSetCookie().join()).not.toMatch(/session_token=[^;]{10}/)
    expect(await readAudit(database.db, { limit: 1 })).toMatchObject([
      { action: 'sign-in.refused', actor: 'anonymous', address: '192.0.2.7' },
    ])
    await browsing.open(callback)
    const replayed = await ask(path, { method: 'GET', headers: { cookie: browsing.cookies(PAGES) } })
    expect(replayed.headers.get('location')).toContain('error=')
    expect(await viewer(browsing.cookies(PAGES).replace(/.*session_token=[^;]*;?/, ''))).toBeNull()
  })

  test('a foreign page can neither sign somebody out nor begin a sign-in', async () => {
    const { ask, enter, viewer } = door(database)
    const cookie = await enter('ada')
    for (const origin of ['https://evil.example', 'null', `${PAGES}.evil.example`]) {
      const headers = { cookie, origin, 'content-type': 'application/json' }
      expect((await ask('/sign-out', { method: 'POST', headers, body: '{}' })).status, origin).toBe(403)
      const body = JSON.stringify({ provider: 'oidc', callbackURL: '/' })
      expect((await ask('/sign-in/social', { method: 'POST', headers, body })).status, origin).toBe(403)
    }
    expect(await viewer(cookie)).not.toBeNull()
  })

  test('nobody makes themselves more by what they send', async () => {
    const { ask, enter, known } = door(database)
    const cookie = await enter('ada')
    const headers = { cookie, origin: PAGES, 'content-type': 'application/json' }
    const body = JSON.stringify({ role: 'owner', name: 'x', email: 'x@example.test', newPassword: 'x'.repeat(20) })
    for (const path of ['/update-user', '/change-email', '/set-password', '/sign-up/email', '/admin/set-role'])
      expect((await ask(path, { method: 'POST', headers, body })).status, path).toBeGreaterThanOrEqual(400)
    expect(await known(cookie)).toMatchObject({ name: 'Ada', role: 'maintainer' })
  })

  test('more than thirty sign-ins in a minute are refused to an address, whatever process is asked', async () => {
    const one = door(database)
    const another = door(database)
    const statuses: number[] = []
    for (let number = 0; number < 32; number += 1)
      statuses.push((await (number % 2 === 0 ? one : another).begin(one.browser(), '192.0.2.99')).status)
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(200))
    expect(statuses.slice(30)).toEqual([429, 429])
    expect((await one.begin(one.browser(), '192.0.2.98')).status).toBe(200)
  })

  test('ids that were guessed or overheard are of no use: keys and members of others', async () => {
    const { enter, known } = door(database)
    const [ada, bob] = [await known(await enter('ada')), await known(await enter('bob'))]
    await makeKey(database.db, ada, { name: 'hers', scopes: ['read'], days: 1 }, NOW)
    const { id } = await database.db.apiKey.findFirstOrThrow()
    for (const guess of [id, '', "' or 1=1 --", '00000000-0000-0000-0000-000000000000'])
      await expect(revokeKey(database.db, bob, guess, NOW)).rejects.toMatchObject({ code: 'not-found' })
    await expect(giveRole(database.db, bob, { id: bob.id, role: 'owner' }, NOW)).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(shutOut(database.db, bob, ada.id, NOW)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await database.db.apiKey.findFirstOrThrow()).revokedAt).toBeNull()
  })

  test('a role that is taken away counts from the next request, also for a key that was made before', async () => {
    const { enter, viewer, known } = door(database)
    const cookie = await enter('ada')
    const { id } = await known(cookie)
    await enter('bob')
    await inTransaction(database.db, tx => setRole(tx, id, 'security'))
    const { key } = await makeKey(
      database.db,
      await known(cookie),
      { name: 'k', scopes: ['read', 'export'], days: 1 },
      NOW,
    )
    const byKey = () =>
      viewerOf(new Headers({ authorization: `Bearer ${key}` }), {
        db: database.db,
        signIn: null,
        demo: false,
        now: NOW,
        address: null,
      })
    expect(await byKey()).toMatchObject({ role: 'security', sees: { all: true } })
    await inTransaction(database.db, tx => setRole(tx, id, 'viewer'))
    expect(await viewer(cookie)).toMatchObject({ role: 'viewer', sees: { all: false } })
    expect(await byKey()).toMatchObject({ role: 'viewer', sees: { all: false, userId: id } })
  })
})
