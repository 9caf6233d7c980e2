/** Sign-in by GitHub or an OpenID Connect provider. We keep no passwords: who you are is told by one of them. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { type GenericOAuthConfig, genericOAuth } from 'better-auth/plugins/generic-oauth'
import { addressesOf } from '../github/addresses.ts'
import { connect } from '../github/client.ts'
import { isMember, readPerson } from '../github/people.ts'
import type { Logger } from '../log.ts'
import { type AuditEntry, audit } from '../store/audit.ts'
import type { Database } from '../store/database.ts'
import { keyring } from './sealing.ts'

/** The client that was registered at a provider. */
type Client = { clientId: string; clientSecret: string }
export type SignInSettings = {
  /** Where people reach the pages, without a final slash, e.g. https://plumbline.example. */
  url: string
  /** At least 32 characters: signs cookies and encrypts tokens at rest. The first is used, the others still open. */
  secrets: readonly [string, ...string[]]
  /** Members of one of these organisations may enter. */
  github: (Client & { apiUrl: string; orgs(): Promise<readonly string[]> }) | null
  /** Whom the provider lets in may enter; access to private repositories is GitHub's to give, or a role's. */
  oidc: (Client & { issuer: string }) | null
}

export type SignIn = ReturnType<typeof createSignIn>
export type ProviderId = 'github' | 'oidc'

const DAY = 86_400
/** Ours alone: `handler` writes it over whatever came, so that nobody chooses by which address they are counted. */
const ADDRESS = 'x-plumbline-address'

/** The headers by which the sign-in is asked, with the client's address where it looks for it. */
export function addressed(headers: Headers, address: string | null): Headers {
  const all = new Headers(headers)
  all.delete(ADDRESS)
  if (address !== null) all.set(ADDRESS, address)
  return all
}

export function providersOf({ github, oidc }: { github: unknown; oidc: unknown }): ProviderId[] {
  return [...(github === null ? [] : (['github'] as const)), ...(oidc === null ? [] : (['oidc'] as const))]
}

export function createSignIn(db: Database, settings: SignInSettings, log: Logger, now: () => Date) {
  const config = [
    ...(settings.github === null ? [] : [githubProvider(settings.github)]),
    ...(settings.oidc === null ? [] : [oidcProvider(settings.oidc)]),
  ]
  const { keys } = keyring(settings.secrets)
  const told = (entry: Pick<AuditEntry, 'actor' | 'name' | 'action' | 'address'> & Partial<AuditEntry>) =>
    audit(db, { at: now(), resource: 'session', details: {}, ...entry })
  const whose = async ({ userId }: { userId: string }) => {
    const person = await db.user.findUnique({ where: { id: userId }, select: { name: true } })
    return { actor: userId, name: person?.name ?? '' }
  }
  // Who is refused is told inside the library's transaction, in which only its own client may write.
  const asked = new AsyncLocalStorage<{ refused: string }>()
  const auth = betterAuth({
    appName: 'Plumbline',
    baseURL: settings.url,
    secret: settings.secrets[0],
    // Newest first; what an older one encrypted is still read.
    secrets: [...keys].map(([version, value]) => ({ version, value })),
    database: prismaAdapter(db, { provider: 'postgresql', transaction: true }),
    telemetry: { enabled: false },
    // What providers say of a person is not theirs to change here, and a second identity is a second person.
    disabledPaths: [
      '/update-user',
      '/change-email',
      '/change-password',
      '/set-password',
      '/delete-user',
      '/link-social',
      '/unlink-account',
      '/get-access-token',
      '/refresh-token',
      '/account-info',
      '/list-accounts',
      '/sign-in/email',
      '/sign-up/email',
    ],
    logger: {
      level: 'warn',
      log: (level, message) => log[level === 'error' ? 'error' : 'warn']({ part: 'sign-in' }, message),
    },
    onAPIError: { errorURL: `${settings.url}/sign-in` },
    session: { expiresIn: 7 * DAY, updateAge: DAY, freshAge: DAY / 24 },
    account: {
      encryptOAuthTokens: true,
      updateAccountOnSignIn: true,
      // An address at one provider proves nothing about the same address at another.
      accountLinking: { enabled: false },
    },
    verification: { storeIdentifier: 'hashed' },
    // Kept in the database, so that it counts over all processes.
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 60,
      // An office may share one address.
      customRules: { '/sign-in/social': { window: 60, max: 30 } },
    },
    advanced: {
      cookiePrefix: 'plumbline',
      // Said outright: the library leaves these checks out where NODE_ENV is test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [ADDRESS] },
      useSecureCookies: settings.url.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    user: {
      additionalFields: {
        role: { type: 'string', input: false, defaultValue: 'maintainer' },
        // Told by the provider; what a person could say of themselves is switched off below.
        login: { type: 'string', required: false },
      },
      validateUserInfo: ({ user, source }) => {
        if (source.oauth?.profile?.member !== false) return undefined
        const request = asked.getStore()
        if (request !== undefined) request.refused = String(user.name ?? '')
        return { error: 'not_a_member', errorDescription: 'Only members of the organisation may enter.' }
      },
    },
    databaseHooks: {
      // Who somebody is was read from the ID token already; kept, it would lie there unencrypted.
      account: {
        create: { before: async account => ({ data: { ...account, idToken: null } }) },
        update: { before: async account => ({ data: { ...account, idToken: null } }) },
      },
      session: {
        create: {
          after: async session => {
            await told({ ...(await whose(session)), action: 'sign-in', address: session.ipAddress || null })
            // What GitHub shows to this person is asked anew at every sign-in.
            await db.user.update({ where: { id: session.userId }, data: { accessAt: null } })
          },
        },
        delete: {
          after: async (session, context) => {
            const address = context?.headers?.get(ADDRESS) ?? null
            await told({ ...(await whose(session)), action: 'sign-out', address })
          },
        },
      },
    },
    plugins: [genericOAuth({ config })],
  })
  const handler = async (request: Request, address: string | null): Promise<Response> => {
    const who = { refused: '' }
    // Made anew from its parts: a framework's own kind of request is not taken by the constructor.
    const { url, method } = request
    const body = request.body === null ? null : await request.arrayBuffer()
    const ours = new Request(url, { method, headers: addressed(request.headers, address), body })
    const answer = await asked.run(who, () => auth.handler(ours))
    const reason = new URL(url).pathname.includes('/callback/') ? refusalIn(answer) : null
    if (reason !== null)
      await told({ actor: 'anonymous', name: who.refused, action: 'sign-in.refused', address, details: { reason } })
    return answer
  }
  return { url: settings.url, api: auth.api, handler }
}

/** Why a callback sent somebody back to the sign-in; null where it let them in, or came too often to be looked at. */
function refusalIn({ status, headers }: Response): string | null {
  if (status === 429) return null
  const back = URL.parse(headers.get('location') ?? '', 'http://plumbline.invalid')
  const reason = back?.searchParams.get('error') ?? (status >= 400 ? `status ${status}` : null)
  return reason === null ? null : reason.replace(/[^\w -]/g, '').slice(0, 60)
}

function githubProvider({ clientId, clientSecret, apiUrl, orgs }: NonNullable<SignInSettings['github']>) {
  const { web } = addressesOf(apiUrl)
  return {
    providerId: 'github',
    clientId,
    clientSecret,
    authorizationUrl: `${web}/login/oauth/authorize`,
    tokenUrl: `${web}/login/oauth/access_token`,
    // `repo` is the least that makes GitHub list private repositories to an OAuth app; apps have permissions instead.
    scopes: ['read:user', 'read:org', 'repo'],
    pkce: true,
    overrideUserInfo: true,
    authorizationHeaders: { accept: 'application/json' },
    getUserInfo: async tokens => {
      const github = connect({ apiUrl, token: tokens.accessToken ?? '' })
      const person = await readPerson(github)
      const memberships = await Promise.all((await orgs()).map(org => isMember(github, org)))
      return {
        id: String(person.id),
        name: person.name ?? person.login,
        // GitHub tells no address where the person keeps it private; ours must only be of its own.
        email: `${person.id}+${person.login}@users.noreply.github.invalid`,
        emailVerified: true,
        ...(person.avatarUrl === null ? {} : { image: person.avatarUrl }),
        login: person.login,
        member: memberships.includes(true),
      }
    },
    mapProfileToUser: profile => ({ login: String(profile.login) }),
  } satisfies GenericOAuthConfig
}

function oidcProvider({ clientId, clientSecret, issuer }: NonNullable<SignInSettings['oidc']>) {
  return {
    providerId: 'oidc',
    clientId,
    clientSecret,
    discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    requireIdTokenVerification: true,
    scopes: ['openid', 'profile', 'email'],
    pkce: true,
    overrideUserInfo: true,
    mapProfileToUser: profile => ({
      name: String(profile.name ?? profile.preferred_username ?? profile.email ?? profile.sub),
    }),
  } satisfies GenericOAuthConfig
}
