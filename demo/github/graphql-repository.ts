import { GraphQLError } from 'graphql'
import { connectionOf, type Paging } from './connection.ts'
import { askedObject, type GitContext, objectNode } from './graphql-git.ts'
import { releaseNode } from './graphql-release.ts'
import type { Person } from './people.ts'
import { oidOf } from './rest-git.ts'
import { numberOf } from './rest-shapes.ts'
import type { Stage } from './scenario.ts'
import { moment, nodeIdOf, type SeenRepository, type World } from './world.ts'

/** What the resolvers of one query share. */
/** `person`: whose token it is, where somebody signed in for it. */
export type QueryContext = GitContext & { world: World; person: Person | null; stage: Stage }

type Order = { orderBy?: { field: string; direction: 'ASC' | 'DESC' } | null }

function refNode(repository: SeenRepository, kind: 'heads' | 'tags', name: string, context: QueryContext) {
  const guarded = kind === 'heads' && name === repository.defaultBranch && repository.settings.defaultBranchProtected
  const rule = {
    type: 'NON_FAST_FORWARD',
    id: nodeIdOf('RR', repository.id),
    parameters: null,
    repositoryRuleset: null,
  }
  const protection = {
    pattern: name,
    allowsDeletions: false,
    allowsForcePushes: false,
    requiresApprovingReviews: true,
    requiredApprovingReviewCount: 1,
    requiresStatusChecks: false,
    isAdminEnforced: true,
    restrictsPushes: false,
    lockBranch: false,
  }
  return {
    __typename: 'Ref',
    id: nodeIdOf('REF', `${repository.id} ${kind}/${name}`),
    name,
    prefix: `refs/${kind}/`,
    target: () => {
      const oid = oidOf(repository, `refs/${kind}/${name}`)
      return oid === null ? null : objectNode(repository, oid, context)
    },
    rules: (paging: Paging) =>
      connectionOf(
        guarded ? [rule] : [],
        paging,
        item => item.id,
        item => item,
      ),
    branchProtectionRule: guarded ? { id: nodeIdOf('BPR', repository.id), ...protection } : null,
    refUpdateRule: guarded
      ? {
          pattern: name,
          allowsDeletions: false,
          allowsForcePushes: false,
          blocksCreations: false,
          requiredApprovingReviewCount: 1,
        }
      : null,
  }
}

function list<Item>(items: readonly Item[], paging: Paging, node: (item: Item) => unknown) {
  return connectionOf(items, paging, item => String(items.indexOf(item)).padStart(9, '0'), node)
}

/** `Repository`: the fields that a crawl may ask for; any other fails by name, so that nothing is null by accident. */
export function repositoryNode(repository: SeenRepository, context: QueryContext) {
  const { facts, settings, releases } = repository
  const path = `/${repository.owner}/${repository.name}`
  const state = context.stage.stateOf(repository.listedAs)
  const date = moment(repository.pushedAt ?? repository.createdAt)
  const has = async (name: string) => {
    if (repository.head === null) return false
    const root = await repository.objects.tree(repository.head)
    return root !== null && (await repository.objects.at(root, name)) !== null
  }
  return {
    __typename: 'Repository',
    id: repository.nodeId,
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: `${repository.owner}/${repository.name}`,
    owner: () => ownerNode(repository.owner, context),
    description: facts.description ?? null,
    url: context.url + path,
    resourcePath: path,
    sshUrl: `git@${new URL(context.url).host}:${path.slice(1)}.git`,
    visibility: repository.visibility.toUpperCase(),
    isPrivate: repository.visibility !== 'public',
    isArchived: facts.archived ?? false,
    archivedAt: facts.archived === true ? date : null,
    isFork: facts.fork ?? false,
    isEmpty: repository.head === null,
    isDisabled: state?.kind === 'blocked',
    isLocked: false,
    lockReason: null,
    isTemplate: false,
    isMirror: false,
    isInOrganization: true,
    parent: null,
    templateRepository: null,
    forkCount: 0,
    stargazerCount: 0,
    diskUsage: 0,
    homepageUrl: null,
    mirrorUrl: null,
    licenseInfo: null,
    createdAt: moment(repository.createdAt),
    pushedAt: repository.pushedAt === null ? null : date,
    updatedAt: date,
    primaryLanguage:
      facts.language == null ? null : { id: nodeIdOf('L', facts.language), name: facts.language, color: null },
    languages: (paging: Paging) =>
      list(facts.language == null ? [] : [facts.language], paging, name => ({
        id: nodeIdOf('L', name),
        name,
        color: null,
      })),
    repositoryTopics: (paging: Paging) =>
      list(facts.topics ?? [], paging, name => ({
        id: nodeIdOf('RT', `${repository.id} ${name}`),
        resourcePath: `/topics/${name}`,
        url: `${context.url}/topics/${name}`,
        topic: { id: nodeIdOf('TO', name), name },
      })),
    hasVulnerabilityAlertsEnabled: settings.vulnerabilityAlerts ?? false,
    vulnerabilityAlerts: (paging: Paging) => list([], paging, item => item),
    isSecurityPolicyEnabled: async () =>
      (await Promise.all(['SECURITY.md', '.github/SECURITY.md', 'docs/SECURITY.md'].map(has))).includes(true),
    viewerPermission: context.person?.writes?.includes(repository.name) ? 'WRITE' : 'READ',
    // A protection that may not be seen is what a token without administration meets.
    viewerCanAdminister: settings.defaultBranchProtected != null,
    defaultBranchRef: repository.head === null ? null : refNode(repository, 'heads', repository.defaultBranch, context),
    ref: ({ qualifiedName }: { qualifiedName: string }) => {
      const [, kind, name] = /^(?:refs\/)?(heads|tags)\/(.+)$/.exec(qualifiedName) ?? []
      const refs = kind === 'tags' ? repository.tags : repository.branches
      const plain = name ?? qualifiedName
      return refs.has(plain) ? refNode(repository, kind === 'tags' ? 'tags' : 'heads', plain, context) : null
    },
    refs: ({ refPrefix, ...paging }: Paging & { refPrefix: string }) => {
      const kind = refPrefix.startsWith('refs/tags') ? 'tags' : 'heads'
      const names = [...(kind === 'tags' ? repository.tags : repository.branches).keys()]
      return list(names, paging, name => refNode(repository, kind, name, context))
    },
    object: (asked: { oid?: string | null; expression?: string | null }) => {
      if (state?.kind !== 'blocked') return askedObject(repository, asked, context)
      throw new GraphQLError('Repository access blocked', { extensions: { type: 'FORBIDDEN' } })
    },
    latestRelease: releases[0] === undefined ? null : releaseNode(repository, releases[0], context),
    release: ({ tagName }: { tagName: string }) => {
      const found = releases.find(release => release.tag === tagName)
      return found === undefined ? null : releaseNode(repository, found, context)
    },
    releases: (paging: Paging) => list(releases, paging, release => releaseNode(repository, release, context)),
  }
}

const COMPARABLE: Readonly<Record<string, (repository: SeenRepository) => string>> = {
  NAME: repository => repository.name.toLowerCase(),
  CREATED_AT: repository => repository.createdAt.toISOString(),
  PUSHED_AT: repository => repository.pushedAt?.toISOString() ?? '',
  UPDATED_AT: repository => (repository.pushedAt ?? repository.createdAt).toISOString(),
}

type Filters = {
  isArchived?: boolean | null
  isFork?: boolean | null
  visibility?: string | null
  privacy?: string | null
}

function passes(repository: SeenRepository, { isArchived, isFork, visibility, privacy }: Filters): boolean {
  return (
    (isArchived == null || isArchived === (repository.facts.archived ?? false)) &&
    (isFork == null || isFork === (repository.facts.fork ?? false)) &&
    (visibility == null || visibility === repository.visibility.toUpperCase()) &&
    (privacy == null || (privacy === 'PUBLIC') === (repository.visibility === 'public'))
  )
}

/** The last sorted listing, for the next page of the same one. */
const sortedBefore = new WeakMap<readonly SeenRepository[], Map<string, readonly SeenRepository[]>>()

async function sortedRepositories(world: World, asked: Order & Filters): Promise<readonly SeenRepository[]> {
  const { field, direction } = asked.orderBy ?? { field: 'CREATED_AT', direction: 'ASC' }
  const comparable = COMPARABLE[field]
  if (comparable === undefined) throw new GraphQLError(`The pretend GitHub does not sort by ${field}.`)
  const all = await world.list()
  const known = sortedBefore.get(all) ?? new Map<string, readonly SeenRepository[]>()
  sortedBefore.set(all, known)
  const { isArchived, isFork, visibility, privacy } = asked
  const name = JSON.stringify([field, direction, isArchived, isFork, visibility, privacy])
  const before = known.get(name)
  if (before !== undefined) return before
  const keyed = all
    .filter(repository => passes(repository, asked))
    .map(repository => ({ repository, key: sortKey(comparable, repository) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const sorted = keyed.map(({ repository }) => repository)
  if (direction === 'DESC') sorted.reverse()
  known.set(name, sorted)
  return sorted
}

const sortKey = (comparable: (repository: SeenRepository) => string, repository: SeenRepository) =>
  `${comparable(repository)} ${String(repository.id).padStart(12, '0')}`

async function repositoriesOf(asked: Paging & Order & Filters, context: QueryContext) {
  const sorted = await sortedRepositories(context.world, asked)
  const comparable = COMPARABLE[asked.orderBy?.field ?? 'CREATED_AT'] ?? COMPARABLE.CREATED_AT
  if (comparable === undefined) throw new Error('CREATED_AT is always comparable.')
  const key = (repository: SeenRepository) => sortKey(comparable, repository)
  const descending = asked.orderBy?.direction === 'DESC'
  return {
    ...connectionOf(sorted, asked, key, repository => repositoryNode(repository, context), { descending }),
    totalDiskUsage: 0,
  }
}

function teamNode(slug: string, held: readonly SeenRepository[], context: QueryContext) {
  const path = `/orgs/${context.world.org}/teams/${slug}`
  return {
    __typename: 'Team',
    id: nodeIdOf('T', slug),
    databaseId: numberOf(`team ${slug}`),
    name: slug,
    slug,
    combinedSlug: `${context.world.org}/${slug}`,
    description: null,
    privacy: 'VISIBLE',
    url: context.url + path,
    resourcePath: path,
    repositories: (paging: Paging) =>
      connectionOf(
        held,
        paging,
        repository => repository.name,
        repository => repositoryNode(repository, context),
        {
          edge: () => ({ permission: 'WRITE' }),
        },
      ),
  }
}

async function teamsOf(context: QueryContext) {
  const teams = new Map<string, SeenRepository[]>()
  for (const repository of await context.world.list()) {
    for (const slug of repository.facts.teams ?? []) teams.set(slug, [...(teams.get(slug) ?? []), repository])
  }
  return [...teams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([slug, held]) => ({ slug, held }))
}

/** Whether one of these people is in the team: of others than the token's own nothing is known here. */
function isIn(slug: string, logins: readonly string[], { person }: QueryContext): boolean {
  return person !== null && logins.includes(person.login) && (person.teams ?? []).includes(slug)
}

/** `Organization`, of which there is one; another owner has a name only. */
export function ownerNode(login: string, context: QueryContext) {
  const id = numberOf(`account ${login}`)
  return {
    __typename: 'Organization',
    id: nodeIdOf('O', id),
    databaseId: id,
    login,
    name: login,
    description: null,
    url: `${context.url}/${login}`,
    resourcePath: `/${login}`,
    avatarUrl: `${context.url}/${login}.png`,
    isVerified: false,
    createdAt: '2020-01-01T00:00:00Z',
    viewerCanAdminister: false,
    viewerIsAMember: context.person?.member ?? true,
    repositories: (asked: Paging & Order & Filters) => repositoriesOf(asked, context),
    repository: async ({ name }: { name: string }) => {
      const found = await context.world.find(login, name)
      return found === null ? null : repositoryNode(found.repository, context)
    },
    teams: async ({ userLogins, ...paging }: Paging & { userLogins?: string[] | null }) =>
      connectionOf(
        (await teamsOf(context)).filter(({ slug }) => userLogins == null || isIn(slug, userLogins, context)),
        paging,
        team => team.slug,
        ({ slug, held }) => teamNode(slug, held, context),
      ),
    team: async ({ slug }: { slug: string }) => {
      const found = (await teamsOf(context)).find(team => team.slug === slug)
      return found === undefined ? null : teamNode(slug, found.held, context)
    },
  }
}
