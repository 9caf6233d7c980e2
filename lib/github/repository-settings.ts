/** Settings that GitHub tells one repository at a time, and the organisation's rule that makes asking needless. */
import { z } from 'zod'
import type { Answered, Capabilities } from './capabilities.ts'
import { type GitHub, jsonOf } from './client.ts'
import { GitHubTrouble } from './trouble.ts'

const organisationPolicy = z.object({ enabled_repositories: z.string(), sha_pinning_required: z.boolean().nullish() })
const repositoryPolicy = z.object({ enabled: z.boolean(), sha_pinning_required: z.boolean().nullish() })
const environments = z.object({
  environments: z.array(z.object({ name: z.string(), protection_rules: z.array(z.unknown()).nullish() })).nullish(),
})

/** `environments`: whether they are worth asking for. */
type Asked = { id: bigint; name: string; environments: boolean }
/** Null with a reason where it could not be had. Environments: names of those that a protection rule guards. */
export type OwnSettings = {
  shaPinningRequired: boolean | null
  protectedEnvironments: string[] | null
  reasons: { shaPinningRequired?: string; protectedEnvironments?: string }
}
/** `pins` null: this host does not know the rule. */
type ActionsPolicy = { enabled: boolean; pins: boolean | null }

const AT_ONCE = 6
const NO_PINS =
  'This GitHub does not know the rule that actions be pinned: GitHub Enterprise Server has it from 3.19 on.'

/**
 * What only each repository tells of itself: one request for its actions policy, where that of the organisation does not
 * decide for all, and one for its environments. One of which GitHub failed to answer is absent.
 */
export async function readOwnSettings(
  github: GitHub,
  org: string,
  capabilities: Capabilities,
  asked: readonly Asked[],
): Promise<Map<bigint, OwnSettings>> {
  const found = new Map<bigint, OwnSettings>()
  if (asked.length === 0) return found
  const everywhere = await capabilities.ask('Actions policy of the organisation', () => readOrgPolicy(github, org))
  // A repository may be stricter than its organisation, and never laxer.
  const decides = everywhere.value !== null && (!everywhere.value.enabled || everywhere.value.pins === true)
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const group = asked.slice(at, at + AT_ONCE)
    const told = await Promise.all(
      group.map(async repository => {
        const path = `/repos/${encodeURIComponent(org)}/${encodeURIComponent(repository.name)}`
        const policy = decides
          ? everywhere
          : await capabilities.askOne('Actions policy of repositories', () => readPolicy(github, path))
        const guarded: Answered<string[]> = repository.environments
          ? await capabilities.askOne('Environments', () => readEnvironments(github, path))
          : { value: [], reason: null }
        return settingsOf(policy, guarded)
      }),
    )
    for (const [index, { id }] of group.entries()) {
      const own = told[index]
      if (own) found.set(id, own)
    }
  }
  return found
}

function settingsOf(policy: Answered<ActionsPolicy>, guarded: Answered<string[]>): OwnSettings | null {
  if ((policy.value === null && policy.passing) || (guarded.value === null && guarded.passing)) return null
  // Where no action may run, none runs unpinned.
  const pins = policy.value === null ? null : policy.value.enabled ? policy.value.pins : true
  return {
    shaPinningRequired: pins,
    protectedEnvironments: guarded.value,
    reasons: {
      ...(pins === null ? { shaPinningRequired: policy.reason ?? NO_PINS } : {}),
      ...(guarded.value === null ? { protectedEnvironments: guarded.reason } : {}),
    },
  }
}

async function readOrgPolicy(github: GitHub, org: string): Promise<ActionsPolicy> {
  const told = await read(github, `/orgs/${encodeURIComponent(org)}/actions/permissions`, organisationPolicy)
  return { enabled: told.enabled_repositories !== 'none', pins: told.sha_pinning_required ?? null }
}

async function readPolicy(github: GitHub, path: string): Promise<ActionsPolicy> {
  const told = await read(github, `${path}/actions/permissions`, repositoryPolicy)
  return { enabled: told.enabled, pins: told.sha_pinning_required ?? null }
}

async function readEnvironments(github: GitHub, path: string): Promise<string[]> {
  const told = await read(github, `${path}/environments?per_page=100`, environments)
  const guarded = (told.environments ?? []).filter(({ protection_rules: rules }) => (rules ?? []).length > 0)
  return guarded.map(({ name }) => name).sort()
}

async function read<T extends z.ZodType>(github: GitHub, path: string, shape: T): Promise<z.output<T>> {
  const parsed = shape.safeParse(jsonOf(await github.get(path), github.addresses.host))
  if (parsed.success) return parsed.data
  throw new GitHubTrouble('failed', 'GitHub answered in a form that is not known.')
}
