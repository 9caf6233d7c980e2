/** Tests of the token: asked for on a page or by a start, made by a worker, remembered with the organisation. */
import type { TestedToken } from '../crawl/source.ts'
import type { Database, Session } from './database.ts'
import { storableJson } from './text.ts'

/** `askedAt`: null where nobody waits for one. */
export async function testState(db: Database, orgId: number): Promise<{ askedAt: Date | null; testedAt: Date | null }> {
  const org = await db.org.findUnique({ where: { id: orgId }, select: { testAskedAt: true, testedAt: true } })
  return { askedAt: org?.testAskedAt ?? null, testedAt: org?.testedAt ?? null }
}

/** Asks for a test of each organisation's token; answers the organisations of which none was waited for. */
export async function openTests(tx: Session, now: Date): Promise<string[]> {
  const opened = await tx.org.findMany({
    where: { testAskedAt: null },
    select: { login: true },
    orderBy: { id: 'asc' },
  })
  await tx.org.updateMany({ data: { testAskedAt: now } })
  return opened.map(({ login }) => login)
}

/** Asks for a test where it is not this account that the organisation was crawled as. To be asked before that is marked. */
export async function testWhereNew(
  db: Database,
  { orgId, account, now }: { orgId: number; account: string; now: Date },
): Promise<void> {
  await db.org.updateMany({
    where: { id: orgId, OR: [{ account: null }, { account: { not: account } }, { testedAt: null }] },
    data: { testAskedAt: now },
  })
}

/** What was asked for until the test began is answered by it. */
export async function saveTest(
  db: Database,
  orgId: number,
  { tested, begun, now }: { tested: TestedToken; begun: Date; now: Date },
): Promise<void> {
  await db.org.update({ where: { id: orgId }, data: { tested: storableJson(tested), testedAt: now } })
  await db.org.updateMany({ where: { id: orgId, testAskedAt: { lte: begun } }, data: { testAskedAt: null } })
}
