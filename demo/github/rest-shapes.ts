import { createHash } from 'node:crypto'
import { moment, nodeIdOf, type SeenRelease, type SeenRepository, type World } from './world.ts'

/** The addresses a client can build links from: the server's own, never a fixed host. */
export type Addresses = { url: string; apiUrl: string }

/** A number that stays the same for a text, for ids of things that the sidecar gives none. */
export function numberOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) >>> 1
}

const OWNER_LINKS = [
  'followers',
  'following{/other_user}',
  'gists{/gist_id}',
  'starred{/owner}{/repo}',
  'subscriptions',
  'orgs',
  'repos',
  'events{/privacy}',
  'received_events',
]
const OWNER_FIELDS = [
  'followers_url',
  'following_url',
  'gists_url',
  'starred_url',
  'subscriptions_url',
  'organizations_url',
  'repos_url',
  'events_url',
  'received_events_url',
]

/** `simple-user`. */
export function accountOf(login: string, type: 'Organization' | 'User', { url, apiUrl }: Addresses) {
  const id = numberOf(`account ${login}`)
  const base = `${apiUrl}/users/${login}`
  return {
    login,
    id,
    node_id: nodeIdOf(type === 'User' ? 'U' : 'O', id),
    avatar_url: `${url}/${login}.png`,
    gravatar_id: '',
    url: base,
    html_url: `${url}/${login}`,
    ...Object.fromEntries(OWNER_FIELDS.map((field, index) => [field, `${base}/${OWNER_LINKS[index]}`])),
    type,
    site_admin: false,
  }
}

/** `private-user`: who the token belongs to. */
export function viewerOf(addresses: Addresses) {
  const nothing = { name: null, company: null, blog: null, location: null, email: null, hireable: null, bio: null }
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0, private_gists: 0, disk_usage: 0 }
  return {
    ...accountOf('plumbline-reader', 'User', addresses),
    ...nothing,
    ...counts,
    collaborators: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    two_factor_authentication: true,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
  }
}

/** `organization-full`. */
export async function organisationOf(world: World, { url, apiUrl }: Addresses) {
  const id = numberOf(`account ${world.org}`)
  const base = `${apiUrl}/orgs/${world.org}`
  return {
    login: world.org,
    id,
    node_id: nodeIdOf('O', id),
    url: base,
    repos_url: `${base}/repos`,
    events_url: `${base}/events`,
    hooks_url: `${base}/hooks`,
    issues_url: `${base}/issues`,
    members_url: `${base}/members{/member}`,
    public_members_url: `${base}/public_members{/member}`,
    avatar_url: `${url}/${world.org}.png`,
    html_url: `${url}/${world.org}`,
    description: null,
    name: world.org,
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos: (await world.list()).filter(repository => repository.visibility === 'public').length,
    public_gists: 0,
    followers: 0,
    following: 0,
    type: 'Organization',
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    archived_at: null,
  }
}

/** Name of a link → what follows the repository's address. */
const LINKS: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

function securityOf({ settings }: SeenRepository) {
  const status = (on: boolean) => ({ status: on ? 'enabled' : 'disabled' })
  const { secretScanning, securityUpdates } = settings
  return {
    ...(secretScanning == null ? {} : { secret_scanning: status(secretScanning) }),
    ...(securityUpdates == null ? {} : { dependabot_security_updates: status(securityUpdates) }),
  }
}

/** `minimal-repository`: an item of a listing. `security_and_analysis` is left out where the token may not see it. */
export function listedRepository(repository: SeenRepository, addresses: Addresses) {
  const base = `${addresses.apiUrl}/repos/${repository.owner}/${repository.name}`
  const { facts } = repository
  const security = securityOf(repository)
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    private: repository.visibility !== 'public',
    owner: accountOf(repository.owner, 'Organization', addresses),
    html_url: `${addresses.url}/${repository.owner}/${repository.name}`,
    description: facts.description ?? null,
    fork: facts.fork ?? false,
    url: base,
    ...Object.fromEntries(Object.entries(LINKS).map(([field, tail]) => [field, base + tail])),
    ...repositoryUrls(repository, addresses),
    homepage: null,
    language: facts.language ?? null,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    open_issues_count: 0,
    size: 0,
    default_branch: repository.defaultBranch,
    is_template: false,
    topics: facts.topics ?? [],
    custom_properties: facts.properties ?? {},
    archived: facts.archived ?? false,
    disabled: false,
    visibility: repository.visibility,
    pushed_at: repository.pushedAt === null ? null : moment(repository.pushedAt),
    created_at: moment(repository.createdAt),
    updated_at: moment(repository.pushedAt ?? repository.createdAt),
    ...(Object.keys(security).length === 0 ? {} : { security_and_analysis: security }),
  }
}

function repositoryUrls({ owner, name }: SeenRepository, { url }: Addresses) {
  const clone = `${url}/${owner}/${name}`
  const host = new URL(url).host
  return {
    git_url: `git://${host}/${owner}/${name}.git`,
    ssh_url: `git@${host}:${owner}/${name}.git`,
    clone_url: `${clone}.git`,
    svn_url: clone,
    mirror_url: null,
  }
}

/** `full-repository`. */
export function fullRepository(repository: SeenRepository, addresses: Addresses) {
  return {
    ...listedRepository(repository, addresses),
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks: 0,
    open_issues: 0,
    license: null,
    watchers: 0,
    network_count: 0,
    subscribers_count: 0,
    organization: accountOf(repository.owner, 'Organization', addresses),
  }
}

/** `release`. */
export function releaseOf(repository: SeenRepository, release: SeenRelease, addresses: Addresses) {
  const id = numberOf(`${repository.id} ${release.tag}`)
  const repo = `${addresses.apiUrl}/repos/${repository.owner}/${repository.name}`
  const base = `${repo}/releases/${id}`
  const html = `${addresses.url}/${repository.owner}/${repository.name}/releases`
  const date = moment(new Date(release.publishedAt))
  const tag = encodeURIComponent(release.tag)
  return {
    url: base,
    assets_url: `${base}/assets`,
    upload_url: `${base}/assets{?name,label}`,
    html_url: `${html}/tag/${tag}`,
    id,
    node_id: nodeIdOf('RE', id),
    tag_name: release.tag,
    target_commitish: repository.defaultBranch,
    name: release.tag,
    body: '',
    draft: false,
    prerelease: false,
    immutable: release.immutable ?? false,
    created_at: date,
    published_at: date,
    author: accountOf('plumbline-reader', 'User', addresses),
    tarball_url: `${repo}/tarball/${tag}`,
    zipball_url: `${repo}/zipball/${tag}`,
    assets: (release.assets ?? []).map(asset => {
      const assetId = numberOf(`${id} ${asset.name}`)
      return {
        url: `${repo}/releases/assets/${assetId}`,
        browser_download_url: `${html}/download/${tag}/${encodeURIComponent(asset.name)}`,
        id: assetId,
        node_id: nodeIdOf('RA', assetId),
        name: asset.name,
        label: null,
        state: 'uploaded',
        content_type: 'application/octet-stream',
        size: 0,
        digest: asset.digest ?? null,
        download_count: 0,
        created_at: date,
        updated_at: date,
        uploader: null,
      }
    }),
  }
}

/** `team`. */
export function teamOf(slug: string, org: string, { url, apiUrl }: Addresses) {
  const id = numberOf(`team ${slug}`)
  const base = `${apiUrl}/orgs/${org}/teams/${slug}`
  return {
    id,
    node_id: nodeIdOf('T', id),
    url: base,
    html_url: `${url}/orgs/${org}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'push',
    members_url: `${base}/members{/member}`,
    repositories_url: `${base}/repos`,
    parent: null,
    type: 'organization',
    organization_id: numberOf(`account ${org}`),
  }
}
