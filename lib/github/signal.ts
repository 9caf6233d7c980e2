/** What an answer of GitHub means. Pure: every signal that GitHub gives is told apart here and nowhere else. */

/** `body`: parsed JSON, or text where it was none. */
export type Answer = { status: number; headers: Readonly<Record<string, string | undefined>>; body: unknown }

export type Signal =
  | { kind: 'ok' }
  | { kind: 'primary-limit' }
  | { kind: 'secondary-limit'; retryAfterSeconds: number | null }
  /** Too much for one request: the same again would fail again, half of it may not. */
  | { kind: 'too-heavy' }
  | { kind: 'denied'; needs: string | null }
  | { kind: 'sso'; link: string | null }
  | { kind: 'ip-not-allowed' }
  | { kind: 'unauthorized' }
  | { kind: 'not-found' }
  | { kind: 'blocked'; reason: string | null }
  | { kind: 'empty' }
  | { kind: 'moved'; location: string }
  | { kind: 'server-error' }
  | { kind: 'not-github' }

type ErrorEntry = { type?: unknown; message?: unknown; extensions?: unknown }

const SECONDARY = /secondary rate limit|abuse detection mechanism/i
const HEAVY = /something went wrong while executing your query|timedout|timeout on validation/i
const HEAVY_TYPES = ['RESOURCE_LIMITS_EXCEEDED', 'MAX_NODE_LIMIT_EXCEEDED']
const PRIMARY_TYPES = ['RATE_LIMIT', 'RATE_LIMITED']

/** The signal of a REST answer. */
export function restSignal({ status, headers, body }: Answer): Signal {
  if (status >= 200 && status < 300) return { kind: 'ok' }
  const { location } = headers
  if (status >= 300 && status < 400 && location !== undefined) return { kind: 'moved', location }
  const limited = limitOf(status, headers, messageOf(body))
  if (limited !== null) return limited
  // A page of a proxy or of some other server: GitHub's API answers errors with JSON, but for its own gateways.
  const isJson = typeof body === 'object' && body !== null
  if (status === 401) return { kind: 'unauthorized' }
  if (status === 409) return { kind: 'empty' }
  if (status === 451) return { kind: 'blocked', reason: blockReason(body) }
  if (status === 403) return forbidden(headers, body)
  if (status === 404 || status === 410) return isJson ? { kind: 'not-found' } : { kind: 'not-github' }
  if (status >= 500) return { kind: 'server-error' }
  return isJson ? { kind: 'server-error' } : { kind: 'not-github' }
}

/** The signal of a GraphQL answer; `ok` may still hold errors for single paths beside its data. */
export function graphqlSignal(answer: Answer): Signal {
  const { status, headers, body } = answer
  if (status === 502 || status === 504) return { kind: 'too-heavy' }
  if (status !== 200) return restSignal(answer)
  if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body)) return { kind: 'not-github' }
  const errors = errorsOf(body)
  if (errors.some(({ message }) => SECONDARY.test(String(message)))) return secondary(headers)
  if (errors.some(error => PRIMARY_TYPES.includes(String(error.type)) || codeOf(error) === 'graphql_rate_limit'))
    return { kind: 'primary-limit' }
  const data = 'data' in body ? body.data : null
  const heavy = errors.some(({ type, message }) => HEAVY_TYPES.includes(String(type)) || HEAVY.test(String(message)))
  if (heavy && (data === null || data === undefined)) return { kind: 'too-heavy' }
  return { kind: 'ok' }
}

/** The seconds until a limit is lifted, by the host's own clock; null where the answer does not tell. */
export function secondsToReset(headers: Answer['headers']): number | null {
  const reset = Number(headers['x-ratelimit-reset'])
  const date = Date.parse(headers.date ?? '')
  return Number.isFinite(reset) && reset > 0 && Number.isFinite(date) ? Math.max(0, reset - date / 1000) : null
}

function limitOf(status: number, headers: Answer['headers'], message: string): Signal | null {
  if (status !== 403 && status !== 429) return null
  if (SECONDARY.test(message)) return secondary(headers)
  if (headers['x-ratelimit-remaining'] === '0') return { kind: 'primary-limit' }
  return status === 429 || headers['retry-after'] !== undefined ? secondary(headers) : null
}

function secondary(headers: Answer['headers']): Signal {
  const seconds = Number(headers['retry-after'])
  const told = headers['retry-after'] !== undefined && Number.isFinite(seconds)
  if (told) return { kind: 'secondary-limit', retryAfterSeconds: seconds }
  const used = headers['x-ratelimit-remaining'] === '0'
  return { kind: 'secondary-limit', retryAfterSeconds: used ? secondsToReset(headers) : null }
}

function forbidden(headers: Answer['headers'], body: unknown): Signal {
  const sso = headers['x-github-sso']
  if (sso?.startsWith('required')) return { kind: 'sso', link: /url=(\S+)/.exec(sso)?.[1] ?? null }
  if (/IP allow list/i.test(messageOf(body))) return { kind: 'ip-not-allowed' }
  if (typeof body === 'object' && body !== null && 'block' in body)
    return { kind: 'blocked', reason: blockReason(body) }
  if (typeof body !== 'object' || body === null) return { kind: 'not-github' }
  return { kind: 'denied', needs: headers['x-accepted-github-permissions'] ?? null }
}

function blockReason(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('block' in body)) return null
  const { block } = body
  if (typeof block !== 'object' || block === null || !('reason' in block)) return null
  return typeof block.reason === 'string' ? block.reason : null
}

function messageOf(body: unknown): string {
  if (typeof body === 'string') return body.slice(0, 2_000)
  return typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : ''
}

function errorsOf(body: object): ErrorEntry[] {
  if (!('errors' in body) || !Array.isArray(body.errors)) return []
  return body.errors.filter(entry => typeof entry === 'object' && entry !== null)
}

function codeOf({ extensions }: ErrorEntry): string {
  return typeof extensions === 'object' && extensions !== null && 'code' in extensions ? String(extensions.code) : ''
}
