import { listPackageUses } from '#lib/store/pages/api.ts'
import { endpoint } from '../../answering.ts'

export const GET = endpoint('packageUses', (db, scope, { query }) => listPackageUses(db, scope, query))
