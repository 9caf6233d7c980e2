import { expect, test } from 'vitest'
import { seesOf, type Viewer } from '#lib/auth/permit.ts'
import { reseal } from '#lib/auth/reseal.ts'
import { changeSettings, forgetSettings, readStored, storedBeside } from '#lib/auth/stored-settings.ts'
import { readEnv } from '#lib/env.ts'
import { readAudit, verifyAudit } from '#lib/store/audit.ts'
import { settingsMark } from '#lib/store/stored-settings.ts'
import { describeDatabases } from '#tests/database.ts'
import { PLANTED } from '#tests/planted.ts'

const NOW = new Date('2026-06-01T00:00:00Z')
const SECRET = 'a-secret-of-the-test-longer-than-it-must-be'
const NEXT = 'the-secret-after-it-which-is-long-enough-too'
const TOKEN = PLANTED.fineGrained
const CRAWL = { group: 'crawl', values: { GITHUB_ORG: 'acme', GITHUB_TOKEN: TOKEN } }
const HOW = { secrets: [SECRET], environment: { PLUMBLINE_SECRET: SECRET }, now: NOW }

function person(role: Viewer['role']): Viewer {
  return { id: 'ada', name: 'Ada', role, sees: seesOf(role, 'ada'), via: 'session', scopes: null, address: '192.0.2.7' }
}

describeDatabases('settings of the page', database => {
  test('are kept encrypted, opened with the secret, and told in the log without the secret', async () => {
    const before = await settingsMark(database.db)
    await changeSettings(database.db, person('owner'), CRAWL, HOW)
    expect(await settingsMark(database.db)).not.toBe(before)
    expect((await readStored(database.db, [SECRET])).values).toEqual(CRAWL.values)
    const rows = JSON.stringify(await database.db.storedSetting.findMany())
    expect(rows).not.toMatch(/planted|acme/i)
    const told = await readAudit(database.db, { limit: 9 })
    expect(told).toMatchObject([
      { action: 'setting.set', resource: 'setting:GITHUB_TOKEN', address: '192.0.2.7', details: {} },
      { action: 'setting.set', resource: 'setting:GITHUB_ORG', details: { from: null, to: 'acme' } },
    ])
    expect(JSON.stringify(told.map(row => row.details))).not.toMatch(/planted/i)
    expect(await verifyAudit(database.db)).toMatchObject({ brokenAt: null })
  })

  test('an empty field leaves a secret as it is, and a group is forgotten as a whole', async () => {
    await changeSettings(database.db, person('owner'), CRAWL, HOW)
    const more = { group: 'crawl', values: { GITHUB_ORG: 'acme, labs', GITHUB_TOKEN: ' ' } }
    await changeSettings(database.db, person('owner'), more, HOW)
    expect((await readStored(database.db, [SECRET])).values).toEqual({ GITHUB_ORG: 'acme, labs', GITHUB_TOKEN: TOKEN })
    await forgetSettings(database.db, person('owner'), 'crawl', NOW)
    expect((await readStored(database.db, [SECRET])).values).toEqual({})
    expect(await readAudit(database.db, { limit: 9, action: 'setting.removed' })).toHaveLength(2)
  })

  test('are an owner’s to change, and only where they can be used and kept', async () => {
    for (const role of ['security', 'maintainer', 'viewer', 'auditor'] as const) {
      await expect(changeSettings(database.db, person(role), CRAWL, HOW)).rejects.toMatchObject({ code: 'forbidden' })
      await expect(forgetSettings(database.db, person(role), 'crawl', NOW)).rejects.toMatchObject({ code: 'forbidden' })
    }
    const wrong = (group: string, values: Record<string, string>, how = HOW) =>
      expect(changeSettings(database.db, person('owner'), { group, values }, how)).rejects
    await wrong('crawl', { GITHUB_ORG: 'acme' }).toThrow('GITHUB_TOKEN is not')
    await wrong('crawl', { GITHUB_ORG: 'a/../b', GITHUB_TOKEN: TOKEN }).toThrow('not the name of an organisation')
    await wrong('crawl', { GITHUB_ORG: 'acme', GITHUB_TOKEN: 'a'.repeat(10_001) }).toThrow('longer than anything')
    await wrong('github', { GITHUB_CLIENT_ID: 'x' }).toThrow('Not set: GITHUB_CLIENT_SECRET.')
    await wrong('crawl', CRAWL.values, { ...HOW, secrets: [] }).toThrow('PLUMBLINE_SECRET is not set')
    await wrong('PLUMBLINE_HOST', { PLUMBLINE_HOST: '0.0.0.0' }).toMatchObject({ code: 'not-found' })
    // It would count at the next start, which would then be refused: sign-in at an address without TLS.
    const open = { ...HOW, environment: { ...HOW.environment, PLUMBLINE_URL: 'http://plumbline.example' } }
    await wrong('github', { GITHUB_CLIENT_ID: 'x', GITHUB_CLIENT_SECRET: 'y' }, open).toThrow('PLUMBLINE_URL is http')
    expect(await database.db.storedSetting.count()).toBe(0)
  })

  test('a provider inside the network cannot be named', async () => {
    for (const issuer of [
      'https://169.254.169.254',
      'https://127.0.0.1:5432',
      'https://localhost',
      'http://login.example',
    ]) {
      const values = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' }
      const setting = changeSettings(database.db, person('owner'), { group: 'oidc', values }, HOW)
      await expect(setting, issuer).rejects.toMatchObject({ code: 'invalid-input' })
    }
  })

  test('a new secret of the installation takes them over; without the right one they are lost, and said to be', async () => {
    await changeSettings(database.db, person('owner'), CRAWL, HOW)
    expect(await reseal(database.db, [NEXT, SECRET], { now: NOW })).toMatchObject({ resealed: 2, foreign: 0 })
    expect((await readStored(database.db, [NEXT])).values).toEqual(CRAWL.values)
    expect(await readStored(database.db, [SECRET])).toEqual({ values: {}, lost: ['GITHUB_ORG', 'GITHUB_TOKEN'] })
    expect(await readStored(database.db, [])).toMatchObject({ values: {} })
  })
})

test('the environment, or a file that it names, goes before what is kept, group by group', () => {
  const stored = { ...CRAWL.values, GITHUB_WEBHOOK_SECRET: 'kept', OIDC_ISSUER: 'https://login.example' }
  const beside = (environment: Record<string, string>) => Object.keys(storedBeside(environment, stored))
  expect(beside({})).toEqual(['GITHUB_ORG', 'GITHUB_TOKEN', 'GITHUB_WEBHOOK_SECRET', 'OIDC_ISSUER'])
  expect(beside({ GITHUB_ORG: 'other' })).toEqual(['GITHUB_WEBHOOK_SECRET', 'OIDC_ISSUER'])
  expect(beside({ GITHUB_WEBHOOK_SECRET_FILE: '/run/secrets/hook' })).not.toContain('GITHUB_WEBHOOK_SECRET')
  // Empty is unset, and a developer's own token says nothing of what is to be crawled.
  expect(beside({ GITHUB_ORG: '', GITHUB_TOKEN: 'mine' })).toContain('GITHUB_ORG')
  const mine = { GITHUB_TOKEN: 'mine' }
  expect(readEnv({ ...mine, ...storedBeside(mine, stored), OIDC_ISSUER: '' }).github).toEqual({
    identity: { token: TOKEN },
    orgs: ['acme'],
  })
})
