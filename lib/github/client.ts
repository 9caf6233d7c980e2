/** The one way out to GitHub's API: every request waits its turn, every answer is classified, every fault has its remedy. */
import { Octokit } from '@octokit/rest'
import { AppError } from '../errors.ts'
import { type Addresses, addressesOf } from './addresses.ts'
import { oneToken, type Tokens } from './identity.ts'
import { Ledger, type Spent } from './ledger.ts'
import { type Budget, type Clock, type Keeper, Limiter, type Resource, type Wait } from './limiter.ts'
import { costOf, parseJson, textual } from './received.ts'
import { withinSchema } from './schema.ts'
import { type Answer, graphqlSignal, restSignal, type Signal, secondsToReset } from './signal.ts'
import { GitHubTrouble, notGitHub, ofOneThing, troubleOf, unreachable } from './trouble.ts'
import { endpointOf } from './window.ts'

export type Connection = {
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  apiUrl: string
  token: string | Tokens
  clock?: Clock
  onWait?: (wait: Wait) => void
  /** Milliseconds after which a request without an answer is given up and tried again. */
  timeout?: number
  /** Where several processes ask as the same account. */
  keeper?: Keeper
}

export type RestAnswer = { headers: Answer['headers']; bytes: Buffer }
export type PathError = { type: string; path: readonly (string | number)[]; message: string }
/** `data` as sent, to be parsed; `omitted`: the host left organisations out without saying which rows. */
type GraphqlAnswer = { data: unknown; errors: readonly PathError[]; omitted: boolean }

export type GitHub = {
  readonly addresses: Addresses
  /** The token of now, for what is not asked through here. */
  token(): Promise<string>
  /** Everything that counted since `connect`; `ledger` tells of it what was asked for people who wait. */
  readonly spent: Spent
  readonly ledger: Ledger
  readonly budget: Partial<Record<Resource, Budget>>
  /** Asks what is left of REST where no answer told it yet, which costs nothing and waits for nothing. */
  learnBudget(): Promise<void>
  /** What queries do without, since this server does not know it: `Type.field`. */
  readonly missing: ReadonlySet<string>
  /** GET below the API's base, or at an address that the API itself gave. Throws AppError or GitHubTrouble. */
  get(path: string, options?: { accept?: string; maxBytes?: number }): Promise<RestAnswer>
  /** POST of a JSON body below the API's base, for what is only asked that way. Throws AppError or GitHubTrouble. */
  post(path: string, body: object): Promise<RestAnswer>
  /** One query; the `rateLimit { cost }` in it is counted. Throws AppError or GitHubTrouble. */
  graphql(query: string, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer>
}

type Call = {
  resource: Resource
  method: 'GET' | 'POST'
  url: string
  body?: object
  accept?: string
  maxBytes: number
}
type Received = Answer & { bytes: Buffer }

const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: milliseconds => new Promise(resolve => setTimeout(resolve, Math.min(milliseconds, 2 ** 31 - 1))),
}
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const FAULTS_BORNE = 4
const LIMITS_BORNE = 5
const REDIRECTS = 3
/** So many things in a row that cannot be had are those things' trouble; one more is the host's. */
const LOST_BORNE = 3
/** Trees are cut by GitHub at 7 MB; everything else that is JSON is far smaller. */
const MAX_JSON = 64 * 1024 * 1024
const VERSION = '2022-11-28'

export function connect({
  apiUrl,
  token,
  clock = SYSTEM_CLOCK,
  onWait = () => undefined,
  timeout = 60_000,
  keeper,
}: Connection): GitHub {
  const addresses = addressesOf(apiUrl)
  const limiter = new Limiter(clock, onWait, keeper ?? null)
  const ledger = new Ledger()
  const tokens = typeof token === 'string' ? oneToken(token) : token
  // Every answer is told by its signal: a second telling on the terminal would name each refusal that is expected.
  const octokit = new Octokit({ baseUrl: addresses.api, userAgent: 'plumbline', log: SILENT })

  async function once(call: Call, bearer: string): Promise<Received> {
    const sameHost = new URL(call.url).origin === new URL(addresses.api).origin
    const signal = AbortSignal.timeout(timeout)
    if (!sameHost) return readAnswer(await fetch(call.url, { signal, redirect: 'manual' }), call.maxBytes)
    try {
      const { status, headers, data } = await octokit.request({
        method: call.method,
        url: call.url,
        ...call.body,
        headers: {
          accept: call.accept ?? 'application/vnd.github+json',
          'x-github-api-version': VERSION,
          authorization: `Bearer ${bearer}`,
        },
        request: { redirect: 'manual', parseSuccessResponseBody: false, signal },
      })
      return { status, headers: textual(headers), ...(await readBody(data, call.maxBytes)) }
    } catch (error) {
      const answer = answerIn(error)
      if (answer === null) throw error
      return answer
    }
  }

  // A host that answered before is one, whatever one of its answers is now.
  let isKnown = false
  let lost = 0
  function borne(error: Error): Error {
    const one = ofOneThing(error, addresses.host)
    if (one !== null) lost += 1
    return one !== null && isKnown && lost <= LOST_BORNE ? one : error
  }

  async function send(start: Call, classify: (answer: Answer) => Signal): Promise<Received> {
    let call = start
    let faults = 0
    let limits = 0
    let redirects = 0
    let renewed = false
    let bearer = await tokens.current()
    for (;;) {
      const received = await limiter.run(call.resource, endpointOf(call.method, call.url), async () => {
        const answer = await once(call, bearer).catch((error: unknown) => failed(error))
        if (answer instanceof Error) return answer
        if (call.resource === 'core') ledger.add('rest', 1)
        // A refused token is told with a remaining budget of nothing, which is no budget.
        if (answer.status !== 401) limiter.learn(answer.headers)
        pauseFor(call.resource, classify(answer), answer.headers, limits)
        return answer
      })
      if (received instanceof Error) {
        const isPassing = received instanceof AppError && received.code === 'github-unreachable'
        if (!isPassing || ++faults >= FAULTS_BORNE) throw borne(received)
        await clock.sleep(1000 * 2 ** (faults - 1))
        continue
      }
      const signal = classify(received)
      if (signal.kind === 'ok') {
        isKnown = true
        lost = 0
        return received
      }
      // An installation's token ends in the middle of a listing too: a new one goes on where the old one stopped.
      const another: string | null = signal.kind === 'unauthorized' && !renewed ? await tokens.renew(bearer) : null
      if (another !== null) {
        renewed = true
        bearer = another
        continue
      }
      if (signal.kind === 'moved' && ++redirects <= REDIRECTS) {
        call = { ...call, url: new URL(signal.location, call.url).href }
      } else if ((signal.kind === 'primary-limit' || signal.kind === 'secondary-limit') && ++limits < LIMITS_BORNE) {
        // The limiter holds everybody back until then; the loop only takes its place in the queue again.
      } else if ((signal.kind === 'server-error' || signal.kind === 'not-github') && ++faults < FAULTS_BORNE) {
        await clock.sleep(1000 * 2 ** (faults - 1))
      } else {
        // An overloaded GitHub charges for hurry; the caller comes back with half.
        if (signal.kind === 'too-heavy') await clock.sleep(1000)
        throw signal.kind === 'moved'
          ? new GitHubTrouble('failed', 'It was redirected too often.')
          : borne(troubleOf(signal, addresses.host))
      }
    }
  }

  function pauseFor(resource: Resource, signal: Signal, headers: Answer['headers'], before: number): void {
    if (signal.kind === 'primary-limit') {
      limiter.pause(resource, ((secondsToReset(headers) ?? 60 * 2 ** before) + 1) * 1000)
    } else if (signal.kind === 'secondary-limit') {
      // Without a word on how long: a minute at least, then twice as long each time.
      limiter.pause('all', (signal.retryAfterSeconds ?? 60 * 2 ** before) * 1000)
    }
  }

  function failed(error: unknown): Error {
    return error instanceof GitHubTrouble ? error : unreachable(addresses.host, error)
  }

  async function get(path: string, options: { accept?: string; maxBytes?: number } = {}): Promise<RestAnswer> {
    const url = /^https?:/.test(path) ? path : addresses.api + path
    const { headers, bytes } = await send(
      { resource: 'core', method: 'GET', url, maxBytes: MAX_JSON, ...options },
      // A file's raw bytes may be anything; everything else is JSON, or it was cut or comes from somewhere else.
      options.accept === undefined ? jsonSignal : restSignal,
    )
    return { headers, bytes }
  }

  async function post(path: string, body: object): Promise<RestAnswer> {
    const url = addresses.api + path
    const { headers, bytes } = await send(
      { resource: 'core', method: 'POST', url, body, maxBytes: MAX_JSON },
      jsonSignal,
    )
    return { headers, bytes }
  }

  async function ask(query: string, variables: Readonly<Record<string, unknown>>): Promise<GraphqlAnswer> {
    const body = { query, variables }
    const call: Call = { resource: 'graphql', method: 'POST', url: addresses.graphql, body, maxBytes: MAX_JSON }
    const { body: received, headers } = await send(call, graphqlSignal)
    const { data = null, errors = [] } = received as { data?: unknown; errors?: unknown }
    ledger.add('points', costOf(data))
    return {
      data,
      errors: pathErrors(errors),
      omitted: headers['x-github-sso']?.startsWith('partial-results') ?? false,
    }
  }

  let isAsked = false
  async function learnBudget(): Promise<void> {
    if (isAsked || limiter.budget.core !== undefined) return
    isAsked = true
    const url = `${addresses.api}/rate_limit`
    const asked = once({ resource: 'core', method: 'GET', url, maxBytes: MAX_JSON }, await tokens.current())
    // Not even this answered: whatever is asked next finds out why.
    const answer = await asked.catch(() => null)
    if (answer?.status === 200) limiter.learn(answer.headers)
  }

  return {
    addresses,
    token: () => tokens.current(),
    learnBudget,
    spent: ledger.all,
    ledger,
    get budget() {
      return limiter.budget
    },
    get,
    post,
    ...withinSchema(ask, addresses.host),
  }
}

function jsonSignal(answer: Answer): Signal {
  const signal = restSignal(answer)
  return signal.kind === 'ok' && answer.body === null ? { kind: 'not-github' } : signal
}

/** Parses a REST answer's JSON; what is none did not come from GitHub. */
export function jsonOf({ bytes }: RestAnswer, host: string): unknown {
  const parsed = parseJson(bytes)
  if (typeof parsed !== 'object' || parsed === null) throw notGitHub(host)
  return parsed
}

/** Octokit throws what GitHub answered with a status from 400 on; a connection that failed has no answer. */
function answerIn(error: unknown): Received | null {
  if (!(error instanceof Error) || !('response' in error)) return null
  const response = error.response as { status: number; headers: object; data: unknown } | undefined
  if (response === undefined) return null
  return { status: response.status, headers: textual(response.headers), body: response.data, bytes: Buffer.alloc(0) }
}

async function readBody(data: unknown, maxBytes: number): Promise<{ body: unknown; bytes: Buffer }> {
  const chunks: Uint8Array[] = []
  let length = 0
  if (data instanceof ReadableStream) {
    for await (const chunk of data as ReadableStream<Uint8Array>) {
      length += chunk.byteLength
      if (length > maxBytes)
        throw new GitHubTrouble('failed', `It is larger than ${Math.floor(maxBytes / 1_048_576)} MB.`)
      chunks.push(chunk)
    }
  }
  const bytes = Buffer.concat(chunks)
  return { body: parseJson(bytes), bytes }
}

async function readAnswer(response: Response, maxBytes: number): Promise<Received> {
  const headers = Object.fromEntries(response.headers)
  return { status: response.status, headers, ...(await readBody(response.body, maxBytes)) }
}

function pathErrors(errors: unknown): PathError[] {
  if (!Array.isArray(errors)) return []
  return errors.map(({ type, path, message, extensions }) => ({
    type: String(type ?? extensions?.code ?? ''),
    path: Array.isArray(path) ? path : [],
    message: String(message ?? ''),
  }))
}
