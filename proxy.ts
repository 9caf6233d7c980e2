import { type NextRequest, NextResponse } from 'next/server'
import { readEnv } from '#lib/env.ts'

/** Names by which this machine calls itself. Without sign-in nobody else is served, whatever name leads here. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]']
const { url, signIn } = readEnv()
const NAMES = new Set([...OWN_NAMES, ...(signIn === null ? [] : [new URL(url).hostname])])

/** The organisation that was looked at last, for addresses that name none. */
const ORG_COOKIE = 'plumbline-org'
const YEAR_S = 365 * 24 * 3600
const LOGIN = /^[\w-]{1,100}$/

/**
 * Before every page: refuses foreign host names (DNS rebinding), finds which organisation is meant, and gives the page its
 * Content-Security-Policy.
 */
export function proxy(request: NextRequest): NextResponse {
  const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '')
  if (!NAMES.has(host)) return refusal()
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64')
  const policy = contentSecurityPolicy(nonce)
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  // Where a page that needs somebody sends them back to after signing in.
  headers.set('x-path', request.nextUrl.pathname + request.nextUrl.search)
  const org = orgOf(request)
  headers.delete('x-org')
  if (org !== null) headers.set('x-org', org)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  // Only what a person opened is remembered: what a page asks for by itself may come from another tab.
  if (org !== null && request.headers.get('sec-fetch-dest') === 'document')
    response.cookies.set(ORG_COOKIE, org, {
      httpOnly: true,
      sameSite: 'lax',
      secure: url.startsWith('https:'),
      maxAge: YEAR_S,
    })
  return response
}

/** As the address says, or the page from which it was asked, or what was looked at last; null where none tells. */
function orgOf(request: NextRequest): string | null {
  const from = URL.parse(request.headers.get('referer') ?? '')
  const named = [
    request.nextUrl.searchParams.get('org'),
    from?.host === request.headers.get('host') ? from?.searchParams.get('org') : null,
    request.cookies.get(ORG_COOKIE)?.value,
  ]
  return named.find(login => login != null && LOGIN.test(login)) ?? null
}

function refusal(): NextResponse {
  const body = `Plumbline answers only under ${[...NAMES].join(', ')}. Open it by one of those names.\n`
  return new NextResponse(body, { status: 421, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

function contentSecurityPolicy(nonce: string): string {
  // React's development build evaluates text to show server stacks in the browser, and its overlay has styles of its own;
  // production needs no such right.
  const development = process.env.NODE_ENV === 'development'
  const evaluate = development ? " 'unsafe-eval'" : ''
  const styles = development ? "'unsafe-inline'" : `'nonce-${nonce}'`
  const attributes = development
    ? "'unsafe-inline'"
    : "'unsafe-hashes' 'sha256-aqNNdDLnnrDOnTNdkJpYlAxKVJtLt9CtFLklmInuUAE='"
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluate}`,
    `style-src 'self' ${styles}`,
    // Bars and charts are drawn by attributes of SVG. Of style attributes only `display:none` is let in, by its hash: React
    // sends parts of an SVG so while it streams a page.
    `style-src-attr ${attributes}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

// A webhook is no page: its signature says who sends it, and it comes in one piece, larger than the proxy holds.
export const config = { matcher: '/((?!_next/static|api/webhooks/).*)' }
