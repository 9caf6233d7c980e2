import { Prisma } from '#prisma/generated/client.ts'
import type { MovedRepository, PolicyTrial, PolicyVersionRow } from '../api/policy.ts'
import { AppError } from '../errors.ts'
import { EMPTY_DOCUMENT, policyFor, type Traits } from '../policy/document.ts'
import { defaultPolicy, type Policy, policyHash } from '../policy/policy.ts'
import { readSavedPolicy } from '../policy/read-policy.ts'
import type { PolicyDocument } from '../policy/schema.ts'
import type { Session } from './database.ts'
import { storable, storableJson } from './text.ts'

/** The policy in force; number 0 before anybody wrote one. */
export type CurrentPolicy = { number: number; text: string | null; document: PolicyDocument }

export async function currentPolicy(db: Session, orgId: number): Promise<CurrentPolicy> {
  const newest = await db.policyVersion.findFirst({ where: { orgId }, orderBy: { number: 'desc' } })
  if (newest === null) return { number: 0, text: null, document: EMPTY_DOCUMENT }
  return { number: newest.number, text: newest.text, document: readSavedPolicy(newest.text) }
}

/** Newest first. */
export async function policyVersions(db: Session, orgId: number): Promise<PolicyVersionRow[]> {
  return db.policyVersion.findMany({
    where: { orgId },
    orderBy: { number: 'desc' },
    select: { number: true, text: true, savedAt: true, savedName: true, note: true, moved: true },
  })
}

/** What says which policy a repository is judged by. */
export type RepositoryTraits = Traits & { orgId: number }

/** Of repository `r`. */
export const traitsOfRepository = Prisma.sql`
  r."orgId", r."topics", coalesce(r."teams", '{}') AS "teams", r."visibility", r."properties"`

/** The policies in force of every organisation, by what a repository is. One query. */
export async function policiesInForce(db: Session): Promise<(traits: RepositoryTraits) => Policy> {
  const rows = await db.policyVersion.findMany({ distinct: ['orgId'], orderBy: [{ orgId: 'asc' }, { number: 'desc' }] })
  const documents = new Map(rows.map(({ orgId, text }) => [orgId, readSavedPolicy(text)]))
  return traits => policyFor(documents.get(traits.orgId) ?? EMPTY_DOCUMENT, traits)
}

/** By repository. One query. */
export async function traitsOf(db: Session, ids: readonly bigint[]): Promise<Map<bigint, RepositoryTraits>> {
  const rows = await db.$queryRaw<(RepositoryTraits & { id: bigint })[]>`
    SELECT r."id", ${traitsOfRepository} FROM "Repository" r WHERE r."id" = ANY(${ids}::bigint[])`
  return new Map(rows.map(row => [row.id, row]))
}

/** What is demanded now of a repository. Two queries. */
export async function policyOfRepository(db: Session, repositoryId: bigint): Promise<Policy> {
  const traits = (await traitsOf(db, [repositoryId])).get(repositoryId)
  return traits === undefined ? defaultPolicy : (await policiesInForce(db))(traits)
}

/**
 * The policy by which a scan of such a repository was made, so that it can be told again by the same; where it is not
 * known any more, the one in force. One query, two where it is an earlier one.
 */
export async function policyByHash(
  db: Session,
  stored: Omit<RepositoryTraits, 'properties'> & { properties: Prisma.JsonValue },
  hash: string,
): Promise<Policy> {
  const traits: RepositoryTraits = { ...stored, properties: stored.properties as Traits['properties'] }
  const { document, number } = await currentPolicy(db, traits.orgId)
  const current = policyFor(document, traits)
  if (number === 0 || policyHash(current) === hash) return current
  const earlier = await db.policyVersion.findMany({
    where: { orgId: traits.orgId, number: { lt: number } },
    orderBy: { number: 'desc' },
    select: { text: true },
    take: MOST_LOOKED_AT,
  })
  for (const read of [
    ...earlier.map(
      ({ text }) =>
        () =>
          readSavedPolicy(text),
    ),
    () => EMPTY_DOCUMENT,
  ]) {
    const policy = policyFor(read(), traits)
    if (policyHash(policy) === hash) return policy
  }
  return current
}

const MOST_LOOKED_AT = 50

/** Keeps a new version behind the one that it was made from. Throws AppError `conflict` where another came between. */
export async function addPolicyVersion(
  tx: Session,
  version: {
    orgId: number
    basedOn: number
    text: string
    note: string
    moved: number
    by: { id: string; name: string }
  },
  now: Date,
): Promise<number> {
  const { orgId, basedOn, text, note, moved, by } = version
  await tx.$queryRaw`SELECT "id" FROM "Org" WHERE "id" = ${orgId} FOR UPDATE`
  await refuseUnlessNewest(tx, orgId, basedOn)
  const number = basedOn + 1
  await tx.policyVersion.create({
    data: {
      ...{ orgId, number, text: storable(text), note: storable(note), moved },
      ...{ savedAt: now, savedBy: by.id, savedName: storable(by.name) },
    },
  })
  return number
}

/** Throws AppError `conflict` where a version came after the one that a draft was made from. */
export async function refuseUnlessNewest(db: Session, orgId: number, basedOn: number): Promise<void> {
  const newest = await db.policyVersion.findFirst({ where: { orgId }, orderBy: { number: 'desc' } })
  if ((newest?.number ?? 0) === basedOn) return
  throw new AppError(
    'conflict',
    `Version ${newest?.number} was saved meanwhile by ${newest?.savedName}.`,
    'Look at what it changed, and bring both together.',
  )
}

export type StoredTrial = PolicyTrial & { orgId: number; text: string; basedOn: number }

export async function addTrial(
  db: Session,
  trial: { orgId: number; text: string; basedOn: number; askedBy: string },
  now: Date,
): Promise<number> {
  // What was tried before says nothing any more.
  await db.policyTrial.deleteMany({ where: { orgId: trial.orgId, askedBy: trial.askedBy } })
  const { id } = await db.policyTrial.create({
    data: { ...trial, text: storable(trial.text), askedAt: now, state: 'asked' },
  })
  return id
}

export async function findTrial(db: Session, orgId: number, id: number): Promise<StoredTrial | null> {
  const found = await db.policyTrial.findFirst({ where: { id, orgId } })
  if (found === null) return null
  const { askedAt: _, askedBy: __, ...trial } = found
  return { ...trial, state: trial.state as PolicyTrial['state'], moved: trial.moved as unknown as MovedRepository[] }
}

/** Those that wait to be run, and those that a worker that died left behind: whoever runs one begins anew. */
export async function openTrials(db: Session, orgId: number): Promise<number[]> {
  const rows = await db.policyTrial.findMany({
    where: { orgId, state: { in: ['asked', 'running'] } },
    select: { id: true },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ id }) => id)
}

/** False where somebody asked for another trial meanwhile and this one is gone. */
export async function moveTrial(
  db: Session,
  id: number,
  to: Partial<Pick<PolicyTrial, 'state' | 'reason' | 'total' | 'done' | 'moved'>>,
): Promise<boolean> {
  const { moved, ...rest } = to
  const { count } = await db.policyTrial.updateMany({
    where: { id },
    data: { ...rest, ...(moved && { moved: storableJson(moved) }) },
  })
  return count > 0
}

/** The newest snapshot of a repository that counts, with how it stands now. */
export type Tried = Traits & {
  snapshotId: number
  repositoryId: bigint
  name: string
  policyHash: string
  score: number | null
  hardening: number | null
  grade: string | null
}

/** Everything that a change of the policy could move. One query. */
export async function judgedRepositories(db: Session, orgId: number): Promise<Tried[]> {
  return db.$queryRaw<Tried[]>`
    SELECT s."snapshotId", r."id" AS "repositoryId", r."name", ${traitsOfRepository}, s."policyHash", s."score", s."hardening", s."grade"
    FROM "Repository" r JOIN "Scan" s ON s."id" = r."latestScanId"
    WHERE r."orgId" = ${orgId} AND r."goneAt" IS NULL ORDER BY r."id"`
}
