/** What guards the default branches, and whether Dependabot alerts are on: forty repositories for one point. */
import { z } from 'zod'
import { halving } from './batch.ts'
import type { GitHub } from './client.ts'

/** A wide query may silently shorten lists within it; what is asked here was told by one, and is asked more narrowly. */
const MOST = 40

/** Of a repository, one connection. */
export const PROTECTION_FIELDS = `
  hasVulnerabilityAlertsEnabled viewerCanAdminister
  defaultBranchRef {
    branchProtectionRule { allowsForcePushes allowsDeletions requiresApprovingReviews restrictsPushes lockBranch }
    refUpdateRule { allowsForcePushes allowsDeletions requiredApprovingReviewCount }
    rules(first: 50) { nodes { type } }
  }`

export const PROTECTION = `query ReadProtection($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Repository { databaseId ${PROTECTION_FIELDS} } }
  rateLimit { cost }
}`

const branch = z.object({
  branchProtectionRule: z
    .object({
      allowsForcePushes: z.boolean(),
      allowsDeletions: z.boolean(),
      requiresApprovingReviews: z.boolean(),
      restrictsPushes: z.boolean(),
      lockBranch: z.boolean().nullish(),
    })
    .nullish(),
  refUpdateRule: z
    .object({
      allowsForcePushes: z.boolean(),
      allowsDeletions: z.boolean(),
      requiredApprovingReviewCount: z.int().nullish(),
    })
    .nullish(),
  rules: z.object({ nodes: z.array(z.object({ type: z.string() }).nullish()).nullish() }).nullish(),
})
const node = z.object({
  databaseId: z.int().nonnegative(),
  hasVulnerabilityAlertsEnabled: z.boolean().nullish(),
  viewerCanAdminister: z.boolean().nullish(),
  defaultBranchRef: branch.nullish(),
})
const answer = z.object({ nodes: z.array(z.unknown()) })

/** What cannot be done to a branch, as far as it is seen: a guard that is false may be one that the token does not see. */
export type Guards = { forcePush: boolean; deletion: boolean; directPush: boolean }
/** `administers`: everything that there is was seen. `guards` null: there is no default branch. */
export type ProtectionRow = { id: bigint; administers: boolean; alerts: boolean | null; guards: Guards | null }

/** Of repositories by node id; one that is gone or hidden is absent. */
export async function readProtection(github: GitHub, ids: readonly string[]): Promise<ProtectionRow[]> {
  const rows: ProtectionRow[] = []
  let size = MOST
  for (let at = 0; at < ids.length; ) {
    const [{ data }, worked] = await halving(size, now => github.graphql(PROTECTION, { ids: ids.slice(at, at + now) }))
    for (const value of answer.safeParse(data).data?.nodes ?? []) rows.push(...protectionIn(value))
    at += worked
    size = worked
  }
  return rows
}

/** What a repository's node tells, where `PROTECTION_FIELDS` were asked of it. */
export function protectionIn(value: unknown): ProtectionRow[] {
  const parsed = node.safeParse(value).data
  if (parsed === undefined) return []
  const { databaseId, hasVulnerabilityAlertsEnabled, viewerCanAdminister, defaultBranchRef } = parsed
  return [
    {
      id: BigInt(databaseId),
      administers: viewerCanAdminister ?? false,
      alerts: hasVulnerabilityAlertsEnabled ?? null,
      guards: defaultBranchRef ? guardsOf(defaultBranchRef) : null,
    },
  ]
}

/** Classic protection, as administrators and as others see it, and rulesets all add up: the strictest of them holds. */
function guardsOf({ branchProtectionRule: own, refUpdateRule: seen, rules }: z.output<typeof branch>): Guards {
  const types = new Set((rules?.nodes ?? []).map(rule => rule?.type))
  const locked = types.has('LOCK_BRANCH') || types.has('UPDATE') || own?.lockBranch === true
  return {
    forcePush: types.has('NON_FAST_FORWARD') || own?.allowsForcePushes === false || seen?.allowsForcePushes === false,
    deletion: types.has('DELETION') || own?.allowsDeletions === false || seen?.allowsDeletions === false,
    directPush:
      locked ||
      types.has('PULL_REQUEST') ||
      types.has('MERGE_QUEUE') ||
      own?.requiresApprovingReviews === true ||
      own?.restrictsPushes === true ||
      (seen?.requiredApprovingReviewCount ?? null) !== null,
  }
}
