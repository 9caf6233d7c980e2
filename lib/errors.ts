/** Every refusal that is expected; HTTP and the command line each map the list once. A bug is no AppError: it throws. */
const ERROR_CODES = [
  'invalid-configuration', // an environment variable or option cannot be used
  'invalid-input', // a request, a file name or an argument cannot be used
  'not-found',
  'unauthenticated', // nobody is signed in, or the key is wrong, expired or revoked
  'forbidden',
  'conflict',
  'nothing-readable', // a scan found no file that it could read
  'org-not-found',
  'token-rejected', // wrong, expired or revoked
  'token-forbidden', // valid, without the rights
  'token-needs-sso', // valid, not authorised for the organisation; the hint holds the link
  'github-unreachable', // no network, no such host, TLS
  'not-github', // something answers, and it is not GitHub's API
  'rate-limited',
  'port-taken',
  'data-directory-held', // another process has the embedded database open
  'data-directory-unwritable',
  'disk-full',
  'database-unreachable',
  'database-refused', // wrong password, no such database, no rights
  'database-too-old', // the server's PostgreSQL
  'database-behind', // not migrated to this version yet, by whoever does that
  'database-newer', // migrated by a newer Plumbline
  'integrity-violated', // a file that is served or run is not the build's
  'runtime-too-old', // the machine's Node
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/**
 * An expected refusal. `message` is a sentence that says what is wrong, `hint` one that says what to do. Neither ever
 * holds a token, a password or a connection string.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string

  constructor(code: ErrorCode, message: string, hint = '', options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
    this.hint = hint
  }
}

/** The one line (or two) that a person sees on the terminal for an expected refusal. */
export function sentenceOf(error: AppError): string {
  return error.hint === '' ? error.message : `${error.message}\n${error.hint}`
}
