import { Prisma } from '#prisma/generated/client.ts'
import type { Sees } from '../api/frame.ts'
import type { Database } from './database.ts'
import { shownTo } from './visible.ts'

/** `apiUrl` and `login` together are its identity; `webUrl` is where links to lines go, without a final slash. */
export type Org = {
  id: number
  login: string
  apiUrl: string
  webUrl: string
  demo: boolean
  /** The last complete listing, and how far the poll by push date got; null before the first. */
  sweptAt: Date | null
  pushedUntil: Date | null
  /** The last look at settings and teams; null before the first. */
  settingsAt: Date | null
}

const SHOWN = {
  id: true,
  login: true,
  apiUrl: true,
  webUrl: true,
  demo: true,
  sweptAt: true,
  pushedUntil: true,
  settingsAt: true,
}

/** Adds the organisation, or takes over what may have changed of it. */
export async function saveOrg(
  db: Database,
  org: { login: string; apiUrl: string; webUrl: string; demo: boolean },
): Promise<Org> {
  const { login, apiUrl, webUrl, demo } = org
  return db.org.upsert({
    where: { apiUrl_login: { apiUrl, login } },
    create: { login, apiUrl, webUrl, demo },
    update: { webUrl, demo },
    select: SHOWN,
  })
}

export async function findOrg(db: Database, id: number): Promise<Org | null> {
  return db.org.findUnique({ where: { id }, select: SHOWN })
}

export async function listOrgs(db: Database): Promise<Org[]> {
  return db.org.findMany({ select: SHOWN, orderBy: { id: 'asc' } })
}

/** Remembers how far the listing got, so that the next poll asks only for what came after. */
export async function markListed(
  db: Database,
  orgId: number,
  marks: { sweptAt?: Date; pushedUntil?: Date | null; settingsAt?: Date; listenedAt?: Date },
): Promise<void> {
  await db.org.update({ where: { id: orgId }, data: marks })
}

/** Whether pushes are to be listened for now; of all workers that ask one is told so, and not again within that time. */
export async function isTurnToListen(
  db: Database,
  orgId: number,
  { now, every }: { now: Date; every: number },
): Promise<boolean> {
  const before = new Date(+now - every)
  const { count } = await db.org.updateMany({
    where: { id: orgId, OR: [{ listenedAt: null }, { listenedAt: { lt: before } }] },
    data: { listenedAt: now },
  })
  return count === 1
}

/** Remembers whose budget the organisation is crawled on. */
export async function markAccount(db: Database, orgId: number, account: string): Promise<void> {
  await db.org.update({ where: { id: orgId }, data: { account } })
}

/** An organisation that pages can show. */
export type ShownOrg = { id: number; login: string; webUrl: string; demo: boolean }

/**
 * The organisations that the asker sees a repository of; those that are crawled before those that no longer are, the demo
 * last. Who sees none is told of the first alone. Empty before there is any.
 */
export async function orgsSeen(db: Database, sees: Sees): Promise<ShownOrg[]> {
  const seen = sees.all
    ? Prisma.sql`true`
    : Prisma.sql`(select count(*) from "Org") = 1 or exists (
        select 1 from "Repository" r where r."orgId" = o.id and r."goneAt" is null and ${shownTo(sees.userId)})`
  const rows = await db.$queryRaw<(ShownOrg & { seen: boolean })[]>`
    select o.id, o.login, o."webUrl", o.demo, (${seen}) as seen from "Org" o
    left join lateral (select run."startedAt" as at from "CrawlRun" run where run."orgId" = o.id
      order by run."startedAt" desc limit 1) newest on true
    order by newest.at >= max(newest.at) over () - interval '1 day' desc nulls last, o.demo, lower(o.login), o.id`
  const own = rows.filter(row => row.seen)
  return (own.length === 0 ? rows.slice(0, 1) : own).map(({ seen: _, ...org }) => org)
}

/** The one that is asked for by its login, where the asker sees it, else the first; null before there is any. */
export async function orgShown(
  db: Database,
  { sees, asked }: { sees: Sees; asked: string | null },
): Promise<number | null> {
  return chosen(await orgsSeen(db, sees), asked)?.id ?? null
}

/** As `orgShown`, of those at hand. */
export function chosen<Shown extends ShownOrg>(orgs: readonly Shown[], asked: string | null): Shown | null {
  return orgs.find(({ login }) => login.toLowerCase() === asked?.toLowerCase()) ?? orgs[0] ?? null
}
