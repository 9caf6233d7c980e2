import { type Answer, type Call, decoded, json, notFound, refused } from './answer.ts'
import type { Bucket, Resource } from './limits.ts'
import { blobAnswer, isEmpty, refAnswer, treeAnswer } from './rest-git.ts'
import * as settings from './rest-settings.ts'
import * as shapes from './rest-shapes.ts'
import type { Stage } from './scenario.ts'
import type { SeenRepository, World } from './world.ts'

/** What a handler may ask. */
type Site = {
  world: World
  stage: Stage
  addresses: shapes.Addresses
  look(resource: Resource): Bucket | null
}

type Handler = (call: Call, site: Site) => Promise<Answer>
type OfRepository = (repository: SeenRepository, call: Call, site: Site) => Answer | Promise<Answer>

const NO_LIMIT: Bucket = { limit: 5000, used: 0, remaining: 5000, reset: 0 }

/** Finds the repository of the path first, and answers what the real API does where that cannot be read. */
function ofRepository(answer: OfRepository): Handler {
  return async (call, site) => {
    const found = await site.world.find(call.params.owner ?? '', call.params.repo ?? '')
    if (found === null) return notFound()
    const { repository, renamed } = found
    if (!renamed) return stateAnswer(repository, site) ?? answer(repository, call, site)
    const tail = call.path.split('/').slice(4).join('/')
    const location = `${site.addresses.apiUrl}/repositories/${repository.id}${tail === '' ? '' : `/${tail}`}`
    const query = call.query.size === 0 ? '' : `?${call.query}`
    return json(
      301,
      { message: 'Moved Permanently', url: location + query, documentation_url: '' },
      { location: location + query },
    )
  }
}

function stateAnswer(repository: SeenRepository, { stage, addresses }: Site): Answer | null {
  const state = stage.stateOf(repository.listedAs)
  if (state?.kind === 'gone') return notFound()
  if (state?.kind !== 'blocked') return null
  const block = { reason: state.reason, created_at: '2026-01-01T00:00:00Z', html_url: `${addresses.url}/dmca` }
  return json(state.reason === 'dmca' ? 451 : 403, { message: 'Repository access blocked', block })
}

const ofOrganisation =
  (answer: Handler): Handler =>
  async (call, site) =>
    (call.params.org ?? '').toLowerCase() === site.world.org.toLowerCase() ? answer(call, site) : notFound()

/** One page of a list with GitHub's `Link` header: default 30, at most 100 items. */
function page<Item>(items: readonly Item[], call: Call, { addresses }: Site, shape: (item: Item) => unknown): Answer {
  const number = (name: string, otherwise: number) => {
    const value = Number(call.query.get(name) ?? otherwise)
    return Number.isInteger(value) && value > 0 ? value : otherwise
  }
  const size = Math.min(100, number('per_page', 30))
  const current = number('page', 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(call.query)
    query.set('page', String(to))
    return `<${addresses.apiUrl}${call.path}?${query}>; rel="${rel}"`
  }
  const links = [
    ...(current > 1 ? [link(current - 1, 'prev')] : []),
    ...(current < last ? [link(current + 1, 'next'), link(last, 'last')] : []),
    ...(current > 1 ? [link(1, 'first')] : []),
  ]
  const rows = items.slice((current - 1) * size, current * size).map(shape)
  return json(200, rows, links.length === 0 ? {} : { link: links.join(', ') })
}

const KINDS: Readonly<Record<string, (repository: SeenRepository) => boolean>> = {
  all: () => true,
  public: repository => repository.visibility === 'public',
  private: repository => repository.visibility !== 'public',
  forks: repository => repository.facts.fork === true,
  sources: repository => repository.facts.fork !== true,
}

const ORDERS: Readonly<Record<string, (a: SeenRepository, b: SeenRepository) => number>> = {
  created: (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id,
  updated: (a, b) => (a.pushedAt?.getTime() ?? 0) - (b.pushedAt?.getTime() ?? 0) || a.id - b.id,
  pushed: (a, b) => (a.pushedAt?.getTime() ?? 0) - (b.pushedAt?.getTime() ?? 0) || a.id - b.id,
  full_name: (a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1),
}

async function listRepositories(call: Call, site: Site): Promise<Answer> {
  const sort = call.query.get('sort') ?? 'created'
  const order = ORDERS[sort]
  const kind = KINDS[call.query.get('type') ?? 'all']
  if (order === undefined || kind === undefined) return refused(422, 'Validation Failed')
  const direction = call.query.get('direction') ?? (sort === 'full_name' ? 'asc' : 'desc')
  const sorted = (await site.world.list()).filter(kind).sort(order)
  if (direction === 'desc') sorted.reverse()
  return page(sorted, call, site, repository => shapes.listedRepository(repository, site.addresses))
}

async function teams(world: World): Promise<string[]> {
  return [...new Set((await world.list()).flatMap(repository => repository.facts.teams ?? []))].sort()
}

async function teamRepositories(call: Call, site: Site): Promise<Answer> {
  const slug = call.params.team_slug ?? ''
  const held = (await site.world.list()).filter(repository => repository.facts.teams?.includes(slug))
  if (held.length === 0) return notFound()
  return page(held, call, site, repository => shapes.listedRepository(repository, site.addresses))
}

async function rateLimit(_: Call, site: Site): Promise<Answer> {
  const core = site.look('core')
  if (core === null) return refused(404, 'Rate limiting is not enabled.')
  const resources = { core, graphql: site.look('graphql') ?? NO_LIMIT, search: NO_LIMIT }
  return json(200, { resources, rate: core })
}

const latest: OfRepository = (repository, _call, { addresses }) => {
  const [newest] = repository.releases
  return newest === undefined ? notFound() : json(200, shapes.releaseOf(repository, newest, addresses))
}

type Route = { method: string; path: string; answer: Handler }

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/rate_limit', answer: rateLimit },
  { method: 'GET', path: '/user', answer: async (_, { addresses }) => json(200, shapes.viewerOf(addresses)) },
  {
    method: 'GET',
    path: '/orgs/{org}',
    answer: ofOrganisation(async (_, { world, addresses }) => json(200, await shapes.organisationOf(world, addresses))),
  },
  { method: 'GET', path: '/orgs/{org}/repos', answer: ofOrganisation(listRepositories) },
  {
    method: 'GET',
    path: '/orgs/{org}/teams',
    answer: ofOrganisation(async (call, site) =>
      page(await teams(site.world), call, site, slug => shapes.teamOf(slug, site.world.org, site.addresses)),
    ),
  },
  { method: 'GET', path: '/orgs/{org}/teams/{team_slug}/repos', answer: ofOrganisation(teamRepositories) },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    answer: ofRepository((repository, _, { addresses }) => json(200, shapes.fullRepository(repository, addresses))),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/trees/{tree_sha}',
    answer: ofRepository((repository, call, { addresses }) => treeAnswer(repository, call, addresses)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/blobs/{file_sha}',
    answer: ofRepository((repository, call, { addresses }) => blobAnswer(repository, call, addresses)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/ref/{+ref}',
    answer: ofRepository((repository, call, { addresses }) => refAnswer(repository, call, addresses)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/releases',
    answer: ofRepository((repository, call, site) =>
      page(repository.releases, call, site, release => shapes.releaseOf(repository, release, site.addresses)),
    ),
  },
  { method: 'GET', path: '/repos/{owner}/{repo}/releases/latest', answer: ofRepository(latest) },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/vulnerability-alerts',
    answer: ofRepository(repository => settings.alertsAnswer(repository)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/automated-security-fixes',
    answer: ofRepository(repository => settings.securityFixesAnswer(repository)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/permissions',
    answer: ofRepository(repository => settings.actionsPolicyAnswer(repository)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/permissions/workflow',
    answer: ofRepository(repository =>
      json(200, {
        default_workflow_permissions: repository.settings.defaultWorkflowPermissions ?? 'read',
        can_approve_pull_request_reviews: false,
      }),
    ),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/rules/branches/{branch}',
    answer: ofRepository((repository, call) =>
      repository.head === null ? isEmpty() : settings.rulesAnswer(repository, call),
    ),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/environments',
    answer: ofRepository((repository, _, { addresses }) => settings.environmentsAnswer(repository, addresses)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/attestations/{subject_digest}',
    answer: ofRepository((repository, { params }) =>
      settings.attestationsAnswer(repository, params.subject_digest ?? ''),
    ),
  },
  {
    method: 'GET',
    path: '/orgs/{org}/actions/permissions',
    answer: ofOrganisation(async (_, { world, addresses }) => settings.orgActionsPolicyAnswer(world, addresses)),
  },
  {
    method: 'POST',
    path: '/orgs/{org}/attestations/bulk-list',
    answer: ofOrganisation((call, { world }) => settings.bulkAttestationsAnswer(world, call)),
  },
]

/** The operations served, as they are called in GitHub's description. */
export const SERVED: readonly { method: string; path: string }[] = ROUTES.map(({ method, path }) => ({ method, path }))

const COMPILED = ROUTES.map(route => {
  const pattern = route.path.replace(/\{\+(\w+)\}/g, '(?<$1>.+)').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  return { ...route, pattern: new RegExp(`^${pattern}$`) }
})

export type Matched = { route: string; params: Record<string, string>; answer: Handler }

/** The route that a path belongs to, its parameters decoded. */
export function matchRoute(method: string, path: string): Matched | null {
  for (const { pattern, answer, ...route } of COMPILED) {
    const isAsked = route.method === method || (route.method === 'GET' && method === 'HEAD')
    const found = isAsked ? pattern.exec(path) : null
    if (found === null) continue
    const params = Object.fromEntries(Object.entries(found.groups ?? {}).map(([key, value]) => [key, decoded(value)]))
    return { route: `${route.method} ${route.path}`, params, answer }
  }
  return null
}
