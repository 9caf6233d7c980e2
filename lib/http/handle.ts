import type { z } from 'zod'
import { AppError, type ErrorCode } from '../errors.ts'
import { timed } from './metrics.ts'
import { TooMany } from './rate-limit.ts'

const STATUS: Partial<Record<ErrorCode, number>> = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'rate-limited': 429,
  'database-unreachable': 503,
}

type Params = Readonly<Record<string, string>>
type Context = { params: Promise<Params> }

type Door<Query extends z.ZodType, Asker> = {
  /** Who asks, as far as they may: throws AppError `unauthenticated` or `forbidden`. */
  enter(request: Request): Promise<Asker>
  query: Query
}

/**
 * The one way to answer the browser's calls: enter → parse → run → answer. An expected refusal becomes its status and a
 * problem as RFC 9457 has it; anything else is a bug and is thrown on to the server's log.
 */
export function handle<Query extends z.ZodType, Answer extends z.ZodType, Asker>(
  route: Door<Query, Asker> & {
    answer: Answer
    run(query: z.infer<Query>, asker: Asker, params: Params): Promise<z.input<Answer>>
  },
) {
  return handleFile({
    enter: route.enter,
    query: route.query,
    async run(query, asker, params) {
      const answer = route.answer.parse(await route.run(query, asker, params))
      return Response.json(answer, { headers: NOT_KEPT })
    },
  })
}

/** As `handle`, for answers that are no JSON object of a known shape: a file, a stream. */
export function handleFile<Query extends z.ZodType, Asker>(
  route: Door<Query, Asker> & { run(query: z.infer<Query>, asker: Asker, params: Params): Promise<Response> },
) {
  return (request: Request, { params }: Context): Promise<Response> =>
    timed(new URL(request.url).pathname, () => answer(request, params))

  async function answer(request: Request, params: Promise<Params>): Promise<Response> {
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
      return await route.run(parsed.data, asker, decoded(await params))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return problemOf(error)
    }
  }
}

function problemOf(error: AppError): Response {
  const { code, message: title, hint: detail } = error
  const status = STATUS[code] ?? 500
  const headers = {
    ...NOT_KEPT,
    'content-type': 'application/problem+json',
    ...(code === 'rate-limited' ? { 'retry-after': String(error instanceof TooMany ? error.seconds : 60) } : {}),
    ...(code === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
  }
  return new Response(JSON.stringify({ type: 'about:blank', title, status, detail, code }), { status, headers })
}

/** The parts of the path as they were meant: the router hands them over as they stand in the address. */
function decoded(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([key, value]) => {
      try {
        return [key, decodeURIComponent(value)]
      } catch {
        throw new AppError('invalid-input', 'The address has a % that stands for nothing.')
      }
    }),
  )
}

const NOT_KEPT = { 'cache-control': 'no-store' }

/** The headers of a file that the browser saves under that name; what a header cannot hold of it is left out. */
export function attachment(name: string, type: string): Record<string, string> {
  const plain = name.replace(/[^\w.-]+/g, '-')
  return {
    ...NOT_KEPT,
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${plain}"`,
  }
}
