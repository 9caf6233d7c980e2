import { z } from 'zod'
import { progress } from '#lib/api/crawls.ts'
import { handle } from '#lib/http/handle.ts'
import { readProgress } from '#lib/store/pages/crawls.ts'
import { enter } from '../../door.ts'

export const GET = handle({
  enter: request => enter(request, 'read'),
  query: z.object({}),
  answer: progress,
  run: (_, { db, viewer }) => readProgress(db, viewer.sees),
})
