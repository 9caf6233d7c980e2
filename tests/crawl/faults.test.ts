/**
 * Every fault that GitHub is known to have (github-api.md, 8.4), by what becomes of the repository that meets it and what
 * people are told. All other repositories are whole each time, and the crawl ends.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FAULT_KINDS, type Scenario } from '#demo/github/scenario.ts'
import { crawlRepositories } from '#lib/crawl/crawl.ts'
import { sweep } from '#lib/crawl/listing.ts'
import type { RepositoryOutcome } from '#lib/crawl/source.ts'
import { AppError } from '#lib/errors.ts'
import { bareRepository, blobOid } from '#tests/demo/github/bare-repository.ts'
import { hosted, repositories } from './hosted.ts'
import { memoryStore } from './memory-store.ts'

const CI = '.github/workflows/ci.yml'
const LARGE = Buffer.alloc(600_000, '{}\n')
const LATIN = Buffer.from('name: caf\xe9\n', 'latin1')
const now = new Date('2026-06-01T00:00:00Z')
const tree = { route: 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}', repository: 'faulty' }
const blobs = { operation: 'ReadBlobs' }
const list = { operation: 'ListRepositories' }

/** `stops`: the error that ends the run, where nothing could go on; the next run without the fault finds everything. */
type Row = {
  fault: string
  scenario: Scenario
  becomes?: RepositoryOutcome
  stops?: AppError['code']
  says?: RegExp
  /** Happens between the trees and the blobs. */
  meanwhile?: (dir: string) => Promise<unknown>
}
const nothing = /^$/

const ROWS: readonly Row[] = [
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
    says: /keeps refusing because of its rate limits/,
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
    says: /does not list all files of this folder/,
  },
  {
    fault: 'empty repository',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'empty' } }],
    becomes: 'empty',
    says: /is empty/,
  },
  {
    fault: 'blocked, 451',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'blocked' } }],
    becomes: 'blocked',
    says: /has blocked access.*dmca/,
  },
  {
    fault: 'blocked, 403',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'blocked', reason: 'tos' } }],
    becomes: 'blocked',
    says: /has blocked access/,
  },
  { fault: 'renamed, 301', scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'renamed', to: 'moved-on' } }] },
  {
    fault: 'deleted between listing and reading',
    scenario: [{ on: { repository: 'faulty' }, fault: { kind: 'gone' } }],
    becomes: 'gone',
    says: /is gone, or the token may not see it/,
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
    says: /rejects the token/,
  },
  {
    fault: 'permission that is taken away',
    scenario: [{ on: tree, fault: { kind: 'no-permission', needs: 'contents=read' } }],
    becomes: 'denied',
    says: /may not read this. It needs contents: read/,
  },
  {
    fault: 'single sign-on demanded',
    scenario: [{ on: list, fault: { kind: 'sso-required' } }],
    stops: 'token-needs-sso',
    says: /single sign-on/,
  },
  { fault: 'single sign-on, partial results', scenario: [{ on: list, fault: { kind: 'sso-partial' } }] },
  {
    fault: 'IP allow list',
    scenario: [{ on: list, fault: { kind: 'ip-not-allowed' } }],
    stops: 'token-forbidden',
    says: /IP allow list/,
  },
  { fault: 'connection reset twice', scenario: [{ on: tree, times: 2, fault: { kind: 'connection-reset' } }] },
  {
    fault: 'connection reset for ever',
    scenario: [{ on: tree, fault: { kind: 'connection-reset' } }],
    becomes: 'failed',
    says: /broke the connection each time/,
  },
  { fault: 'slow body', scenario: [{ on: tree, times: 1, fault: { kind: 'slow-body', milliseconds: 120_000 } }] },
  { fault: 'body cut short', scenario: [{ on: tree, times: 2, fault: { kind: 'cut-body' } }] },
  { fault: 'invalid JSON twice', scenario: [{ on: tree, times: 2, fault: { kind: 'invalid-json' } }] },
  {
    fault: 'invalid JSON for ever',
    scenario: [{ on: tree, fault: { kind: 'invalid-json' } }],
    becomes: 'failed',
    says: /no answer of GitHub/,
  },
  {
    fault: 'server error for ever',
    scenario: [{ on: tree, fault: { kind: 'server-error' } }],
    becomes: 'failed',
    says: /failed to answer, several times over/,
  },
  {
    fault: 'listing that fails for ever',
    scenario: [{ on: list, fault: { kind: 'server-error' } }],
    stops: 'github-unreachable',
    says: /failed to answer/,
  },
]

function faulty() {
  return repositories({
    good: { [CI]: 'on: push\n', 'go.mod': 'module good\n' },
    faulty: {
      [CI]: 'on: pull_request\n',
      'a/package.json': '{}',
      'package-lock.json': LARGE,
      '.github/workflows/latin.yml': LATIN,
      'yarn.lock': Buffer.from([0x50, 0, 1, 2, 0, 0, 3]),
    },
    other: { [CI]: 'on: release\n' },
  })
}

async function crawl(dir: string, { scenario, meanwhile }: Pick<Row, 'scenario' | 'meanwhile'>, store = memoryStore()) {
  const isSlow = scenario.some(({ fault: { kind } }) => kind === 'slow-body')
  const { source, client } = await hosted(dir, scenario, isSlow ? { timeout: 5_000 } : {})
  const { repositories: listed } = await sweep(source)
  const slowed: typeof source = {
    ...source,
    async *blobs(wanted) {
      await meanwhile?.(dir)
      yield* source.blobs(wanted)
    },
  }
  await crawlRepositories(listed, { source: slowed, store, now })
  return { store, client }
}

test.each(ROWS)('$fault', async ({ scenario, becomes = 'ok', stops, says = nothing, meanwhile }) => {
  const dir = await faulty()
  const store = memoryStore()
  if (stops !== undefined) {
    const error = await crawl(dir, { scenario }, store).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({
      code: stops,
      message: expect.stringMatching(says),
      hint: expect.stringMatching(/\S/),
    })
  } else {
    await crawl(dir, { scenario, ...(meanwhile && { meanwhile }) }, store)
    expect(store.byName()).toEqual({ good: 'ok', faulty: becomes, other: 'ok' })
    const { reason } = store.outcomes.find(({ name }) => name === 'faulty') ?? {}
    expect(reason ?? '').toMatch(says)
    expect(reason ?? '').not.toContain('secret-token')
    expect(store.blobs.get(blobOid('module good\n'))?.content).toBe('module good\n')
  }
  if (stops === undefined && becomes !== 'ok') return
  // Nothing is left of a fault that passed: every file is there as it is in git.
  if (stops !== undefined) await crawl(dir, { scenario: [] }, store)
  expect(store.byName()).toEqual({ good: 'ok', faulty: 'ok', other: 'ok' })
  expect(store.blobs.get(blobOid('on: pull_request\n'))?.content).toBe('on: pull_request\n')
  expect(store.blobs.get(blobOid(LARGE))?.content).toBe(LARGE.toString())
  expect(store.blobs.get(blobOid(LATIN))?.content).toBe('name: café\n')
})

test('every fault that the pretend GitHub can have stands in the table', () => {
  const tried = new Set(ROWS.flatMap(({ scenario }) => scenario.map(({ fault: { kind } }) => kind)))
  expect(FAULT_KINDS.filter(kind => !tried.has(kind))).toEqual([])
})

test('a host that is gone is told as that after some repositories, not for each of thousands', async () => {
  const names = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`r${index}`, { a: String(index) }]))
  const dir = await repositories(names)
  const gone = crawl(dir, { scenario: [{ on: { api: 'rest' }, fault: { kind: 'connection-reset' } }] })
  await expect(gone).rejects.toMatchObject({ code: 'github-unreachable' })
})

/** The faults of github-api.md, 8.4, that are no answer to a crawl: where they are tried, and by which words. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, words: string]>> = {
  'so much in a minute': ['tests/github/window.test.ts', 'an endpoint is asked as often as GitHub allows in a minute'],
  'an installation token that ends': ['tests/github/identity.test.ts', 'a token that ends in the middle of a crawl is'],
  'a redirect to another host': ['tests/github/client.test.ts', 'the token stays with its host'],
  'a link to another host': ['tests/github/client.test.ts', 'a link to another host is not followed'],
  'a name that another repository takes': ['tests/store/crawling.test.ts', 'a renamed repository keeps its history'],
  'a listing that shrinks': ['tests/store/crawling.test.ts', 'gone when two complete listings miss it'],
  'a webhook that comes twice, or late': ['tests/store/hints.test.ts', 'a delivery counts once'],
  'a bad signature, 26 MB': ['tests/http/webhook.test.ts', 'not signed by us, too large, or no delivery is refused'],
  'a server without limits': ['tests/github/window.test.ts', 'where the host has no limits nothing is held back'],
}

test.each(Object.entries(ELSEWHERE))('%s is tried where it belongs', (_, [file, words]) => {
  expect(readFileSync(file, 'utf8')).toContain(words)
})
