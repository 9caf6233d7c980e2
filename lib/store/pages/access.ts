import { type Granted, type OrgAccess, testedToken } from '../../api/access.ts'
import type { Sees } from '../../api/frame.ts'
import type { Database } from '../database.ts'

/** Every organisation with what is known of the token there. How many repositories it sees is for those who see them all. */
export async function readAccess(db: Database, sees: Sees): Promise<OrgAccess[]> {
  const orgs = await db.org.findMany({
    select: {
      id: true,
      login: true,
      webUrl: true,
      tested: true,
      testedAt: true,
      testAskedAt: true,
      capabilities: { select: { name: true, state: true, reason: true, checkedAt: true } },
    },
    orderBy: { login: 'asc' },
  })
  return orgs.map(({ capabilities, testAskedAt, tested, ...org }) => {
    const told = testedToken.nullable().parse(tested)
    return {
      ...org,
      tested: told && { ...told, repositories: sees.all ? told.repositories : null },
      testing: testAskedAt !== null,
      granted: new Map(
        capabilities.map(({ name, state, ...how }) => [name, { ...how, state: state as Granted['state'] }]),
      ),
    }
  })
}
