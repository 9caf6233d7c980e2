import { type Answer, type Call, json, noContent, notFound, notPermitted, refused } from './answer.ts'
import type { Addresses } from './rest-shapes.ts'
import type { SeenRepository, World } from './world.ts'

const MOST_DIGESTS = 1_024

/** A setting that the sidecar does not tell, or tells as null, is one that the token has no right to see. */
function setting<Value>(
  value: Value | null | undefined,
  answer: (value: Value) => Answer,
  needs = 'administration=read',
): Answer {
  return value == null ? notPermitted(needs) : answer(value)
}

export function alertsAnswer({ settings }: SeenRepository): Answer {
  return setting(settings.vulnerabilityAlerts, on => (on ? noContent() : notFound()))
}

export function securityFixesAnswer({ settings }: SeenRepository): Answer {
  return setting(settings.securityUpdates, enabled => json(200, { enabled, paused: false }))
}

export function actionsPolicyAnswer({ settings }: SeenRepository): Answer {
  return setting(settings.shaPinningRequired, required =>
    json(200, { enabled: true, allowed_actions: 'all', sha_pinning_required: required }),
  )
}

export function orgActionsPolicyAnswer({ policy, org }: World, { apiUrl }: Addresses): Answer {
  return setting(
    policy?.shaPinningRequired,
    required =>
      json(200, {
        enabled_repositories: policy?.enabledRepositories ?? 'all',
        selected_repositories_url: `${apiUrl}/orgs/${org}/actions/permissions/repositories`,
        allowed_actions: 'all',
        sha_pinning_required: required,
      }),
    'organization_administration=read',
  )
}

export function rulesAnswer({ settings, defaultBranch, owner }: SeenRepository, call: Call): Answer {
  if (call.params.branch !== defaultBranch || settings.defaultBranchProtected !== true) return json(200, [])
  const source = { ruleset_source_type: 'Organization', ruleset_source: owner, ruleset_id: 1 }
  return json(200, [
    { type: 'deletion', ...source },
    { type: 'non_fast_forward', ...source },
  ])
}

export function environmentsAnswer({ settings, owner, name }: SeenRepository, { url, apiUrl }: Addresses): Answer {
  return setting(
    settings.protectedEnvironments,
    names => {
      const shaped = names.map((environment, index) => ({
        id: index + 1,
        node_id: `EN_${index + 1}`,
        name: environment,
        url: `${apiUrl}/repos/${owner}/${name}/environments/${environment}`,
        html_url: `${url}/${owner}/${name}/deployments`,
        created_at: '2020-01-01T00:00:00Z',
        updated_at: '2020-01-01T00:00:00Z',
        protection_rules: [{ id: index + 1, node_id: `GA_${index + 1}`, type: 'branch_policy' }],
        deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
      }))
      return json(200, { total_count: shaped.length, environments: shaped })
    },
    'actions=read',
  )
}

const BUNDLE = {
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: {},
  dsseEnvelope: {},
}

/** Provenance is told by the release: each asset of an attested one has an attestation. */
function attests({ releases }: SeenRepository, digest: string): boolean {
  return releases.some(({ attested, assets }) => attested === true && assets?.some(asset => asset.digest === digest))
}

export function attestationsAnswer(repository: SeenRepository, digest: string): Answer {
  if (!attests(repository, digest)) return notFound()
  return json(200, { attestations: [{ bundle: BUNDLE, repository_id: repository.id, bundle_url: '' }] })
}

/** Pages count attestations: a digest without one stands in the first page, with an empty list. */
export async function bulkAttestationsAnswer(world: World, call: Call): Promise<Answer> {
  const digests = digestsOf(call.body)
  if (digests === null) return refused(422, 'Invalid request.')
  const repositories = await world.list()
  const holders = digests.flatMap(digest =>
    repositories.filter(one => attests(one, digest)).map(({ id }) => ({ digest, repository_id: id })),
  )
  const size = Math.min(100, Number(call.query.get('per_page') ?? 30))
  const from = Number(call.query.get('after') ?? 0)
  const shown = Map.groupBy(holders.slice(from, from + size), ({ digest }) => digest)
  const bundles = digests.flatMap(digest => {
    const held = shown.get(digest) ?? []
    if (held.length === 0 && from > 0) return []
    return [[digest, held.map(({ repository_id }) => ({ bundle: BUNDLE, repository_id, bundle_url: '' }))] as const]
  })
  const hasNext = from + size < holders.length
  return json(200, {
    attestations_subject_digests: Object.fromEntries(bundles),
    page_info: { has_next: hasNext, has_previous: from > 0, ...(hasNext ? { next: String(from + size) } : {}) },
  })
}

function digestsOf(body: Buffer): string[] | null {
  try {
    const { subject_digests: digests } = JSON.parse(body.toString('utf8')) as { subject_digests?: unknown }
    const isRight = Array.isArray(digests) && digests.length > 0 && digests.length <= MOST_DIGESTS
    return isRight && digests.every(digest => typeof digest === 'string') ? digests : null
  } catch {
    // GitHub answers a body that is no JSON like one that is wrong.
    return null
  }
}
