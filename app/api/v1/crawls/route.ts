import { readCrawls } from '#lib/store/pages/crawls.ts'
import { endpoint } from '../answering.ts'

export const GET = endpoint('crawls', (db, scope) => readCrawls(db, scope))
