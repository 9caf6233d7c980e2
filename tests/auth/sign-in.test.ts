import { afterEach, expect, test } from 'vitest'
import { claimOwnership, offerOwnership } from '#lib/auth/claim.ts'
import { makeKey, revokeKey } from '#lib/auth/keys.ts'
import { reseal } from '#lib/auth/reseal.ts'
import { openToken } from '#lib/auth/sealing.ts'
import { createSignIn, type SignIn, type SignInSettings } from '#lib/auth/sign-in.ts'
import { viewerOf } from '#lib/auth/viewer.ts'
import { createLog } from '#lib/log.ts'
import { readAudit, verifyAudit } from '#lib/store/audit.ts'
import { inTransaction } from '#lib/store/database.ts'
import { endSessions, setRole } from '#lib/store/people.ts'
import { describeDatabases, type TestDatabase } from '#tests/database.ts'
import { Browsing } from './browsing.ts'
import { startOidc } from './oidc-server.ts'

const PAGES = 'http://plumbline.test'
const NOW = new Date('2026-06-01T00:00:00Z')
const ADA = { sub: 'ada-1', name: 'Ada', email: 'ada@example.test' }
const BOB = { sub: 'bob-2', name: 'Bob', email: 'bob@example.test' }

const ADDRESS = '2001:db8::7'
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** The pages' sign-in before a real provider, and a way for somebody to come in through it. */
async function house(database: TestDatabase) {
  let subject = ADA
  const server = await startOidc({ redirectUri: `${PAGES}/api/auth/callback/oidc`, subject: () => subject })
  stops.push(() => server.stop())
  const settings: SignInSettings = {
    url: PAGES,
    secrets: ['a secret of the test, longer than it must be'],
    github: null,
    oidc: { issuer: server.issuer, clientId: 'plumbline', clientSecret: 'a client secret of the test' },
  }
  const signIn = createSignIn(database.db, settings, createLog('silent'), () => NOW)
  const enter = async (who: typeof ADA) => {
    subject = who
    const browsing = new Browsing({ origin: PAGES, answer: request => signIn.handler(request, ADDRESS) })
    const { url } = await browsing.open(await begin(browsing, signIn))
    return { url, headers: () => new Headers({ cookie: browsing.cookies(PAGES) }) }
  }
  const viewer = (headers: Headers, now = NOW) =>
    viewerOf(headers, { db: database.db, signIn, demo: false, now, address: ADDRESS })
  return { signIn, enter, viewer }
}

async function begin(browsing: Browsing, signIn: SignIn): Promise<string> {
  const answer = await signIn.api.signInSocial({ body: { provider: 'oidc', callbackURL: '/' }, asResponse: true })
  browsing.take(PAGES, answer)
  return ((await answer.json()) as { url: string }).url
}

describeDatabases('signing in', database => {
  test('by OpenID Connect makes a person with the least role, and is written down', async () => {
    const { enter, viewer } = await house(database)
    const { url, headers } = await enter(ADA)
    expect(url).toBe(`${PAGES}/`)
    expect(await viewer(headers())).toMatchObject({ name: 'Ada', role: 'maintainer', sees: { all: false } })
    expect(await readAudit(database.db, { limit: 5 })).toMatchObject([
      { action: 'sign-in', name: 'Ada', address: expect.stringContaining('2001:') },
    ])
    expect(await database.db.user.count()).toBe(1)
    await enter(ADA)
    expect(await database.db.user.count()).toBe(1)
  })

  test('keeps the tokens of the provider sealed', async () => {
    const { enter } = await house(database)
    await enter(ADA)
    const [account] = await database.db.account.findMany()
    expect(account?.accessToken).toMatch(/^\$ba\$\d+\$[0-9a-f]{64,}$/)
    expect(account?.idToken).toBeNull()
  })

  test('a new secret takes over: sessions and tokens of the old one hold until it is dropped', async () => {
    const { enter } = await house(database)
    await enter(ADA)
    const [old, next] = ['a secret of the test, longer than it must be', 'the secret after it, long enough as well']
    const sealed = async () => (await database.db.account.findFirstOrThrow()).accessToken ?? ''
    const token = await openToken(await sealed(), { secrets: [next, old] })
    await expect(openToken(await sealed(), { secrets: [next] })).rejects.toThrow()
    const how = { now: NOW }
    // A secret that is not the right one spoils nothing: what it does not open is kept.
    const other = 'some other secret that opens nothing at all'
    expect(await reseal(database.db, [other], how)).toMatchObject({ resealed: 0, foreign: 1, broken: 0 })
    expect(await reseal(database.db, [next, old], how)).toMatchObject({ resealed: 1, current: 0, foreign: 0 })
    expect(await reseal(database.db, [next, old], how)).toMatchObject({ resealed: 0, current: 1 })
    expect(await openToken(await sealed(), { secrets: [next] })).toBe(token)
    expect(await readAudit(database.db, { limit: 1 })).toMatchObject([
      { action: 'secret.resealed', actor: 'system', details: { current: 1, forgotten: 0 } },
    ])
    expect(await reseal(database.db, [other], { now: NOW, forgetForeign: true })).toMatchObject({ foreign: 1 })
    expect((await database.db.account.findFirstOrThrow()).accessToken).toBeNull()
    await database.db.account.updateMany({ data: { accessToken: `${'$ba$'}1$00`, refreshToken: 'cut' } })
    expect(await reseal(database.db, [other], how)).toMatchObject({ foreign: 1, broken: 1 })
  })

  test('a session that was ended, changed or made up lets nobody in', async () => {
    const { enter, viewer } = await house(database)
    const { headers } = await enter(ADA)
    const cookie = headers().get('cookie') ?? ''
    expect(await viewer(new Headers())).toBeNull()
    const forged = cookie.replace(/session_token=[^.;]*/, `session_token=${'A'.repeat(32)}`)
    expect(await viewer(new Headers({ cookie: forged }))).toBeNull()
    const resigned = cookie.replace(/(session_token=[^.;]*)\.[^;]*/, '$1.AAAA')
    expect(await viewer(new Headers({ cookie: resigned }))).toBeNull()
    const ada = await viewer(headers())
    await inTransaction(database.db, tx => endSessions(tx, ada?.id ?? '', NOW))
    expect(await viewer(headers())).toBeNull()
  })

  test('a role counts from the next request on, and the last owner stays one', async () => {
    const { enter, viewer } = await house(database)
    const { headers } = await enter(ADA)
    const ada = await viewer(headers())
    await inTransaction(database.db, tx => setRole(tx, ada?.id ?? '', 'owner'))
    expect(await viewer(headers())).toMatchObject({ role: 'owner', sees: { all: true } })
    expect(await inTransaction(database.db, tx => setRole(tx, ada?.id ?? '', 'viewer'))).toBe(false)
    expect(await viewer(headers())).toMatchObject({ role: 'owner' })
  })

  test('the first owner’s link works once, for an hour, and only while there is no owner', async () => {
    const { enter, viewer } = await house(database)
    const ada = await viewer((await enter(ADA)).headers())
    const bob = await viewer((await enter(BOB)).headers())
    if (ada === null || bob === null) throw new Error('nobody came in')
    const token = (await offerOwnership(database.db, NOW)) ?? ''
    const refused = { code: 'forbidden' }
    await expect(claimOwnership(database.db, bob, 'made up', NOW)).rejects.toMatchObject(refused)
    const late = new Date(NOW.getTime() + 3_600_001)
    await expect(claimOwnership(database.db, bob, token, late)).rejects.toMatchObject(refused)
    await claimOwnership(database.db, ada, token, NOW)
    await expect(claimOwnership(database.db, bob, token, NOW)).rejects.toMatchObject(refused)
    expect(await offerOwnership(database.db, NOW)).toBeNull()
    expect(await readAudit(database.db, { limit: 1 })).toMatchObject([
      { action: 'member.role', actor: ada.id, address: ADDRESS },
    ])
  })

  test('a key does what its scopes say and no more than the role, until it is revoked or too old', async () => {
    const { enter, viewer } = await house(database)
    const ada = await viewer((await enter(ADA)).headers())
    if (ada === null) throw new Error('nobody came in')
    await expect(
      makeKey(database.db, ada, { name: 'all', scopes: ['policy:change'], days: 1 }, NOW),
    ).rejects.toMatchObject({ code: 'forbidden' })
    const { key } = await makeKey(database.db, ada, { name: 'reports', scopes: ['read'], days: 30 }, NOW)
    const by = (value: string) => new Headers({ authorization: `Bearer ${value}` })
    expect(await viewer(by(key))).toMatchObject({ id: ada.id, via: 'key', scopes: ['read'] })
    expect(await viewer(by(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`))).toBeNull()
    expect(await viewer(by(key), new Date('2026-07-02T00:00:00Z'))).toBeNull()
    const [kept] = await database.db.apiKey.findMany()
    expect(JSON.stringify(kept)).not.toContain(key.slice(10))
    await revokeKey(database.db, ada, kept?.id ?? '', NOW)
    expect(await viewer(by(key))).toBeNull()
    expect(await verifyAudit(database.db)).toMatchObject({ brokenAt: null })
  })
})
