/** Signing in from a network that only a proxy leaves: the codes are exchanged, and people read, by way of it alone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import { startGitHub } from '#demo/github/server.ts'
import { readAudit } from '#lib/store/audit.ts'
import { repositories } from '#tests/crawl/hosted.ts'
import { describePostgres } from '#tests/database.ts'
import { startProxy } from '#tests/github/connect-proxy.ts'
import { overTls, ownAuthority } from '#tests/github/own-authority.ts'
import { PLANTED } from '#tests/planted.ts'
import { Browsing } from './browsing.ts'
import { startOidc } from './oidc-server.ts'

const PAGES = 'https://plumbline.test'
/** Names that nobody but the proxy can look up. */
const [GITHUB, PROVIDER] = ['git.acme.invalid', 'login.acme.invalid']
const CLIENTS = {
  github: { GITHUB_CLIENT_ID: 'client', GITHUB_CLIENT_SECRET: PLANTED.clientSecret },
  oidc: { OIDC_CLIENT_ID: 'plumbline', OIDC_CLIENT_SECRET: 'a client secret of the test' },
} as const
const ADA = { id: 11, login: 'ada', name: 'Ada', member: true, sees: [] }

describePostgres('signing in through a proxy', database => {
  async function network(by: keyof typeof CLIENTS, scheme: 'http' | 'https') {
    const github = await startGitHub({
      host: await openGitHost(await repositories({ one: {} }), 'acme'),
      people: [ADA],
    })
    onTestFinished(() => github.stop())
    const provider = await startOidc({
      redirectUri: `${PAGES}/api/auth/callback/oidc`,
      issuer: `${scheme}://${PROVIDER}`,
      subject: () => ({ sub: 'ada-1', name: 'Ada', email: 'ada@example.test' }),
    })
    onTestFinished(() => provider.stop())
    const authority = scheme === 'https' ? ownAuthority(GITHUB, PROVIDER) : null
    const reached = async (at: string) => (authority ? overTls(authority, at) : at)
    const hosts = { [GITHUB]: await reached(github.url), [PROVIDER]: await reached(provider.at) }
    const places = { [`${scheme}://${GITHUB}`]: github.url, [`${scheme}://${PROVIDER}`]: provider.at }
    const env = {
      GITHUB_API_URL: `${scheme}://${GITHUB}/api/v3`,
      ...(by === 'oidc' && { OIDC_ISSUER: `${scheme}://${PROVIDER}` }),
      ...(authority && { NODE_EXTRA_CA_CERTS: authority.ca }),
    }
    return { ...(await startProxy(hosts)), places, env }
  }

  /** Somebody signs in there; answers where that led them. Their browser is outside and needs no proxy. */
  async function enter(by: 'github' | 'oidc', env: Readonly<Record<string, string>>, places: Record<string, string>) {
    const child = spawn(process.execPath, ['tests/auth/door-process.ts'], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: 'pipe',
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH ?? '',
        DATABASE_URL: database.url,
        PLUMBLINE_URL: PAGES,
        PLUMBLINE_SECRET: PLANTED.own,
        ...CLIENTS[by],
        ...env,
      },
    })
    const gone = once(child, 'close')
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
    try {
      await Promise.race([once(child.stdout, 'data'), gone])
      const at = `http://127.0.0.1:${Number(said)}`
      const browsing = new Browsing(
        { origin: PAGES, answer: request => fetch(request.url.replace(PAGES, at), withBody(request)) },
        places,
      )
      const { response } = await browsing.open(`${PAGES}/api/auth/sign-in/social`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: PAGES },
        body: JSON.stringify({ provider: by, callbackURL: '/' }),
      })
      const { url } = (await response.json()) as { url?: string }
      return url === undefined ? null : (await browsing.open(by === 'github' ? `${url}&login=ada` : url)).url
    } finally {
      child.kill()
      await gone
      expect(said).not.toContain(PLANTED.password)
      expect(said).not.toContain(PLANTED.clientSecret)
    }
  }

  test.each([
    ['github', 'http', 80],
    ['oidc', 'http', 80],
    ['github', 'https', 443],
    ['oidc', 'https', 443],
  ] as const)(
    'by %s asks the proxy for everything and nobody else, by %s',
    { timeout: 120_000 },
    async (by, scheme, port) => {
      const { at, asked, places, env } = await network(by, scheme)
      const variable = `${scheme.toUpperCase()}_PROXY`
      const through = { ...env, [variable]: `http://plumbline:${PLANTED.password}@${at}` }
      expect(await enter(by, through, places)).toBe(`${PAGES}/`)
      expect(new Set(asked)).toEqual(new Set([`${by === 'github' ? GITHUB : PROVIDER}:${port}`]))
      expect(await readAudit(database.db, { limit: 5 })).toMatchObject([{ action: 'sign-in', name: 'Ada' }])

      asked.length = 0
      expect(await enter(by, { ...through, NO_PROXY: '.acme.invalid' }, places)).not.toBe(`${PAGES}/`)
      expect(asked).toEqual([])
      // A proxy that does not know us lets nobody in.
      expect(await enter(by, { ...env, [variable]: at }, places)).not.toBe(`${PAGES}/`)
      expect(await database.db.session.count()).toBe(1)
    },
  )
})

function withBody({ method, headers, body }: Request): RequestInit {
  return { method, headers, body, redirect: 'manual', ...(body === null ? {} : { duplex: 'half' }) } as RequestInit
}
