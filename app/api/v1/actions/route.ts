import { listActions } from '#lib/store/pages/api.ts'
import { endpoint } from '../answering.ts'

export const GET = endpoint('actions', (db, scope, { query }) => listActions(db, scope, query))
