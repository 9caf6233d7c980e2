import { listWaivers } from '#lib/store/pages/api.ts'
import { endpoint } from '../answering.ts'

export const GET = endpoint('waivers', (db, scope, { query }) => listWaivers(db, scope, query, new Date()))
