import { listRepositories } from '#lib/store/pages/api.ts'
import { endpoint } from '../answering.ts'

export const GET = endpoint('repositories', (db, scope, { query }) => listRepositories(db, scope, query))
