import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../api/frame.ts'

/**
 * Repositories of the organisation that still exist and that the asker sees; `r` is the table's alias. Every list and
 * every figure of repositories starts here, so that a hidden one is neither named nor counted.
 */
export function visible({ orgId, sees }: Scope): Prisma.Sql {
  const inOrg = Prisma.sql`r."orgId" = ${orgId} and r."goneAt" is null`
  return sees.all ? inOrg : Prisma.sql`${inOrg} and ${shownTo(sees.userId)}`
}

/** The same, where `s` is the repository's standing. */
export function visibleStanding({ orgId, sees }: Scope): Prisma.Sql {
  const inOrg = Prisma.sql`s."orgId" = ${orgId} and not s.gone`
  if (sees.all) return inOrg
  return Prisma.sql`${inOrg} and (s.public or exists (
    select 1 from "RepositoryAccess" a where a."userId" = ${sees.userId} and a."repositoryId" = s."repositoryId"))`
}

/** What GitHub shows to this person, of whichever organisation; `r` is the table's alias. */
export function shownTo(userId: string): Prisma.Sql {
  return Prisma.sql`(r.visibility = 'public' or exists (
    select 1 from "RepositoryAccess" a where a."userId" = ${userId} and a."repositoryId" = r.id))`
}

/** The same as `visible`, for one repository by its name: a hidden one is answered like one that is not there. */
export function visibleNamed({ orgId, sees }: Scope, name: string): Prisma.RepositoryWhereInput {
  const seen = sees.all ? {} : { OR: [{ visibility: 'public' }, { readers: { some: { userId: sees.userId } } }] }
  return { orgId, name, goneAt: null, ...seen }
}
