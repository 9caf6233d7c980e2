import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { PolicyVersionRow } from '../../api/policy.ts'
import type { PolicyGroup } from '../../policy/schema.ts'
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
  const counts = groups.map(group => Prisma.sql`(count(*) filter (where ${isMember(group)}))::int`)
  const [row] = await db.$queryRaw<{ members: number[] }[]>`
    select array[${Prisma.join(counts)}] as members from "Repository" r where ${counted(scope)}`
  return { ...current, versions, members: row?.members ?? [] }
}

/** What `isIn` of lib/policy/document.ts says of repository `r`. */
function isMember({ match: { topics, teams, properties, visibility } }: PolicyGroup): Prisma.Sql {
  const all = [Prisma.sql`true`]
  if (topics) all.push(Prisma.sql`r.topics && ${topics}`)
  if (teams) all.push(Prisma.sql`r.teams && ${teams}`)
  for (const [name, values] of Object.entries(properties ?? {}))
    all.push(Prisma.sql`coalesce(r.properties -> ${name} ?| ${values}, false)`)
  if (visibility) all.push(Prisma.sql`r.visibility = ${visibility}`)
  return Prisma.join(all, ' and ')
}
