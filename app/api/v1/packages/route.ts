import { listPackages } from '#lib/store/pages/api.ts'
import { endpoint } from '../answering.ts'

export const GET = endpoint('packages', (db, scope, { query }) => listPackages(db, scope, query))
