import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '#lib/errors.ts'
import { Api, bodyOf } from './api.ts'
import { AppTokens, type InstalledApp } from './app.ts'
import { type Counters, countRoute, startCounters } from './counters.ts'
import { answerInstead, send } from './faults.ts'
import type { GitHost } from './git-host.ts'
import { type HourlyLimits, Limits } from './limits.ts'
import { People, type Person } from './people.ts'
import { type Scenario, Stage } from './scenario.ts'
import { Secondary, type SecondaryLimits } from './secondary.ts'
import { gitPath, serveGit } from './smart-http.ts'
import { webAnswer } from './web.ts'
import { World } from './world.ts'

export type GitHubOptions = {
  host: GitHost
  /** 0 or none: any free one. */
  port?: number
  scenario?: Scenario
  /** Only this token is let in; without it any that is not empty. */
  token?: string
  /** When tokens that somebody made end, as GitHub writes it: `2026-12-31 09:00:00 UTC`. */
  tokenEnds?: string
  /** An app is installed, and nobody else is let in. */
  app?: InstalledApp
  /** The budget of a token for an hour, 5,000 each by default; null switches limits off. */
  limits?: HourlyLimits
  /** What it may ask within a minute and at one time; by default as much as it likes. */
  secondary?: SecondaryLimits
  /** What an older Enterprise Server does not know: fields (`Type.field`) and operations (`GET /path/{param}`). */
  missing?: readonly string[]
  /** Milliseconds after which an answer of the API is sent. */
  latency?: number
  /** Who can sign in; their tokens see what is shown to them. */
  people?: readonly Person[]
  /** The server's clock, which limits and the Date header follow; the machine's by default. */
  now?: () => Date
}

export type PretendGitHub = {
  /** `http://127.0.0.1:PORT`; pages and git live there. */
  url: string
  /** What a client is given: REST there, GraphQL beside it at `/api/graphql`, as on a GHES. */
  apiUrl: string
  counters: Counters
  /** The most requests that a token had under way at one time, and how many a secondary limit refused. */
  secondary: Secondary['seen']
  people: People
  /** The instant at which the organisation is seen, for a host that keeps dated history. Does not move the clock. */
  setNow(date: Date): void
  stop(): Promise<void>
}

/** Starts a pretend GitHub on 127.0.0.1 over any git repositories, for the demo and for tests. */
export async function startGitHub(options: GitHubOptions): Promise<PretendGitHub> {
  const now = options.now ?? (() => new Date())
  const counters = startCounters()
  const stage = new Stage(options.scenario)
  const limits = new Limits(options.limits === undefined ? { rest: 5000, points: 5000 } : options.limits, now)
  let seenAt: Date | null = null
  // To the second, so that a listing need not be made anew for each request of a crawl.
  const world = new World(options.host, stage, () => seenAt ?? new Date(Math.floor(now().getTime() / 1000) * 1000))
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      process.stderr.write(
        `pretend GitHub: ${request.method} ${request.url}: ${error instanceof Error ? error.stack : error}\n`,
      )
      if (response.headersSent) response.destroy()
      else send(null, { status: 500, headers: {}, body: Buffer.from('{"message":"Server Error"}') }, response)
    })
  })
  const port = await listen(server, options.port ?? 0)
  const url = `http://127.0.0.1:${port}`
  const people = new People(options.people ?? [])
  const app = options.app === undefined ? null : new AppTokens(options.app, now)
  const secondary = new Secondary(options.secondary ?? null, now)
  const api = new Api({
    world,
    people,
    stage,
    limits,
    secondary,
    latency: options.latency ?? 0,
    counters,
    now,
    url,
    token: options.token ?? null,
    missing: options.missing ?? [],
    tokenEnds: options.tokenEnds ?? null,
    app,
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('date', now().toUTCString())
    const { pathname } = new URL(request.url ?? '/', url)
    if (pathname.startsWith('/api/')) return api.answer(request, response)
    const git = gitPath(pathname)
    return git === null ? web(request, response) : fetchOverGit(git, request, response)
  }

  async function web(request: IncomingMessage, response: ServerResponse): Promise<void> {
    countRoute(counters, 'web')
    const address = new URL(request.url ?? '/', url)
    const signingIn = people.answer(request.method ?? 'GET', address, await bodyOf(request))
    send(null, signingIn ?? (await webAnswer(address.pathname, world)), response)
  }

  async function fetchOverGit(
    { owner, name, service }: { owner: string; name: string; service: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const route = `git ${service}`
    counters.git += 1
    countRoute(counters, route)
    const fault = stage.meet({ api: 'git', route, repository: name })
    if (fault?.kind === 'connection-reset') {
      request.socket.destroy()
      return
    }
    const instead = fault === null ? null : answerInstead(fault, 'git', world.org, url)
    if (instead !== null) return send(fault, instead, response)
    const found = await world.find(owner, name)
    const state = found === null ? null : stage.stateOf(found.repository.listedAs)
    const refuse = (status: number, text: string, headers = {}) =>
      send(null, { status, headers: { 'content-type': 'text/plain', ...headers }, body: Buffer.from(text) }, response)
    if (found === null || state?.kind === 'gone') return refuse(404, 'Repository not found.')
    if (state?.kind === 'blocked') return refuse(state.reason === 'dmca' ? 451 : 403, 'Repository access blocked')
    if (found.repository.visibility !== 'public' && request.headers.authorization === undefined) {
      return refuse(401, 'Authentication required.', { 'www-authenticate': 'Basic realm="GitHub"' })
    }
    if (found.renamed) {
      const { search } = new URL(request.url ?? '/', url)
      return refuse(301, 'Moved', { location: `${url}/${owner}/${found.repository.name}.git/${service}${search}` })
    }
    return serveGit(found.repository, service, request, response)
  }

  return {
    url,
    apiUrl: `${url}/api/v3`,
    counters,
    secondary: secondary.seen,
    people,
    setNow(date) {
      seenAt = date
    },
    async stop() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
      options.host.close()
    },
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error)
      reject(new AppError('port-taken', `Port ${port} is taken.`, 'Choose another one with --port.', { cause: error }))
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
