/** Who answers for which repository, as its CODEOWNERS and the organisation's custom properties say. */
import { Prisma } from '#prisma/generated/client.ts'
import type { Database } from './database.ts'
import { rowsJson } from './text.ts'

/** Everybody who answers for repository `r`; the same name may stand there more than once. */
export const ownersOfRepository = Prisma.sql`(coalesce(r.teams, '{}') || r."codeOwners" || r."propertyOwners")`
/** The same, where `s` is the repository's standing. */
export const ownersOfStanding = Prisma.sql`(coalesce(s.teams, '{}') || s."codeOwners" || s."propertyOwners")`

/** Remembers whom the CODEOWNERS of snapshots name; that of a snapshot that is not its repository's newest is passed by. */
export async function saveCodeOwners(
  db: Database,
  found: readonly { repositoryId: bigint; snapshotId: number; owners: readonly string[] }[],
): Promise<void> {
  const rows = found
    .map(({ repositoryId, snapshotId, owners }) => ({ repositoryId, snapshotId, owners }))
    .sort((a, b) => (a.repositoryId < b.repositoryId ? -1 : 1))
  if (rows.length === 0) return
  await db.$executeRaw`
    UPDATE "Repository" r SET "codeOwners" = f."owners"
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS f("repositoryId" bigint, "snapshotId" int, "owners" text[])
    WHERE r."id" = f."repositoryId" AND r."codeOwners" IS DISTINCT FROM f."owners"
      AND NOT EXISTS (SELECT 1 FROM "Snapshot" n WHERE n."repositoryId" = r."id" AND n."id" > f."snapshotId")`
}

/** Remembers custom properties and whom they name; a repository of which nothing was told keeps what it had. */
export async function saveProperties(
  db: Database,
  told: ReadonlyMap<bigint, { values: Readonly<Record<string, readonly string[]>>; owners: readonly string[] }>,
): Promise<void> {
  const rows = [...told].map(([id, properties]) => ({ id, ...properties })).sort((a, b) => (a.id < b.id ? -1 : 1))
  await db.$executeRaw`
    UPDATE "Repository" r SET "properties" = t."values", "propertyOwners" = t."owners"
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS t("id" bigint, "values" jsonb, "owners" text[])
    WHERE r."id" = t."id"
      AND (r."properties", r."propertyOwners") IS DISTINCT FROM (t."values", t."owners")`
}

/**
 * By what names a person owns repositories of an organisation: the teams that GitHub said they are in, and their login.
 * Null where nobody of that id has signed in. One query.
 */
export async function ownNames(db: Database, userId: string, orgId: number): Promise<string[] | null> {
  const [person] = await db.$queryRaw<{ login: string | null; teams: string[]; org: string }[]>`
    select u.login, u.teams, o.login as org from "User" u join "Org" o on o.id = ${orgId} where u.id = ${userId}`
  if (person === undefined) return null
  const within = `${person.org.toLowerCase()}/`
  const teams = person.teams
    .filter(team => team.toLowerCase().startsWith(within))
    .map(team => team.slice(within.length))
  return [...teams, ...(person.login === null ? [] : [`@${person.login.toLowerCase()}`])]
}
