import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { OWNER_PROPERTIES } from '#lib/crawl/properties.ts'
import { readEnv } from '#lib/env.ts'
import { AppError } from '#lib/errors.ts'

describe('readEnv', () => {
  test('with nothing set it is the demo on the embedded database', () => {
    expect(readEnv({})).toEqual({
      badges: false,
      databaseUrl: null,
      github: null,
      githubToken: null,
      githubApiUrl: 'https://api.github.com',
      proxy: null,
      webhookSecrets: [],
      port: 3000,
      dataDirectory: '.plumbline',
      crawlMinutes: 15,
      ownerProperties: null,
      logLevel: 'info',
      host: '127.0.0.1',
      url: 'http://127.0.0.1:3000',
      secrets: [],
      signIn: null,
      proxies: 0,
      metricsToken: null,
      integrity: { mode: null, publicKey: null, signingKey: null },
    })
  })

  test('token and organisation together are crawled; an empty value is unset', () => {
    expect(readEnv({ GITHUB_TOKEN: 'ghp_x', GITHUB_ORG: 'acme', PORT: '' }).github).toEqual({
      identity: { token: 'ghp_x' },
      orgs: ['acme'],
    })
    const many = readEnv({ GITHUB_TOKEN: 'ghp_x', GITHUB_ORG: 'acme, acme-labs' }).github
    expect(many?.orgs).toEqual(['acme', 'acme-labs'])
    expect(readEnv({ GITHUB_TOKEN: 'ghp_x', GITHUB_ORG: '' }).github).toBeNull()
  })

  test('a GitHub App needs its key and organisations; line ends of the key may be written out', () => {
    const app = { GITHUB_APP_ID: '123', GITHUB_APP_PRIVATE_KEY: 'one\\ntwo' }
    expect(readEnv({ ...app, GITHUB_ORG: 'acme' }).github).toEqual({
      identity: { app: { id: '123', privateKey: 'one\ntwo' } },
      orgs: ['acme'],
    })
    expect(() => readEnv(app)).toThrow('GITHUB_APP_ID is set, but GITHUB_ORG is not.')
    expect(() => readEnv({ GITHUB_APP_ID: '123', GITHUB_ORG: 'acme' })).toThrow('Not set: GITHUB_APP_PRIVATE_KEY.')
  })

  test('properties that say who owns a repository are named with commas or spaces between', () => {
    const { ownerProperties } = readEnv({ PLUMBLINE_OWNER_PROPERTIES: 'Accountable-Team, cost_center on-call' })
    expect(ownerProperties).toEqual(['Accountable-Team', 'cost_center', 'on-call'])
  })

  test('a final slash of the API is dropped', () => {
    expect(readEnv({ GITHUB_API_URL: 'https://ghes.example/api/v3/' }).githubApiUrl).toBe('https://ghes.example/api/v3')
  })

  test('a proxy by the usual names, in either case, with or without its scheme', () => {
    const usual = { HTTPS_PROXY: 'proxy.example:3128', NO_PROXY: '.inside.example' }
    const proxy = { https: 'http://proxy.example:3128', http: null, except: '.inside.example' }
    expect(readEnv(usual).proxy).toEqual(proxy)
    expect(readEnv({ ...usual, https_proxy: 'http://other.example:1' }).proxy?.https).toBe('http://other.example:1')
    expect(readEnv({ NO_PROXY: '*' }).proxy).toBeNull()
  })

  test.each([
    ['HTTPS_PROXY', 'socks5://user:secret@proxy', /HTTPS_PROXY is not the address of a proxy/],
    ['NODE_EXTRA_CA_CERTS', '/nowhere/ca.pem', /NODE_EXTRA_CA_CERTS names a file that cannot be read/],
    ['DATABASE_URL', 'mysql://x/y', /DATABASE_URL is not the address of a PostgreSQL database/],
    ['GITHUB_ORG', 'https://github.com/acme', /GITHUB_ORG is not the name of an organisation/],
    ['GITHUB_API_URL', 'api.github.com', /GITHUB_API_URL is not the address of an API/],
    ['PORT', '70000', /PORT is not a port/],
    ['PORT', 'http', /PORT is not a port/],
    ['PLUMBLINE_CRAWL_MINUTES', '0', /PLUMBLINE_CRAWL_MINUTES is too short/],
    ['PLUMBLINE_OWNER_PROPERTIES', 'owner;team', /PLUMBLINE_OWNER_PROPERTIES holds no names of custom properties/],
    ['PLUMBLINE_INTEGRITY', 'maybe', /PLUMBLINE_INTEGRITY is none of refuse, warn, off/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL is none of the levels/],
  ])('%s=%s is refused with a sentence', (name, value, sentence) => {
    const refused = () => readEnv({ GITHUB_TOKEN: 'ghp_x', GITHUB_ORG: 'acme', [name]: value })
    expect(refused).toThrow(AppError)
    expect(refused).toThrow(sentence)
  })

  test('every wrong value is told at once, and a token never', () => {
    const refused = () =>
      readEnv({ PORT: 'x', LOG_LEVEL: 'y', GITHUB_TOKEN: 'ghp_secret with space', GITHUB_ORG: 'acme' })
    expect(refused).toThrow(/GITHUB_TOKEN[\s\S]*PORT[\s\S]*LOG_LEVEL/)
    expect(refused).not.toThrow(/secret/)
  })

  test('an organisation without a token says what to do', () => {
    expect(() => readEnv({ GITHUB_ORG: 'acme' })).toThrow('GITHUB_ORG is set, but GITHUB_TOKEN is not.')
  })

  const CLIENT = { GITHUB_CLIENT_ID: 'Iv1.x', GITHUB_CLIENT_SECRET: 'client-secret' }
  const SECRET = 'x'.repeat(32)

  test('sign-in needs a client, all of it, and a secret of our own', () => {
    expect(readEnv({ ...CLIENT, PLUMBLINE_SECRET: SECRET }).signIn).toEqual({
      github: { clientId: 'Iv1.x', clientSecret: 'client-secret' },
      oidc: null,
    })
    expect(() => readEnv(CLIENT)).toThrow('PLUMBLINE_SECRET is not set.')
    expect(() => readEnv({ ...CLIENT, PLUMBLINE_SECRET: 'short' })).toThrow(/PLUMBLINE_SECRET is too short/)
    expect(() => readEnv({ OIDC_ISSUER: 'https://login.example', PLUMBLINE_SECRET: SECRET })).toThrow(
      'Not set: OIDC_CLIENT_ID, OIDC_CLIENT_SECRET.',
    )
  })

  test('several secrets are told newest first, so that one can be replaced', () => {
    const older = 'y'.repeat(32)
    expect(readEnv({ PLUMBLINE_SECRET: `${SECRET} ${older}` }).secrets).toEqual([SECRET, older])
  })

  test('beyond this machine it listens only where people sign in, and over TLS', () => {
    expect(() => readEnv({ PLUMBLINE_HOST: '0.0.0.0' })).toThrow(/nobody would have to sign in/)
    const open = { ...CLIENT, PLUMBLINE_SECRET: SECRET, PLUMBLINE_HOST: '0.0.0.0' }
    expect(readEnv({ ...open, PLUMBLINE_URL: 'https://plumbline.example/' }).url).toBe('https://plumbline.example')
    expect(() => readEnv({ ...open, PLUMBLINE_URL: 'http://plumbline.example' })).toThrow(/PLUMBLINE_URL is http/)
  })

  test('a secret may stand in a file, and then not beside it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumbline-env-'))
    const path = join(folder, 'secret')
    writeFileSync(path, `${SECRET}\n`)
    expect(readEnv({ PLUMBLINE_SECRET_FILE: path }).secrets).toEqual([SECRET])
    expect(() => readEnv({ PLUMBLINE_SECRET_FILE: path, PLUMBLINE_SECRET: SECRET })).toThrow(/are both set/)
    expect(() => readEnv({ PLUMBLINE_SECRET_FILE: join(folder, 'none') })).toThrow(
      'PLUMBLINE_SECRET_FILE names a file that cannot be read.',
    )
    rmSync(folder, { recursive: true })
  })
})

test('the README names every variable, and no other', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
  const names = [...read('lib/env.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name)
  const table = /## Configuration\n([\s\S]*?)\n## /.exec(read('README.md'))?.[1] ?? ''
  const rows = table.split('\n').flatMap(row => row.split('|')[1]?.match(/[A-Z][A-Z_]{3,}/g) ?? [])
  expect(rows.toSorted()).toEqual(names.toSorted())
})

test('the README names the properties that say who owns a repository where nobody set others', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const [, , told = ''] =
    readme
      .split('\n')
      .find(line => line.includes('PLUMBLINE_OWNER_PROPERTIES'))
      ?.split('|') ?? []
  expect([...told.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(OWNER_PROPERTIES)
})
