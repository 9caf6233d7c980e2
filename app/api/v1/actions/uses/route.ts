import { listActionUses } from '#lib/store/pages/api.ts'
import { endpoint } from '../../answering.ts'

export const GET = endpoint('actionUses', (db, scope, { query }) => listActionUses(db, scope, query))
