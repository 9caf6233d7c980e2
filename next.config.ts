import type { NextConfig } from 'next'

/** On every answer; the Content-Security-Policy has a nonce per request and so stands in `proxy.ts`. */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), browsing-topics=()' },
]

const config: NextConfig = {
  poweredByHeader: false,
  agentRules: false,
  devIndicators: false,
  reactStrictMode: true,
  // `forbidden()`: a page without the right answers 403, with words.
  // Nothing is written beside the build while it is served: the files that run are those that were verified.
  experimental: { authInterrupts: true, isrFlushToDisk: false },
  // `tsc` runs in the tests, over the whole project; the build that `npm start` waits for need not run it again.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: import.meta.dirname },
  serverExternalPackages: ['pg', 'pino', '@prisma/client', '@prisma/adapter-pg', 'web-tree-sitter', 'tree-sitter-bash'],
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
}

export default config
