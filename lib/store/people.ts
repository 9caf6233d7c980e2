import { type Database, inTransaction, type Session } from './database.ts'
import { storable } from './text.ts'

/** A person who may enter. `role` as in lib/auth/permit.ts; `accessAt`: when GitHub last said what this person sees. */
export type Person = {
  id: string
  name: string
  email: string
  login: string | null
  role: string
  image: string | null
  createdAt: Date
  accessAt: Date | null
  accessTrouble: string | null
}

const SHOWN = {
  id: true,
  name: true,
  email: true,
  login: true,
  role: true,
  image: true,
  createdAt: true,
  accessAt: true,
  accessTrouble: true,
}

export async function findPerson(db: Database, id: string): Promise<Person | null> {
  return db.user.findUnique({ where: { id }, select: SHOWN })
}

/** By name, with what each did last. */
export async function listPeople(db: Database): Promise<(Person & { sessions: number })[]> {
  const people = await db.user.findMany({
    select: { ...SHOWN, _count: { select: { sessions: true } } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  return people.map(({ _count, ...person }) => ({ ...person, sessions: _count.sessions }))
}

export async function hasOwner(db: Session): Promise<boolean> {
  return (await db.user.count({ where: { role: 'owner' } })) > 0
}

/** False where that would leave nobody who can give roles. Call it inside a transaction. */
export async function setRole(tx: Session, id: string, role: string): Promise<boolean> {
  // Two owners that demote each other at the same moment wait for each other here.
  const owners = await tx.$queryRaw<{ id: string }[]>`select id from "User" where role = 'owner' order by id for update`
  if (role !== 'owner' && owners.length === 1 && owners[0]?.id === id) return false
  await tx.user.update({ where: { id }, data: { role } })
  return true
}

/** Ends every session and key of a person at once. */
export async function endSessions(tx: Session, userId: string, now: Date): Promise<void> {
  await tx.session.deleteMany({ where: { userId } })
  await tx.apiKey.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: now } })
}

/** People with a GitHub identity whose rights were last asked for before `before`, longest ago first. */
export async function staleAccess(db: Database, before: Date, limit: number): Promise<{ id: string }[]> {
  return db.user.findMany({
    where: {
      OR: [{ accessAt: null }, { accessAt: { lt: before } }],
      accounts: { some: { providerId: 'github', accessToken: { not: null } } },
    },
    select: { id: true },
    orderBy: { accessAt: { sort: 'asc', nulls: 'first' } },
    take: limit,
  })
}

/** The encrypted tokens by which GitHub can be asked as this person; `expiresAt` null where they do not end by themselves. */
export type PersonTokens = {
  accountId: string
  accessToken: string
  refreshToken: string | null
  expiresAt: Date | null
}

export async function tokensOf(db: Database, userId: string): Promise<PersonTokens | null> {
  const account = await db.account.findFirst({
    where: { userId, providerId: 'github' },
    select: { id: true, accessToken: true, refreshToken: true, accessTokenExpiresAt: true },
  })
  if (account === null || account.accessToken === null) return null
  const { id: accountId, accessToken, refreshToken, accessTokenExpiresAt: expiresAt } = account
  return { accountId, accessToken, refreshToken, expiresAt }
}

/** Keeps the tokens that came for the ones before, encrypted too. */
export async function saveTokens(
  db: Database,
  { accountId, ...tokens }: Omit<PersonTokens, 'expiresAt'> & { expiresAt: Date; refreshExpiresAt: Date },
): Promise<void> {
  const { accessToken, refreshToken, expiresAt, refreshExpiresAt } = tokens
  await db.account.update({
    where: { id: accountId },
    data: { accessToken, refreshToken, accessTokenExpiresAt: expiresAt, refreshTokenExpiresAt: refreshExpiresAt },
  })
}

/** `login`: what the person is called now; `teams`: those the person is in, as org/slug. */
export type Access = {
  login: string | null
  rights: readonly { id: bigint; writes: boolean }[]
  teams: readonly string[]
}

/**
 * Replaces what the person sees by what GitHub said now, also of repositories that a crawl lists only later: who signs in
 * while the first one runs does not wait an hour for what is theirs.
 */
export async function saveAccess(
  db: Database,
  userId: string,
  { login, rights, teams }: Access,
  now: Date,
): Promise<void> {
  const ids = rights.map(({ id }) => id)
  const written = rights.filter(({ writes }) => writes).map(({ id }) => id)
  await inTransaction(db, async tx => {
    await tx.$executeRaw`delete from "RepositoryAccess" where "userId" = ${userId} and not ("repositoryId" = any(${ids}))`
    await tx.$executeRaw`insert into "RepositoryAccess" ("userId", "repositoryId", "writes")
      select ${userId}, id, id = any(${written}) from unnest(${ids}::bigint[]) id
      on conflict ("userId", "repositoryId") do update set "writes" = excluded."writes"`
    await tx.user.update({
      where: { id: userId },
      data: { accessAt: now, accessTrouble: null, login, teams: [...teams] },
    })
  })
}

/** Whether GitHub lets the person write to the repository, as it said last. */
export async function writesTo(
  db: Session,
  userId: string,
  repository: { orgId: number; name: string },
): Promise<boolean> {
  const found = await db.repositoryAccess.findFirst({
    where: { userId, writes: true, repository: { ...repository, goneAt: null } },
    select: { userId: true },
  })
  return found !== null
}

/** GitHub could not be asked: what it said last stays until `forgetBefore`, then the person sees only what is public. */
export async function failAccess(
  db: Database,
  userId: string,
  { reason, forgetBefore }: { reason: string; forgetBefore: Date },
): Promise<void> {
  await inTransaction(db, async tx => {
    const { accessAt } = await tx.user.update({
      where: { id: userId },
      data: { accessTrouble: storable(reason) },
      select: { accessAt: true },
    })
    if (accessAt === null || accessAt < forgetBefore) await tx.repositoryAccess.deleteMany({ where: { userId } })
  })
}

const CLAIM = 'first-owner'

/** Keeps the hash of the first owner's link, instead of the one before. False, and none is kept, where there is an owner. */
export async function openClaim(
  tx: Session,
  claim: { id: string; hash: string; expiresAt: Date; now: Date },
): Promise<boolean> {
  await tx.verification.deleteMany({ where: { identifier: CLAIM } })
  if (await hasOwner(tx)) return false
  const { id, hash: value, expiresAt, now: createdAt } = claim
  await tx.verification.create({ data: { id, identifier: CLAIM, value, expiresAt, createdAt } })
  return true
}

/** Takes the link away and makes the person the owner; false where it is not the link in force, or there is an owner. */
export async function claimOnce(
  tx: Session,
  { hash, userId, now }: { hash: string; userId: string; now: Date },
): Promise<boolean> {
  const { count } = await tx.verification.deleteMany({
    where: { identifier: CLAIM, value: hash, expiresAt: { gt: now } },
  })
  if (count === 0 || (await hasOwner(tx))) return false
  await tx.user.update({ where: { id: userId }, data: { role: 'owner' } })
  return true
}

type Sealed = { id: string; accessToken: string | null; refreshToken: string | null }

/** Every account that holds an encrypted token. */
export async function sealedTokens(db: Session): Promise<Sealed[]> {
  return db.account.findMany({
    where: { OR: [{ accessToken: { not: null } }, { refreshToken: { not: null } }] },
    select: { id: true, accessToken: true, refreshToken: true },
  })
}

export async function replaceTokens(
  db: Session,
  accountId: string,
  tokens: Partial<Omit<Sealed, 'id'>>,
): Promise<void> {
  await db.account.update({ where: { id: accountId }, data: tokens })
}
