import type { Judged } from '../../api/badges.ts'
import type { Database } from '../database.ts'
import { orgShown } from '../orgs.ts'
import { storable } from '../text.ts'
import { visible } from '../visible.ts'

/** A public repository as everybody may see it; null for every other, also where it exists. Two queries. */
export async function readJudged(db: Database, name: string, org: string | null): Promise<Judged | null> {
  const sees = { all: false as const, userId: '' }
  const orgId = await orgShown(db, { sees, asked: org })
  if (orgId === null) return null
  const nobody = { orgId, sees }
  const [found] = await db.$queryRaw<Judged[]>`
    select r.name, s.grade, s.score, p."headOid" as commit, s."scannedAt" from "Repository" r
    left join "Scan" s on s.id = r."latestScanId" left join "Snapshot" p on p.id = s."snapshotId"
    where ${visible(nobody)} and r.visibility = 'public' and r.name = ${storable(name)}`
  return found ?? null
}
