import { AppError } from '#lib/errors.ts'

const UNREACHABLE = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']
const REFUSED = ['28P01', '28000', '3D000', '42501']
const DISK_FULL = ['53100', 'ENOSPC']
// What pg says without a code when a server does not answer, or goes.
const SILENT = /timeout exceeded when trying to connect|Connection terminated|timeout expired/
/**
 * The refusal that an error of the database stands for, or null where it is a bug. Looks through what Prisma and its
 * adapters wrap around it. Neither sentence holds the password.
 */
export function refusalOf(error: unknown, databaseUrl: string): AppError | null {
  if (error instanceof AppError) return error
  const where = placeOf(databaseUrl)
  for (const { code, message } of causes(error)) {
    if (DISK_FULL.includes(code)) {
      const hint = 'Make room there, then start again: everything committed is kept.'
      return new AppError('disk-full', `The disk of the database ${where} is full.`, hint, { cause: error })
    }
    if (REFUSED.includes(code)) {
      const hint = 'Check user, password and database name in DATABASE_URL, and that this user may create tables.'
      return new AppError('database-refused', `The database ${where} refused: ${message}.`, hint, { cause: error })
    }
    if (UNREACHABLE.includes(code) || code === 'DatabaseNotReachable' || SILENT.test(message)) {
      const hint =
        'Check host and port in DATABASE_URL and that the server runs, or leave it out to use the embedded database.'
      return new AppError('database-unreachable', `The database ${where} does not answer.`, hint, { cause: error })
    }
  }
  return null
}

/** The database as sentences name it: host and name, never user or password. */
export function placeOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl)
  return url === null ? '' : `at ${url.host || url.searchParams.get('host')}${url.pathname}`
}

// Prisma puts the driver's error into `cause` or `meta.driverAdapterError`; Node puts one per address into `errors`.
function* causes(error: unknown, depth = 0): Generator<{ code: string; message: string }> {
  if (typeof error !== 'object' || error === null || depth > 5) return
  const it = error as Record<string, unknown>
  const message = String(it.originalMessage ?? it.message ?? '')
  for (const code of [it.originalCode, it.code, it.kind]) if (typeof code === 'string') yield { code, message }
  yield { code: '', message }
  yield* causes(it.cause, depth + 1)
  yield* causes((it.meta as Record<string, unknown> | undefined)?.driverAdapterError, depth + 1)
  if (Array.isArray(it.errors)) for (const one of it.errors) yield* causes(one, depth + 1)
}
