import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { type Answer, type Call, json, notFound, refused } from './answer.ts'
import type { AppTokens } from './app.ts'
import { type Counters, countRoute } from './counters.ts'
import { alter, answerInstead, primaryAnswer, send } from './faults.ts'
import { prepare, run } from './graphql.ts'
import { type Limits, limitHeaders, type Resource } from './limits.ts'
import type { People } from './people.ts'
import { matchRoute } from './rest.ts'
import type { Fault, Request, Stage } from './scenario.ts'
import type { Secondary } from './secondary.ts'
import type { World } from './world.ts'

type Parts = {
  world: World
  people: People
  stage: Stage
  limits: Limits
  secondary: Secondary
  latency: number
  counters: Counters
  now: () => Date
  url: string
  token: string | null
  missing: readonly string[]
  tokenEnds: string | null
  /** Where an app is installed only its tokens are let in. */
  app: AppTokens | null
}

const BODY_BYTES = 2 * 1024 * 1024
/** The one operation that says how much is left, and costs nothing. */
const FREE = 'GET /rate_limit'
const VERSIONS = ['2022-11-28', '2026-03-10']

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length <= BODY_BYTES) chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tokenOf(request: IncomingMessage): string | null {
  return /^(?:bearer|token)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
}

/** What GitHub tells of a token that somebody made: the scopes of a classic one, and the day that was set. */
function tokenHeaders(token: string, ends: string | null): Record<string, string> {
  const isClassic = token.startsWith('ghp_')
  return {
    ...(isClassic ? { 'x-oauth-scopes': 'read:org, repo' } : {}),
    ...(ends !== null && /^gh(?:p|ithub_pat)_/.test(token) ? { 'github-authentication-token-expiration': ends } : {}),
  }
}

/** GitHub binds an ETag to the token: another one, or a renewed one, never meets a 304. */
function etagOf(call: Call, body: Buffer): string {
  const hash = createHash('sha256').update(`${call.headers.accept ?? ''}:${call.headers.authorization ?? ''}:`)
  return `W/"${hash.update(body).digest('hex')}"`
}

/** REST at `/api/v3` and GraphQL at `/api/graphql`: who may enter, what it costs, what goes wrong, and the answer. */
export class Api {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#parts.url)
    const call: Call = {
      method: request.method ?? 'GET',
      path: url.pathname.slice('/api/v3'.length),
      query: url.searchParams,
      headers: request.headers as Call['headers'],
      body: await bodyOf(request),
      token: tokenOf(request),
      params: {},
    }
    response.setHeader('x-github-request-id', randomUUID())
    const { app, world } = this.#parts
    const asApp = app?.answer(call.method, call.path, call.token ?? '', world) ?? null
    if (asApp !== null) return send(null, asApp, response)
    const refusal = this.#refuse(call)
    if (refusal !== null) return send(null, refusal, response)
    const { latency, secondary } = this.#parts
    const left = secondary.enter(call.token ?? '')
    let computed = 0
    response.on('close', () => left(computed))
    if (latency > 0) await setTimeout(latency)
    const begun = performance.now()
    if (url.pathname === '/api/graphql') await this.#graphql(call, response)
    else if (url.pathname.startsWith('/api/v3/')) await this.#rest(call, response)
    else send(null, notFound(), response)
    computed = performance.now() - begun
  }

  #refuse(call: Call): Answer | null {
    if (!call.headers['user-agent']) return refused(403, 'Request forbidden by administrative rules.')
    const version = call.headers['x-github-api-version'] ?? '2022-11-28'
    if (!VERSIONS.includes(version)) return refused(400, `The API version ${version} is not supported.`)
    if (call.token === null) return refused(401, 'Requires authentication')
    const { token, people, app } = this.#parts
    if (people.isPersonal(call.token))
      return people.byToken(call.token) === null ? refused(401, 'Bad credentials') : null
    if (app !== null) return app.use(call.token) ? null : refused(401, 'Bad credentials')
    return token === null || token === call.token ? null : refused(401, 'Bad credentials')
  }

  /** What the token is shown: an installation's or a plain token everything, a person's what that person sees. */
  #worldOf({ token }: Call): World {
    const { world, people } = this.#parts
    const person = people.byToken(token ?? '')
    return person === null ? world : world.seenBy(person)
  }

  async #rest(call: Call, response: ServerResponse): Promise<void> {
    const { stage, limits, counters, url } = this.#parts
    const world = this.#worldOf(call)
    const path = await this.#withoutId(call.path)
    const known = path === null ? null : matchRoute(call.method, path)
    const matched = known !== null && this.#parts.missing.includes(known.route) ? null : known
    const route = matched?.route ?? `${call.method} (unknown)`
    countRoute(counters, route)
    const token = call.token ?? ''
    const request: Request = {
      api: 'rest',
      route,
      ...(matched?.params.repo ? { repository: matched.params.repo } : {}),
    }
    const fault = this.#overMuch(token, request) ?? stage.meet(request)
    if (fault?.kind === 'connection-reset') return void response.socket?.destroy()
    const cost = route === FREE ? 0 : 1
    this.#exhaust(fault, token, 'core')
    const paid = cost === 0 || limits.take(token, 'core', cost)
    counters.rest += cost
    const instead = fault === null ? null : answerInstead(fault, 'rest', world.org, url)
    const site = {
      world,
      stage,
      addresses: { url, apiUrl: `${url}/api/v3` },
      look: (resource: Resource) => limits.look(token, resource),
    }
    const real = async () => {
      if (!paid) return primaryAnswer('rest')
      return matched === null || path === null
        ? notFound()
        : matched.answer({ ...call, path, params: matched.params }, site)
    }
    const made = instead ?? (await real())
    this.#sendRest(call, fault === null ? made : alter(fault, made), fault, cost, response)
  }

  #sendRest(call: Call, answer: Answer, fault: Fault | null, cost: number, response: ServerResponse): void {
    const { limits, counters } = this.#parts
    const token = call.token ?? ''
    const etag = answer.status === 200 ? etagOf(call, answer.body) : null
    const asked = call.headers['if-none-match']
    const same = etag !== null && asked !== undefined && asked.replace(/^W\//, '') === etag.replace(/^W\//, '')
    if (same) {
      limits.giveBack(token, 'core', cost)
      counters.rest -= cost
      counters.notModified += 1
    }
    const headers: Record<string, string> = {
      ...answer.headers,
      ...(etag === null ? {} : { etag }),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': call.headers['x-github-api-version'] ?? '2022-11-28',
      ...limitHeaders(limits.look(token, 'core'), 'core'),
      ...tokenHeaders(token, this.#parts.tokenEnds),
    }
    // An answer without a body says nothing of its type.
    if (same) Reflect.deleteProperty(headers, 'content-type')
    const status = same ? 304 : answer.status
    const body = same || call.method === 'HEAD' ? Buffer.alloc(0) : answer.body
    send(fault, { status, headers, body }, response)
  }

  /** `/repositories/ID/…` is where a renamed repository is found. */
  async #withoutId(path: string): Promise<string | null> {
    const [, id, tail = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
    if (id === undefined) return path
    const repository = await this.#parts.world.byId(Number(id))
    return repository === null ? null : `/repos/${repository.owner}/${repository.name}${tail}`
  }

  async #graphql(call: Call, response: ServerResponse): Promise<void> {
    const { people, stage, limits, counters, url } = this.#parts
    const world = this.#worldOf(call)
    const token = call.token ?? ''
    counters.graphql += 1
    countRoute(counters, 'POST /graphql')
    if (call.method !== 'POST') return send(null, notFound(), response)
    const prepared = prepare(call.body.toString('utf8'), this.#parts.missing)
    const operation = prepared.ok ? prepared.operation.name?.value : undefined
    countRoute(counters, `graphql ${operation ?? '(unnamed)'}`)
    const look = () => limits.look(token, 'graphql')
    const made = (objects: number) =>
      prepared.ok
        ? run(prepared, { world, person: people.byToken(token), stage, url, quota: { objects } }, look)
        : Promise.resolve({})
    const bytes = stage.weighs ? JSON.stringify(await made(Number.POSITIVE_INFINITY)).length : 0
    const fault =
      this.#overMuch(token, { api: 'graphql', route: 'POST /graphql' }) ??
      stage.meet({
        api: 'graphql',
        route: 'POST /graphql',
        ...(operation === undefined ? {} : { operation }),
        ...(prepared.ok ? { objects: prepared.cost.objects } : {}),
        bytes,
      })
    if (fault?.kind === 'connection-reset') return void response.socket?.destroy()
    this.#exhaust(fault, token, 'graphql')
    const finish = (answer: Answer) => {
      const headers = { ...answer.headers, ...limitHeaders(limits.look(token, 'graphql'), 'graphql') }
      send(fault, fault === null ? { ...answer, headers } : alter(fault, { ...answer, headers }), response)
    }
    if (!prepared.ok) return finish(json(prepared.status, prepared.answer))
    const { points } = prepared.cost
    const paid = limits.take(token, 'graphql', points)
    counters.points += points
    const instead = fault === null ? null : answerInstead(fault, 'graphql', world.org, url)
    if (fault?.kind === 'bad-gateway') {
      // A query that ran out of time is paid twice.
      limits.take(token, 'graphql', points)
      counters.points += points
    }
    if (instead !== null) return finish(instead)
    if (!paid) return finish(primaryAnswer('graphql'))
    finish(json(200, await made(fault?.kind === 'partial-data' ? fault.keep : Number.POSITIVE_INFINITY)))
  }

  /** The secondary limit, where this request exceeds it. */
  #overMuch(token: string, { api, route }: Request): Fault | null {
    const exceeded = this.#parts.secondary.isExceeded(token, api === 'graphql' ? api : 'rest', route)
    return exceeded ? { kind: 'secondary-limit', status: 403, retryAfter: 60 } : null
  }

  #exhaust(fault: Fault | null, token: string, resource: Resource): void {
    if (fault?.kind === 'primary-limit') this.#parts.limits.exhaust(token, resource, fault.resetAfter)
  }
}
