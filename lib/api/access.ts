/** The page that tells who the token is, what it may, and what each right that it lacks costs. */
import { z } from 'zod'
import type { Check, FactName } from '../check.ts'

const budget = z.object({ limit: z.number(), remaining: z.number(), resetAt: z.string() })

/** As a worker's test left it; see `lib/github/token-test.ts`. */
export const testedToken = z.object({
  kind: z.enum(['app', 'fine-grained', 'classic', 'oauth', 'unknown']),
  login: z.string().nullable(),
  scopes: z.array(z.string()).nullable(),
  expiresAt: z.string().nullable(),
  budget: z.object({ core: budget.optional(), graphql: budget.optional() }).nullable(),
  repositories: z.number().nullable(),
  refused: z.object({ message: z.string(), hint: z.string() }).nullable(),
})
export type TestedToken = z.infer<typeof testedToken>

/** `null`: it was not asked for yet. */
export type Granted = { state: 'ok' | 'denied' | 'absent'; reason: string | null; checkedAt: Date }

export type OrgAccess = {
  id: number
  login: string
  webUrl: string
  tested: TestedToken | null
  testedAt: Date | null
  /** A test is asked for or under way. */
  testing: boolean
  granted: ReadonlyMap<string, Granted>
}

type Part = Check['reads'][number]

/**
 * One thing that a token may or may not. `feeds`: what of a snapshot comes by it, from which follows what it costs.
 * `permission`: of a fine-grained token or an app; `scope`: of a classic token, whose person must be allowed it besides.
 */
export type Capability = {
  name: string
  feeds: { parts?: readonly Part[]; facts?: readonly FactName[] }
  permission: { of: 'repository' | 'organization'; name: string } | null
  scope: string | null
  /** What is lost that no check tells of. */
  besides?: string
}

const ADMINISTRATION = { of: 'repository', name: 'Administration' } as const

/** In the order in which they matter. Names as in `lib/github/capabilities.ts`, which a test holds them to. */
export const CAPABILITIES: readonly Capability[] = [
  {
    name: 'Repositories',
    feeds: { parts: ['tree', 'workflows', 'files', 'releases', 'settings'] },
    permission: { of: 'repository', name: 'Metadata' },
    scope: 'repo',
    besides: 'Nothing can be crawled.',
  },
  {
    name: 'Contents',
    feeds: { parts: ['tree', 'workflows', 'files', 'releases'] },
    permission: { of: 'repository', name: 'Contents' },
    scope: 'repo',
  },
  {
    name: 'Security settings',
    feeds: { facts: ['vulnerabilityAlerts', 'secretScanning', 'securityUpdates'] },
    permission: ADMINISTRATION,
    scope: 'repo',
  },
  {
    name: 'Branch protection',
    feeds: { facts: ['defaultBranchProtected'] },
    permission: ADMINISTRATION,
    scope: 'repo',
    besides: 'A branch that is seen to be protected whole still counts as that.',
  },
  {
    name: 'Actions policy of the organisation',
    feeds: {},
    permission: { of: 'organization', name: 'Administration' },
    scope: 'admin:org',
    besides: 'Each repository is asked for its own policy, a request each.',
  },
  {
    name: 'Actions policy of repositories',
    feeds: { facts: ['shaPinningRequired'] },
    permission: ADMINISTRATION,
    scope: 'repo',
  },
  {
    name: 'Environments',
    feeds: { facts: ['protectedEnvironments'] },
    permission: { of: 'repository', name: 'Actions' },
    scope: 'repo',
  },
  {
    name: 'Attestations',
    feeds: { facts: ['attestations'] },
    permission: { of: 'repository', name: 'Attestations' },
    scope: 'repo',
    besides: 'An immutable release is known to be attested all the same.',
  },
  {
    name: 'Teams',
    feeds: {},
    permission: { of: 'organization', name: 'Members' },
    scope: 'read:org',
    besides: 'Lists and trends cannot be narrowed to a team, and a policy cannot name one.',
  },
  {
    name: 'Newer fields of the API',
    feeds: {},
    permission: null,
    scope: null,
    besides: 'What they would tell is unknown, as the rows above say.',
  },
]

/** What becomes of the checks without a capability, by what they say they need. */
export function costOf(
  { feeds: { parts = [], facts = [] } }: Pick<Capability, 'feeds'>,
  checks: readonly Pick<Check, 'id' | 'title' | 'reads' | 'facts'>[],
): { unknown: { id: string; title: string }[]; less: { id: string; title: string }[] } {
  const felt = (check: Pick<Check, 'facts'>, how: 'decides' | 'adds') => facts.some(fact => check.facts?.[fact] === how)
  const named = ({ id, title }: Pick<Check, 'id' | 'title'>) => ({ id, title })
  const unknown = checks.filter(check => check.reads.some(part => parts.includes(part)) || felt(check, 'decides'))
  const less = checks.filter(check => !unknown.includes(check) && felt(check, 'adds'))
  return { unknown: unknown.map(named), less: less.map(named) }
}

/** Where at GitHub a right is given, as a sentence of three parts: what to open, its address, and what to choose there. */
export type Way = { open: string; href: string; choose: string }

export function wayTo(
  { permission, scope }: Capability,
  { kind, scopes }: Pick<TestedToken, 'kind' | 'scopes'>,
  { login, webUrl }: Pick<OrgAccess, 'login' | 'webUrl'>,
): Way | null {
  if (permission === null || scope === null) return null
  const of = permission.of === 'repository' ? 'Repository permissions' : 'Organization permissions'
  const choose = `${of}, ${permission.name}: Read-only`
  if (kind === 'app')
    return {
      open: 'The app’s settings, Permissions & events',
      href: `${webUrl}/organizations/${encodeURIComponent(login)}/settings/apps`,
      choose: `${choose}. An owner of ${login} then accepts it at the installation.`,
    }
  if (kind === 'fine-grained')
    return {
      open: 'Fine-grained personal access tokens',
      href: `${webUrl}/settings/personal-access-tokens`,
      choose: `${choose}. Its resource owner has to be ${login}, and ${login} may have to approve it.`,
    }
  return {
    open: 'Personal access tokens (classic)',
    href: `${webUrl}/settings/tokens`,
    choose: scopes?.includes(scope)
      ? `one of a person who may it in ${login}: this one has the scope ${scope}, and its person has not the right.`
      : `the scope ${scope}; the token’s person must be allowed it in ${login} too.`,
  }
}
