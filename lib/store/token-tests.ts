/** Tests of the token: asked for on a page or by a start, made by a worker, remembered with the organisation. */
import type { TestedToken } from '../crawl/source.ts'
import type { Database } from './database.ts'
import { storableJson } from './text.ts'

/** `askedAt`: null where nobody waits for one. */
export async function testState(db: Database, orgId: number): Promise<{ askedAt: Date | null; testedAt: Date | null }> {
  const org = await db.org.findUnique({ where: { id: orgId }, select: { testAskedAt: true, testedAt: true } })
  return { askedAt: org?.testAskedAt ?? null, testedAt: org?.testedAt ?? null }
}

/** Asks for a test of each organisation's token. */
export async function askForTests(db: Database, now: Date): Promise<void> {
  await db.org.updateMany({ data: { testAskedAt: now } })
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
