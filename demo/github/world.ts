import type { GitHost, HostedRepository } from './git-host.ts'
import type { Objects } from './git-tree.ts'
import type { Person } from './people.ts'
import type { Stage } from './scenario.ts'
import type { OrgPolicy, RepositoryFacts, RepositorySettings } from './sidecar.ts'

export type SeenRelease = NonNullable<RepositoryFacts['releases']>[number]

/** A repository as a client sees it at the server's date. */
export type SeenRepository = {
  owner: string
  name: string
  /** The name that listings still show where a scenario renamed the repository after it was listed. */
  listedAs: string
  id: number
  nodeId: string
  facts: RepositoryFacts
  /** What listings still show where a scenario archived it after it was listed. */
  listedFacts: RepositoryFacts
  visibility: 'public' | 'private' | 'internal'
  defaultBranch: string
  /** null: an empty repository. */
  head: string | null
  branches: ReadonlyMap<string, string>
  tags: ReadonlyMap<string, string>
  createdAt: Date
  pushedAt: Date | null
  settings: RepositorySettings
  /** Newest first. */
  releases: readonly SeenRelease[]
  objects: Objects
  git: HostedRepository['git']
}

/** What a repository that keeps no dates is said to have been created at. */
const CREATED = new Date('2020-01-01T00:00:00Z')

/** A date as GitHub writes it, to the second. */
export const moment = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z')

/** The global id that GraphQL and REST share. */
export const nodeIdOf = (prefix: string, id: number | string) =>
  `${prefix}_${Buffer.from(String(id)).toString('base64url')}`

/** The organisation at one date, under one scenario: everything that REST, GraphQL, git and the pages show. */
export class World {
  readonly #host: GitHost
  readonly #stage: Stage
  readonly #date: () => Date
  #seen = new WeakMap<HostedRepository, { time: number; seen: SeenRepository | null }>()
  #last: {
    hosted: readonly HostedRepository[]
    time: number
    list: SeenRepository[]
    byNode: Map<string, SeenRepository>
  } | null = null

  readonly #shows: (repository: HostedRepository) => boolean
  readonly #views = new Map<string, World>()

  /** `shows`: which repositories a client of this view is shown at all. */
  constructor(
    host: GitHost,
    stage: Stage,
    date: () => Date,
    shows: (repository: HostedRepository) => boolean = () => true,
  ) {
    this.#host = host
    this.#stage = stage
    this.#date = date
    this.#shows = shows
  }

  /** The same organisation as a person sees it: what is public, and what is shown to them beyond that. */
  seenBy({ login, sees }: Person): World {
    const key = JSON.stringify([login, sees])
    const known = this.#views.get(key)
    if (known !== undefined) return known
    const shows = ({ name, facts }: HostedRepository) =>
      (facts.visibility ?? 'public') === 'public' || sees.includes(name)
    const view = new World(this.#host, this.#stage, this.#date, shows)
    this.#views.set(key, view)
    return view
  }

  get org(): string {
    return this.#host.org
  }

  get policy(): OrgPolicy | null {
    return this.#host.policy
  }

  get date(): Date {
    return this.#date()
  }

  /** The organisation's repositories, in no promised order; the same array as long as nothing changed. */
  async list(): Promise<readonly SeenRepository[]> {
    return (await this.#all()).list
  }

  async byNode(nodeId: string): Promise<SeenRepository | null> {
    return (await this.#all()).byNode.get(nodeId) ?? null
  }

  async byId(id: number): Promise<SeenRepository | null> {
    return this.byNode(nodeIdOf('R', id))
  }

  /** By its name of now, else by one it had: then `renamed` says so. */
  async find(owner: string, name: string): Promise<{ repository: SeenRepository; renamed: boolean } | null> {
    const hosted = await this.#host.find(owner, name)
    const seen = hosted === null || !this.#shows(hosted) ? null : this.#see(hosted)
    const wanted = name.toLowerCase()
    if (seen?.name.toLowerCase() === wanted) return { repository: seen, renamed: false }
    if (owner.toLowerCase() !== this.org.toLowerCase()) return seen && { repository: seen, renamed: true }
    for (const repository of (await this.#all()).byNode.values()) {
      if (repository.owner !== this.org) continue
      if (repository.name.toLowerCase() === wanted) return { repository, renamed: false }
      if (repository.facts.formerNames?.some(former => former.toLowerCase() === wanted))
        return { repository, renamed: true }
    }
    // Whoever has a name now comes before whoever had it.
    return seen && { repository: seen, renamed: true }
  }

  async #all() {
    const hosted = await this.#host.list()
    const time = this.#date().getTime()
    if (this.#last?.hosted === hosted && this.#last.time === time) return this.#last
    const seen = hosted
      .filter(this.#shows)
      .map(repository => this.#see(repository))
      .filter(repository => repository !== null)
    const byNode = new Map(seen.map(repository => [repository.nodeId, repository]))
    const list = seen
      .filter(repository => repository.owner === this.org)
      .map(repository =>
        repository.listedAs === repository.name && repository.listedFacts === repository.facts
          ? repository
          : { ...repository, name: repository.listedAs, facts: repository.listedFacts },
      )
    this.#last = { hosted, time, list, byNode }
    return this.#last
  }

  #see(hosted: HostedRepository): SeenRepository | null {
    const time = this.#date().getTime()
    const known = this.#seen.get(hosted)
    if (known?.time === time) return known.seen
    const seen = seenAt(hosted, time, this.#stage)
    this.#seen.set(hosted, { time, seen })
    return seen
  }
}

function seenAt(hosted: HostedRepository, time: number, stage: Stage): SeenRepository | null {
  const { facts, refs } = hosted
  const history = facts.history ?? []
  const passed = history.filter(entry => Date.parse(entry.date) <= time)
  const newest = passed.at(-1)
  if (history.length > 0 && newest === undefined) return null
  const state = stage.stateOf(hosted.name)
  const head = state?.kind === 'empty' ? null : newest === undefined ? refs.head : newest.commit || null
  const branches = new Map(head === null ? [] : refs.branches)
  if (head !== null) branches.set(refs.defaultBranch, head)
  return {
    owner: hosted.owner,
    name: state?.kind === 'renamed' ? state.to : hosted.name,
    listedAs: hosted.name,
    id: hosted.id,
    nodeId: nodeIdOf('R', hosted.id),
    facts: state?.kind === 'archived' ? { ...facts, archived: true } : facts,
    listedFacts: facts,
    visibility: facts.visibility ?? 'public',
    defaultBranch: refs.defaultBranch,
    head,
    branches,
    tags: refs.tags,
    createdAt: history[0] === undefined ? CREATED : new Date(history[0].date),
    pushedAt: newest === undefined ? refs.pushedAt : new Date(newest.date),
    settings: Object.assign({}, facts.settings, ...passed.map(entry => entry.settings ?? {})),
    releases: (facts.releases ?? [])
      .filter(release => Date.parse(release.publishedAt) <= time)
      .sort((a, b) => Date.parse(b.publishedAt) - Date.parse(a.publishedAt)),
    objects: hosted.objects,
    git: hosted.git,
  }
}
