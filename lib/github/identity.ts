/** As whom GitHub is asked: a token that somebody made, or an app's installation, whose tokens live for an hour. */
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { AppError } from '../errors.ts'
import { addressesOf } from './addresses.ts'
import { unreachable } from './trouble.ts'

export type App = { id: string; privateKey: string }
export type Tokens = {
  /** The token of now. Throws AppError where there is none to be had. */
  current(): Promise<string>
  /** Another one instead of that which GitHub refused; null where there is no other. */
  renew(refused: string): Promise<string | null>
}

export function oneToken(token: string): Tokens {
  return { current: async () => token, renew: async () => null }
}

/** The tokens of the app's installation at an organisation; renewed before they end, and once more where one is refused. */
export function installationTokens({ apiUrl, app, org }: { apiUrl: string; app: App; org: string }): Tokens {
  const { api, host } = addressesOf(apiUrl)
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const { request } = new Octokit({ baseUrl: api, userAgent: 'plumbline', log })
  const auth = createAppAuth({ appId: app.id, privateKey: app.privateKey, request, log })
  let installation: Promise<number> | null = null
  let renewing: Promise<string> | null = null

  async function findInstallation(): Promise<number> {
    const { token } = await auth({ type: 'app' })
    const headers = { authorization: `Bearer ${token}` }
    const { data } = await request('GET /orgs/{org}/installation', { org, headers })
    return data.id
  }

  async function tokenOf(refresh: boolean): Promise<string> {
    try {
      installation ??= findInstallation()
      return (await auth({ type: 'installation', installationId: await installation, refresh })).token
    } catch (error) {
      installation = null
      throw refusalOf(error, org, host)
    }
  }

  return {
    current: () => tokenOf(false),
    async renew(refused) {
      // Six requests meet the same end of a token: one new one serves them all.
      renewing ??= tokenOf(true).finally(() => {
        renewing = null
      })
      const token = await renewing
      return token === refused ? null : token
    },
  }
}

function refusalOf(error: unknown, org: string, host: string): AppError {
  if (error instanceof AppError) return error
  const status = error instanceof Error && 'status' in error ? error.status : null
  if (status === 404)
    return new AppError(
      'org-not-found',
      `The GitHub App is not installed at ${org}.`,
      `Ask an owner of ${org} to install it, for all repositories.`,
    )
  if (status === 403)
    return new AppError(
      'token-forbidden',
      `The GitHub App's installation at ${org} is suspended, or may not be used.`,
      `Ask an owner of ${org} to look at it, under Settings, GitHub Apps.`,
    )
  if (status === 401)
    return new AppError(
      'token-rejected',
      `${host} rejects the key of the GitHub App.`,
      'Check GITHUB_APP_ID, make a new private key in its settings, and check the clock of this machine.',
    )
  if (status === null && error instanceof Error && /key|PEM|asn1|DECODER/i.test(error.message))
    return new AppError(
      'invalid-configuration',
      'GITHUB_APP_PRIVATE_KEY is no private key.',
      'Write the whole PEM file that GitHub gave you, or name it by GITHUB_APP_PRIVATE_KEY_FILE.',
    )
  return unreachable(host, error)
}
