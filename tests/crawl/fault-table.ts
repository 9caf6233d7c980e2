/**
 * Every fault that GitHub is known to have (github-api.md, 8.4), with what becomes of the repository that meets it and the
 * sentence that people read. What is tried (faults.test.ts) and what is told (docs/faults.md) come from here.
 */

import type { Scenario } from '#demo/github/scenario.ts'
import { DOCUMENTED } from '#demo/github/secondary.ts'
import type { GitHubOptions } from '#demo/github/server.ts'
import type { RepositoryOutcome } from '#lib/crawl/source.ts'
import type { AppError } from '#lib/errors.ts'
import { bareRepository } from '#tests/demo/github/bare-repository.ts'

export const CI = '.github/workflows/ci.yml'
const tree = { route: 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}', repository: 'faulty' }
const blobs = { operation: 'ReadBlobs' }
const list = { operation: 'ListRepositories' }

/** `stops`: the error that ends the run, where nothing could go on; the next run without the fault finds everything. */
export type Row = {
  fault: string
  scenario: Scenario
  becomes?: RepositoryOutcome
  stops?: AppError['code']
  /** What the page shows, as it stands there; HOST is where the API is. */
  says?: string
  /** What the run tells of the listing, where GitHub did not list all of it. */
  lists?: string
  /** What the pretend GitHub is besides. */
  host?: Partial<GitHubOptions>
  /** Happens between the trees and the blobs. */
  meanwhile?: (dir: string) => Promise<unknown>
}
export const ROWS: readonly Row[] = [
  {
    fault: 'secondary limit, 403 with retry-after',
    scenario: [{ on: { api: 'rest' }, times: 2, fault: { kind: 'secondary-limit', retryAfter: 9 } }],
  },
  {
    fault: 'secondary limit, 429 without a word',
    scenario: [{ on: { api: 'rest' }, times: 2, fault: { kind: 'secondary-limit', status: 429 } }],
  },
  {
    fault: 'secondary limit, GraphQL 200',
    scenario: [{ on: { api: 'graphql' }, times: 2, fault: { kind: 'secondary-limit', status: 200 } }],
  },
  {
    fault: 'secondary limit that never ends',
    scenario: [{ on: tree, fault: { kind: 'secondary-limit' } }],
    stops: 'rate-limited',
    says: 'HOST keeps refusing because of its rate limits.\nWait an hour, or use a token that nothing else uses.',
  },
  {
    fault: 'more than an endpoint answers in a minute',
    scenario: [],
    host: { secondary: { ...DOCUMENTED, endpoint: 1 } },
  },
  {
    fault: 'more than GraphQL answers in a minute',
    scenario: [],
    host: { secondary: { ...DOCUMENTED, graphql: 1 } },
  },
  {
    fault: 'more seconds of computing than GitHub gives in a minute',
    scenario: [],
    host: { secondary: { ...DOCUMENTED, seconds: 0 } },
  },
  {
    fault: 'primary limit, RATE_LIMIT',
    scenario: [{ on: blobs, times: 1, fault: { kind: 'primary-limit', resetAfter: 300 } }],
  },
  {
    fault: 'primary limit, RATE_LIMITED',
    scenario: [{ on: list, times: 1, fault: { kind: 'primary-limit', resetAfter: 300, type: 'RATE_LIMITED' } }],
  },
  {
    fault: 'primary limit of REST',
    scenario: [{ on: tree, times: 1, fault: { kind: 'primary-limit', resetAfter: 300 } }],
  },
  {
    fault: '502 with HTML for wide queries',
    scenario: [{ on: { ...blobs, objectsOver: 2 }, fault: { kind: 'bad-gateway' } }],
  },
  {
    fault: '502 with HTML for long answers',
    scenario: [{ on: { ...blobs, bytesOver: 400 }, fault: { kind: 'bad-gateway' } }],
  },
  {
    fault: '504 for wide queries',
    scenario: [{ on: { ...blobs, objectsOver: 2 }, fault: { kind: 'bad-gateway', status: 504 } }],
  },
  {
    fault: 'something went wrong while executing the query',
    scenario: [{ on: { ...blobs, objectsOver: 2 }, fault: { kind: 'query-timeout' } }],
  },
  {
    fault: 'RESOURCE_LIMITS_EXCEEDED with partial data',
    scenario: [{ on: blobs, times: 2, fault: { kind: 'partial-data', keep: 1 } }],
  },
  {
    fault: 'GraphQL that fails for ever, where REST answers',
    scenario: [{ on: blobs, fault: { kind: 'server-error' } }],
  },
  {
    fault: 'silent drop in nested connections',
    scenario: [{ on: { api: 'graphql' }, fault: { kind: 'silent-drop' } }],
  },
  { fault: 'text cut at 512,000 bytes, Latin-1, binary', scenario: [] },
  { fault: 'tree cut short once', scenario: [{ on: tree, times: 1, fault: { kind: 'truncated-tree' } }] },
  {
    fault: 'tree cut short always, where git answers',
    scenario: [{ on: tree, fault: { kind: 'truncated-tree' } }],
  },
  {
    fault: 'tree cut short always',
    scenario: [
      { on: tree, fault: { kind: 'truncated-tree' } },
      { on: { api: 'git' }, fault: { kind: 'server-error' } },
    ],
    becomes: 'partial',
    says: 'GitHub does not list all files of this folder: it is too large. And 2 more.',
  },
  {
    fault: 'empty repository',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'empty' } }],
    becomes: 'empty',
    says: 'The repository is empty.',
  },
  {
    fault: 'blocked, 451',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'blocked' } }],
    becomes: 'blocked',
    says: 'GitHub has blocked access to the repository (dmca).',
  },
  {
    fault: 'blocked, 403',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'blocked', reason: 'tos' } }],
    becomes: 'blocked',
    says: 'GitHub has blocked access to the repository (tos).',
  },
  { fault: 'renamed, 301', scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'renamed', to: 'moved-on' } }] },
  {
    fault: 'renamed, and another repository takes the name',
    scenario: [
      { on: { repository: 'faulty' }, fault: { kind: 'renamed', to: 'moved-on' } },
      { on: { repository: 'other' }, fault: { kind: 'renamed', to: 'faulty' } },
    ],
    becomes: 'gone',
    says: 'It is gone, or the token may not see it.',
  },
  {
    fault: 'archived between listing and reading',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'archived' } }],
  },
  {
    fault: 'deleted between listing and reading',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'gone' } }],
    becomes: 'gone',
    says: 'It is gone, or the token may not see it.',
  },
  {
    fault: 'force-push between tree and blobs',
    scenario: [],
    meanwhile: dir =>
      bareRepository(dir, 'faulty', [{ date: '2026-05-30T00:00:00Z', files: { [CI]: 'on: workflow_dispatch\n' } }]),
  },
  {
    fault: 'token that expires in the middle',
    scenario: [{ on: tree, fault: { kind: 'unauthorized' } }],
    stops: 'token-rejected',
    says: 'HOST rejects the token: it is wrong, expired or revoked.\nMake a new token and set GITHUB_TOKEN to it.',
  },
  {
    fault: 'permission that is taken away',
    scenario: [{ on: tree, fault: { kind: 'no-permission', needs: 'contents=read' } }],
    becomes: 'denied',
    says: 'The token may not read this. It needs contents: read.',
  },
  {
    fault: 'single sign-on demanded',
    scenario: [{ on: list, fault: { kind: 'sso-required' } }],
    stops: 'token-needs-sso',
    says: 'The organisation demands single sign-on, and the token is not authorised for it.\nAuthorise it here, within the hour: http://HOST/orgs/acme/sso?authorization_request=1',
  },
  {
    fault: 'single sign-on, partial results',
    scenario: [{ on: list, fault: { kind: 'sso-partial' } }],
    lists: 'GitHub left repositories out because the token is not authorised for single sign-on.',
  },
  {
    fault: 'IP allow list',
    scenario: [{ on: list, fault: { kind: 'ip-not-allowed' } }],
    stops: 'token-forbidden',
    says: 'The organisation has an IP allow list, and the address of this machine is not on it.\nAsk an owner to add this address, or run Plumbline from one that is allowed.',
  },
  { fault: 'connection reset twice', scenario: [{ on: tree, times: 2, fault: { kind: 'connection-reset' } }] },
  {
    fault: 'connection reset for ever',
    scenario: [{ on: tree, fault: { kind: 'connection-reset' } }],
    becomes: 'failed',
    says: 'HOST broke the connection each time that it was asked for this.',
  },
  { fault: 'slow body', scenario: [{ on: tree, times: 1, fault: { kind: 'slow-body', milliseconds: 120_000 } }] },
  { fault: 'body cut short', scenario: [{ on: tree, times: 2, fault: { kind: 'cut-body' } }] },
  { fault: 'invalid JSON twice', scenario: [{ on: tree, times: 2, fault: { kind: 'invalid-json' } }] },
  {
    fault: 'invalid JSON for ever',
    scenario: [{ on: tree, fault: { kind: 'invalid-json' } }],
    becomes: 'failed',
    says: "What HOST sends for this is no answer of GitHub's API.",
  },
  {
    fault: 'server error for ever',
    scenario: [{ on: tree, fault: { kind: 'server-error' } }],
    becomes: 'failed',
    says: 'HOST failed to answer, several times over.',
  },
  {
    fault: 'listing that fails for ever',
    scenario: [{ on: list, fault: { kind: 'server-error' } }],
    stops: 'github-unreachable',
    says: 'HOST failed to answer, several times over.\nThe next look tries again.',
  },
]
