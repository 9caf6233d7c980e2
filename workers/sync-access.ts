/** Mirrors GitHub's rights: what a person sees here is what GitHub shows to that person, asked with their own token. */
import { openToken, sealToken } from '#lib/auth/sealing.ts'
import { AppError } from '#lib/errors.ts'
import { connect, type GitHub } from '#lib/github/client.ts'
import { isMember, readPerson, repositoryRights, teamsOf } from '#lib/github/people.ts'
import { GitHubTrouble } from '#lib/github/trouble.ts'
import { refreshUserTokens } from '#lib/github/user-tokens.ts'
import type { Logger } from '#lib/log.ts'
import { appendAudit } from '#lib/store/audit.ts'
import { type Database, inTransaction } from '#lib/store/database.ts'
import {
  endSessions,
  failAccess,
  findPerson,
  type PersonTokens,
  saveAccess,
  saveTokens,
  staleAccess,
  tokensOf,
} from '#lib/store/people.ts'

export type AccessSync = {
  db: Database
  apiUrl: string
  /** The organisations that are crawled there. */
  orgs(): Promise<readonly string[]>
  secrets: readonly [string, ...string[]]
  /** The client by which people signed in, which alone gets them new tokens. */
  client: { clientId: string; clientSecret: string }
  now(): Date
  log: Logger
}

const HOUR_MS = 3_600_000
/** What GitHub said is asked anew after an hour, and is forgotten after a day in which it could not be asked. */
const FORGOTTEN_MS = 24 * HOUR_MS
const AT_ONCE = 20
/** A token is renewed so long before its end that it lasts through what it is asked for. */
const EARLY_MS = 5 * 60_000
const LOOK_MS = 3_000

/** Asks for everybody whose answer is older than an hour, longest ago first. Returns how many were asked for. */
export async function syncAccess(sync: AccessSync): Promise<number> {
  const stale = await staleAccess(sync.db, new Date(sync.now().getTime() - HOUR_MS), AT_ONCE)
  for (const { id } of stale) await syncOne(sync, id)
  return stale.length
}

async function syncOne(sync: AccessSync, id: string): Promise<void> {
  const { db, apiUrl, orgs, now, log } = sync
  const tokens = await tokensOf(db, id)
  if (tokens === null) return
  try {
    const github = connect({ apiUrl, token: await currentToken(sync, id, tokens) })
    const memberships = await membershipsOf(github, await orgs())
    if (memberships.length === 0) return await leave(db, id, now())
    const { login } = await readPerson(github)
    const rights = await Promise.all(memberships.map(org => repositoryRights(github, org)))
    const teams = await Promise.all(
      memberships.map(async org => (await teamsOf(github, org, login)).map(slug => `${org}/${slug}`)),
    )
    await saveAccess(db, id, { login, rights: rights.flat(), teams: teams.flat() }, now())
  } catch (error) {
    if (!(error instanceof AppError || error instanceof GitHubTrouble)) throw error
    log.warn({ person: id, reason: error.message }, 'GitHub could not be asked what a person may see.')
    const forgetBefore = new Date(now().getTime() - FORGOTTEN_MS)
    await failAccess(db, id, { reason: error.message, forgetBefore })
  }
}

/** The person's token; a new one where it ends soon. A refresh token is good once: whichever worker comes first has it. */
async function currentToken(sync: AccessSync, id: string, tokens: PersonTokens): Promise<string> {
  const { db, apiUrl, client, secrets, now } = sync
  const open = (sealed: string) => openToken(sealed, { secrets })
  const { accountId, accessToken, refreshToken, expiresAt } = tokens
  const ends = expiresAt !== null && expiresAt.getTime() < now().getTime() + EARLY_MS
  if (!ends || refreshToken === null) return open(accessToken)
  try {
    const fresh = await refreshUserTokens({ apiUrl, ...client, refreshToken: await open(refreshToken), now: now() })
    const seal = (token: string) => sealToken(token, { secrets })
    const sealed = { accessToken: await seal(fresh.accessToken), refreshToken: await seal(fresh.refreshToken) }
    await saveTokens(db, { accountId, ...sealed, expiresAt: fresh.expiresAt, refreshExpiresAt: fresh.refreshExpiresAt })
    return fresh.accessToken
  } catch (error) {
    const after = await tokensOf(db, id)
    if (after === null || after.accessToken === accessToken) throw error
    return open(after.accessToken)
  }
}

async function membershipsOf(github: GitHub, orgs: readonly string[]): Promise<string[]> {
  const are = await Promise.all(orgs.map(async org => ({ org, member: await isMember(github, org) })))
  return are.filter(({ member }) => member).map(({ org }) => org)
}

/** Who left the organisation is out at once: sessions, keys and rights end, and the log says so. */
async function leave(db: Database, id: string, now: Date): Promise<void> {
  const person = await findPerson(db, id)
  await saveAccess(db, id, { login: person?.login ?? null, rights: [], teams: [] }, now)
  await inTransaction(db, async tx => {
    await endSessions(tx, id, now)
    await appendAudit(tx, {
      at: now,
      actor: 'system',
      name: 'Plumbline',
      action: 'member.left',
      resource: `member:${id}`,
      address: null,
      details: { member: person?.name ?? '' },
    })
  })
}

/** Looks every few seconds, so that somebody who signs in for the first time soon sees what is theirs. Returns what ends it. */
export function keepAccess(sync: AccessSync): () => void {
  let ended = false
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    timer = setTimeout(async () => {
      await syncAccess(sync).catch((error: unknown) => sync.log.error({ error }, 'Rights could not be mirrored.'))
      if (!ended) look()
    }, LOOK_MS)
  }
  look()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
