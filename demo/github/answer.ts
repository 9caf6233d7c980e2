/** What came in, once its body is complete. */
export type Call = {
  method: string
  /** Below `/api/v3`, decoded segment by segment where a route matches. */
  path: string
  query: URLSearchParams
  headers: Readonly<Record<string, string | undefined>>
  body: Buffer
  /** Without the scheme; null for an anonymous request. */
  token: string | null
  params: Readonly<Record<string, string>>
}

export type Answer = { status: number; headers: Record<string, string>; body: Buffer }

const EMPTY = Buffer.alloc(0)

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  const body = Buffer.from(JSON.stringify(value))
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body }
}

export function noContent(): Answer {
  return { status: 204, headers: {}, body: EMPTY }
}

/** An error in GitHub's words. */
export function refused(status: number, message: string, headers: Record<string, string> = {}): Answer {
  const documentation_url = 'https://docs.github.com/rest'
  return json(status, { message, documentation_url, status: String(status) }, headers)
}

export const notFound = () => refused(404, 'Not Found')

export const notPermitted = (needs: string) =>
  refused(403, 'Resource not accessible by personal access token', { 'x-accepted-github-permissions': needs })

/** A segment of a path as it was meant; one that is wrongly encoded names nothing, and is left as it came. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
