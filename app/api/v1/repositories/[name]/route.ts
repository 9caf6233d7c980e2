import { findRepository } from '#lib/store/pages/api.ts'
import { endpoint } from '../../answering.ts'

export const GET = endpoint('repository', (db, scope, { params }) => findRepository(db, scope, params.name ?? ''))
