import { listFindings } from '#lib/store/pages/api.ts'
import { endpoint } from '../answering.ts'

export const GET = endpoint('findings', (db, scope, { query }) => listFindings(db, scope, query))
