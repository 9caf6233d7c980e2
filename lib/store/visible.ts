import { Prisma } from '#prisma/generated/client.ts'

/** What a question to the store is about: the organisation, and the repositories of it that the asker sees. */
export type Scope = { orgId: number; sees: { all: true } | { all: false; userId: string } }

/**
 * Repositories of the organisation that still exist and that the asker sees; `r` is the table's alias. Every list and
 * every figure of repositories starts here, so that a hidden one is neither named nor counted.
 */
export function visible({ orgId, sees }: Scope): Prisma.Sql {
  const inOrg = Prisma.sql`r."orgId" = ${orgId} and r."goneAt" is null`
  if (sees.all) return inOrg
  return Prisma.sql`${inOrg} and (r.visibility = 'public' or exists (
    select 1 from "RepositoryAccess" a where a."userId" = ${sees.userId} and a."repositoryId" = r.id))`
}
