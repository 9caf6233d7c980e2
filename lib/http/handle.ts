import type { z } from 'zod'
import { AppError, type ErrorCode } from '../errors.ts'

const STATUS: Partial<Record<ErrorCode, number>> = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'rate-limited': 429,
  'database-unreachable': 503,
}

type Route<Query extends z.ZodType, Answer extends z.ZodType, Asker> = {
  /** Who asks, as far as they may: throws AppError `unauthenticated` or `forbidden`. */
  enter(request: Request): Promise<Asker>
  query: Query
  answer: Answer
  run(query: z.infer<Query>, asker: Asker): Promise<z.input<Answer>>
}

/**
 * The one way to answer the browser's calls: enter → parse → run → answer. An expected refusal becomes its status with
 * `{ code, message, hint }`; anything else is a bug and is thrown on to the server's log.
 */
export function handle<Query extends z.ZodType, Answer extends z.ZodType, Asker>(route: Route<Query, Answer, Asker>) {
  return async (request: Request): Promise<Response> => {
    try {
      const asker = await route.enter(request)
      const parsed = route.query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
      if (!parsed.success) {
        const [issue] = parsed.error.issues
        throw new AppError(
          'invalid-input',
          `${issue?.path.join('.') || 'The request'}: ${issue?.message ?? 'not valid'}.`,
        )
      }
      const answer = route.answer.parse(await route.run(parsed.data, asker))
      return Response.json(answer, { headers: { 'cache-control': 'no-store' } })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const { code, message, hint } = error
      return Response.json(
        { code, message, hint },
        { status: STATUS[code] ?? 500, headers: { 'cache-control': 'no-store' } },
      )
    }
  }
}
