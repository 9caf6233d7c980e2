import type { NextConfig } from 'next'

/** On every answer; the Content-Security-Policy has a nonce per request and so stands in `proxy.ts`. */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
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
  // Code for the server alone gains nothing from being made small, and `npm start` waits for it.
  experimental: { authInterrupts: true, isrFlushToDisk: false, serverMinification: false },
  // `tsc` runs in the tests, over the whole project; the build that `npm start` waits for need not run it again.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: import.meta.dirname },
  // Loaded as they are installed: bundling them took a third of the build that the first start waits for.
  serverExternalPackages: [
    '@actions/expressions',
    '@octokit/auth-app',
    '@octokit/rest',
    '@prisma/adapter-pg',
    '@prisma/client',
    '@socketregistry/packageurl-js',
    'better-auth',
    'diff',
    'dockerfile-ast',
    'pg',
    'pg-boss',
    'pino',
    'tree-sitter-bash',
    'web-tree-sitter',
    'yaml',
  ],
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
}

export default config
