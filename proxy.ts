import { type NextRequest, NextResponse } from 'next/server'
import { readEnv } from '#lib/env.ts'

/** Names by which this machine calls itself. Without sign-in nobody else is served, whatever name leads here. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]']
const { url, signIn } = readEnv()
const NAMES = new Set([...OWN_NAMES, ...(signIn === null ? [] : [new URL(url).hostname])])

/** Before every page: refuses foreign host names (DNS rebinding) and gives the page its Content-Security-Policy. */
export function proxy(request: NextRequest): NextResponse {
  const host = (request.headers.get('host') ?? '').replace(/:\d+$/, '')
  if (!NAMES.has(host)) return refusal()
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64')
  const policy = contentSecurityPolicy(nonce)
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  // Where a page that needs somebody sends them back to after signing in.
  headers.set('x-path', request.nextUrl.pathname + request.nextUrl.search)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
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
