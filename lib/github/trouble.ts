/** Signals as errors with sentences: what concerns one thing asked for is GitHubTrouble, what stops the run AppError. */
import { AppError } from '../errors.ts'
import type { Signal } from './signal.ts'

export type TroubleKind = 'denied' | 'not-found' | 'blocked' | 'empty' | 'too-heavy' | 'failed'

/** The thing asked for cannot be had; the next one may. `needs`: the permission that GitHub names. */
export class GitHubTrouble extends Error {
  readonly kind: TroubleKind
  readonly needs: string | null

  constructor(kind: TroubleKind, message: string, needs: string | null = null) {
    super(message)
    this.name = 'GitHubTrouble'
    this.kind = kind
    this.needs = needs
  }
}

/** What a person is told; `host` is where the API is, without credentials. */
export function troubleOf(signal: Exclude<Signal, { kind: 'ok' | 'moved' }>, host: string): AppError | GitHubTrouble {
  switch (signal.kind) {
    case 'unauthorized':
      return new AppError(
        'token-rejected',
        `${host} rejects the token: it is wrong, expired or revoked.`,
        'Make a new token and set GITHUB_TOKEN to it.',
      )
    case 'sso':
      return new AppError(
        'token-needs-sso',
        'The organisation demands single sign-on, and the token is not authorised for it.',
        signal.link === null
          ? 'Authorise the token for the organisation in your GitHub settings, under Personal access tokens.'
          : `Authorise it here, within the hour: ${signal.link}`,
      )
    case 'ip-not-allowed':
      return new AppError(
        'token-forbidden',
        'The organisation has an IP allow list, and the address of this machine is not on it.',
        'Ask an owner to add this address, or run Plumbline from one that is allowed.',
      )
    case 'not-github':
      return notGitHub(host)
    case 'primary-limit':
    case 'secondary-limit':
      return new AppError(
        'rate-limited',
        `${host} keeps refusing because of its rate limits.`,
        'Wait an hour, or use a token that nothing else uses.',
      )
    case 'server-error':
      return new GitHubTrouble('failed', `${host} failed to answer, several times over.`)
    case 'denied': {
      const needs = signal.needs === null ? '' : ` It needs ${signal.needs.replaceAll('=', ': ')}.`
      return new GitHubTrouble('denied', `The token may not read this.${needs}`, signal.needs)
    }
    case 'not-found':
      return new GitHubTrouble('not-found', 'It is gone, or the token may not see it.')
    case 'blocked':
      return new GitHubTrouble(
        'blocked',
        `GitHub has blocked access to the repository${signal.reason === null ? '' : ` (${signal.reason})`}.`,
      )
    case 'empty':
      return new GitHubTrouble('empty', 'The repository is empty.')
    case 'too-heavy':
      return new GitHubTrouble('too-heavy', `It is more than ${host} answers in one request.`)
  }
}

export function notGitHub(host: string): AppError {
  return new AppError(
    'not-github',
    `What answers at ${host} is not the API of GitHub.`,
    'Set GITHUB_API_URL to https://api.github.com, or to https://HOST/api/v3 for GitHub Enterprise Server.',
  )
}

/** What TLS says where nobody known here vouches for the host; OpenSSL's words for it. */
const UNTRUSTED = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]

/** Why there is no answer; `invalid-configuration` where asking again is of no use before the environment was changed. */
export function unreachable(host: string, cause: unknown): AppError {
  const refusedBy = proxyStatus(cause)
  if (refusedBy !== null)
    return new AppError(
      'invalid-configuration',
      `The proxy lets nothing through to ${host}: it answers ${refusedBy}.`,
      `Check ${refusedBy === 407 ? 'the name and password in HTTPS_PROXY' : 'HTTPS_PROXY and what the proxy allows'}, or name the host in NO_PROXY.`,
      { cause },
    )
  const code = codeOf(cause)
  if (code !== null && UNTRUSTED.includes(code))
    return new AppError(
      'invalid-configuration',
      `The certificate of ${host} is signed by an authority that is not known here (${code}).`,
      'Name a file with the certificate of that authority, in PEM form, in NODE_EXTRA_CA_CERTS, and start again.',
      { cause },
    )
  return new AppError(
    'github-unreachable',
    `${host} cannot be reached${code === null ? '' : ` (${code})`}.`,
    'Check the network, the proxy and GITHUB_API_URL.',
    { cause },
  )
}

/** The same as the trouble of the one thing that was asked for, where the host is otherwise there; null for other errors. */
export function ofOneThing(error: Error, host: string): GitHubTrouble | null {
  if (!(error instanceof AppError)) return null
  if (error.code === 'github-unreachable')
    return new GitHubTrouble('failed', `${host} broke the connection each time that it was asked for this.`)
  if (error.code === 'not-github')
    return new GitHubTrouble('failed', `What ${host} sends for this is no answer of GitHub's API.`)
  return null
}

/** What a proxy answered instead of opening the way; null where none did. */
function proxyStatus(error: unknown): number | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    const [, status] = /^Proxy response \((\d{3})\)/.exec(at.message) ?? []
    if (status !== undefined) return Number(status)
  }
  return null
}

/** The system's word for a failed connection, e.g. ECONNREFUSED; it stands somewhere down the chain of causes. */
function codeOf(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code
    const inner = at instanceof AggregateError ? at.errors[0] : undefined
    if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') return inner.code
  }
  return null
}
