import { go } from '../ecosystem/go.ts'
import { gradle } from '../ecosystem/jvm.ts'
import { npm } from '../ecosystem/npm.ts'
import { pnpm } from '../ecosystem/pnpm.ts'
import { ruby } from '../ecosystem/ruby.ts'
import { yarn } from '../ecosystem/yarn.ts'
import type { RepositoryDescription } from '../repository.ts'

/** What customers see. */
export const GROWTH: readonly RepositoryDescription[] = [
  {
    name: 'web-checkout',
    about: 'The checkout that every shop embeds.',
    team: 'growth',
    language: 'TypeScript',
    topics: ['frontend', 'tier-1'],
    deploys: 'static',
    parts: [pnpm({ name: 'web-checkout', uses: ['react 19.1.1', 'vite 7.1.6', 'zod 4.1.8'], image: true })],
    story: {
      1: 'dependabot',
      5: 'frozenInstall',
      9: 'pinActions',
      15: 'readToken',
      20: 'auditWeekly',
      25: 'unpinActions',
      29: 'scriptsOff',
      33: 'pinActions',
      38: 'dependabotAll',
      44: 'oidc',
    },
  },
  {
    name: 'web-storefront',
    about: 'Shop pages, rendered on the server.',
    team: 'growth',
    language: 'TypeScript',
    topics: ['frontend', 'tier-1'],
    deploys: 'kubernetes',
    parts: [
      yarn({ name: 'web-storefront', line: 'berry', uses: ['next 15.5.3', 'react 19.1.1', 'swr 2.3.6'], image: true }),
    ],
    story: {
      3: 'frozenInstall',
      8: 'renovate',
      16: 'pinActions',
      24: 'loseHashes',
      31: 'mendLock',
      37: 'scriptsOff',
      45: 'groupUpdates',
      51: 'loseHashes',
    },
  },
  {
    name: 'design-system',
    about: 'Components, colours and words of all our pages.',
    team: 'growth',
    language: 'TypeScript',
    topics: ['library', 'frontend'],
    visibility: 'public',
    publishes: 'npm',
    releases: { first: '8.0.0', weeks: [-8, 1, 9, 17, 25, 34, 42, 50] },
    parts: [
      yarn({
        name: '@northwind/design-system',
        line: 'classic',
        uses: ['react-aria 3.43.1', 'clsx 2.1.1'],
        library: true,
      }),
    ],
    story: {
      6: 'dependabot',
      12: 'frozenInstall',
      20: 'pinThirdParty',
      27: 'scriptsOff',
      33: 'signReleases',
      40: 'scriptsOn',
      48: 'dependabotAll',
      51: 'pinActions',
    },
  },
  {
    name: 'marketing-site',
    about: 'The public site.',
    team: 'growth',
    language: 'JavaScript',
    topics: ['website'],
    visibility: 'public',
    deploys: 'static',
    parts: [npm({ name: 'marketing-site', uses: ['astro 5.13.9', 'sharp 0.34.4'] })],
    start: { lock: 'none', triage: 'unsafe' },
    story: { 11: 'lock', 19: 'safeTriage', 28: 'dependabot', 36: 'writeAll', 43: 'readToken', 50: 'pinActions' },
  },
  {
    name: 'experiment-flags',
    about: 'Feature flags and experiments.',
    team: 'growth',
    language: 'Go',
    topics: ['service'],
    deploys: 'kubernetes',
    parts: [
      go({
        name: 'experiment-flags',
        uses: ['github.com/redis/go-redis/v9 9.14.0', 'google.golang.org/grpc 1.75.1'],
        image: true,
      }),
    ],
    tended: true,
    story: { 7: 'bump', 14: 'auditOnPulls', 22: 'baseDigest', 30: 'auditWeekly', 41: 'dependabotPaused' },
  },
  {
    name: 'email-templates',
    about: 'All mail that customers get.',
    team: 'growth',
    language: 'HTML',
    topics: ['content'],
    parts: [npm({ name: 'email-templates', uses: ['mjml 4.16.1', 'juice 11.0.3'] })],
    story: { 10: 'staleLock', 18: 'mendLock', 26: 'frozenInstall', 31: 'mistype', 33: 'mendName', 40: 'dependabotAll' },
  },
  {
    name: 'mobile-gateway',
    about: 'The API of the phone apps.',
    team: 'growth',
    language: 'Kotlin',
    topics: ['service'],
    deploys: 'kubernetes',
    parts: [
      gradle({
        name: 'mobile-gateway',
        uses: ['io.ktor:ktor-server-core 3.3.0', 'ch.qos.logback:logback-classic 1.5.18'],
        image: true,
      }),
    ],
    story: { 4: 'renovate', 13: 'pinActions', 23: 'readToken', 32: 'oidc', 39: 'clusterDigest', 49: 'clusterTag' },
  },
  {
    name: 'storefront-admin',
    about: 'Where merchants run their shop.',
    team: 'growth',
    language: 'Ruby',
    topics: ['service'],
    deploys: 'kubernetes',
    parts: [ruby({ name: 'storefront-admin', uses: ['rails 8.0.2', 'puma 6.6.1', 'pg 1.6.2'], image: true })],
    start: { lock: 'exact' },
    story: {
      5: 'dependabot',
      13: 'frozenInstall',
      21: 'lock',
      29: 'pinActions',
      35: 'auditWeekly',
      42: 'readToken',
      47: 'followBranch',
    },
  },
]
