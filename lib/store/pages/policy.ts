import type { Scope } from '../../api/frame.ts'
import type { PolicyVersionRow } from '../../api/policy.ts'
import { isIn } from '../../policy/document.ts'
import type { Database } from '../database.ts'
import { type CurrentPolicy, currentPolicy, policyVersions } from '../policies.ts'
import { counted } from './fragments.ts'

export type PolicyPage = CurrentPolicy & {
  versions: PolicyVersionRow[]
  /** By the place of a group in the document, how many repositories that count are in it. */
  members: number[]
}

/** The policy in force, how it came to be, and whom its groups are of. Three queries. */
export async function readPolicyPage(db: Database, scope: Scope): Promise<PolicyPage> {
  const [current, versions] = await Promise.all([currentPolicy(db, scope.orgId), policyVersions(db, scope.orgId)])
  const groups = current.document.groups ?? []
  if (groups.length === 0) return { ...current, versions, members: [] }
  const traits = await db.$queryRaw<{ topics: string[]; teams: string[]; visibility: string }[]>`
    select r.topics, coalesce(r.teams, '{}') as teams, r.visibility from "Repository" r where ${counted(scope)}`
  return { ...current, versions, members: groups.map(group => traits.filter(one => isIn(group, one)).length) }
}
