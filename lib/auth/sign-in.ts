/** Sign-in by GitHub or an OpenID Connect provider. We keep no passwords: who you are is told by one of them. */
import { createHash } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { type GenericOAuthConfig, genericOAuth } from 'better-auth/plugins/generic-oauth'
import { addressesOf } from '../github/addresses.ts'
import { connect } from '../github/client.ts'
import { isMember, readPerson } from '../github/people.ts'
import type { Logger } from '../log.ts'
import { type AuditEntry, audit } from '../store/audit.ts'
import type { Database } from '../store/database.ts'

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

export function providersOf({ github, oidc }: { github: unknown; oidc: unknown }): ProviderId[] {
  return [...(github === null ? [] : (['github'] as const)), ...(oidc === null ? [] : (['oidc'] as const))]
}

export function createSignIn(db: Database, settings: SignInSettings, log: Logger, now: () => Date) {
  const config = [
    ...(settings.github === null ? [] : [githubProvider(settings.github)]),
    ...(settings.oidc === null ? [] : [oidcProvider(settings.oidc)]),
  ]
  const { keys } = keyring(settings.secrets)
  const told = (entry: Pick<AuditEntry, 'actor' | 'name' | 'action'> & Partial<AuditEntry>) =>
    audit(db, { at: now(), resource: 'session', address: null, details: {}, ...entry })
  const refused: string[] = []
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
    rateLimit: { enabled: true, storage: 'database', window: 60, max: 60 },
    advanced: {
      cookiePrefix: 'plumbline',
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
        // This is asked inside a transaction, in which only its own client may write.
        refused.push(String(user.name ?? ''))
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
            const person = await db.user.findUnique({ where: { id: session.userId }, select: { name: true } })
            await told({ actor: session.userId, name: person?.name ?? '', action: 'sign-in' })
            // What GitHub shows to this person is asked anew at every sign-in.
            await db.user.update({ where: { id: session.userId }, data: { accessAt: null } })
          },
        },
        delete: {
          after: async session => {
            await told({ actor: session.userId, name: '', action: 'sign-out' })
          },
        },
      },
    },
    plugins: [genericOAuth({ config })],
  })
  const handler = async (request: Request): Promise<Response> => {
    const answer = await auth.handler(request)
    for (const name of refused.splice(0)) await told({ actor: 'anonymous', name, action: 'sign-in.refused' })
    return answer
  }
  return { api: auth.api, handler }
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

type Secrets = Pick<SignInSettings, 'secrets'>

/** A token as `Account` keeps it, opened with the secret that is used or one before it. Throws where none fits. */
export async function openToken(sealed: string, { secrets }: Secrets): Promise<string> {
  return symmetricDecrypt({ key: keyring(secrets), data: sealed })
}

/** Encrypted with the newest secret. */
export async function sealToken(token: string, { secrets }: Secrets): Promise<string> {
  return symmetricEncrypt({ key: keyring(secrets), data: token })
}

/** A secret's number comes from itself, so that it stays the same whichever others stand beside it. */
function keyring(secrets: Secrets['secrets']) {
  const numbered = secrets.map(value => {
    const version = Number.parseInt(createHash('sha256').update(value).digest('hex').slice(0, 7), 16)
    return { version, value }
  })
  const keys = new Map(numbered.map(({ version, value }) => [version, value]))
  return { keys, currentVersion: numbered[0]?.version ?? 0 }
}
