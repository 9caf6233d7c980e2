import type { Database } from './database.ts'

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

/** The organisation crawled last, which pages show; null before there is any. */
export async function newestOrg(db: Database): Promise<number | null> {
  const [newest] = await db.$queryRaw<{ id: number }[]>`
    select o.id from "Org" o left join "CrawlRun" run on run."orgId" = o.id
    order by run.id desc nulls last, o.id desc limit 1`
  return newest?.id ?? null
}
