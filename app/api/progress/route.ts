import { z } from 'zod'
import { progress } from '#lib/api/crawls.ts'
import { handle } from '#lib/http/handle.ts'
import { readProgress } from '#lib/store/pages/crawls.ts'
import { read } from '../../reading.ts'

export const GET = handle({ query: z.object({}), answer: progress, run: () => read(readProgress) })
