/**
 * What GitHub is known to do wrong, or to surprise by: the whole list of github-api.md, 8.4. Each is tried by rows of
 * fault-table.ts, or, where it is no answer to a crawl, by a test elsewhere, named by its file and words of its name.
 */
type Tried = { rows?: readonly string[]; elsewhere?: readonly (readonly [file: string, words: string])[] }

export const KNOWN_FAULTS: Readonly<Record<string, Tried>> = {
  'secondary limits: 403, 429 and GraphQL 200, with and without retry-after': {
    rows: [
      'secondary limit, 403 with retry-after',
      'secondary limit, 429 without a word',
      'secondary limit, GraphQL 200',
      'secondary limit that never ends',
    ],
    elsewhere: [['tests/github/client.test.ts', 'without a word waits a minute, then twice as long']],
  },
  'secondary limits by counters: an endpoint, GraphQL, requests at once, seconds of computing': {
    rows: [
      'more than an endpoint answers in a minute',
      'more than GraphQL answers in a minute',
      'more seconds of computing than GitHub gives in a minute',
    ],
    elsewhere: [
      ['tests/github/window.test.ts', 'an endpoint is asked as often as GitHub allows in a minute'],
      ['tests/github/client.test.ts', 'GraphQL goes one by one, REST six at a time'],
    ],
  },
  'primary limit, RATE_LIMITED and RATE_LIMIT': {
    rows: ['primary limit, RATE_LIMIT', 'primary limit, RATE_LIMITED', 'primary limit of REST'],
  },
  '502 and 504 for a query of more than X objects or Y bytes': {
    rows: [
      '502 with HTML for wide queries',
      '502 with HTML for long answers',
      '504 for wide queries',
      'something went wrong while executing the query',
    ],
  },
  'RESOURCE_LIMITS_EXCEEDED with partial data': { rows: ['RESOURCE_LIMITS_EXCEEDED with partial data'] },
  'silent drop in nested connections': { rows: ['silent drop in nested connections'] },
  'isTruncated at 512,000 bytes; binary and Latin-1 blobs': { rows: ['text cut at 512,000 bytes, Latin-1, binary'] },
  'trees with truncated: true': {
    rows: ['tree cut short once', 'tree cut short always, where git answers', 'tree cut short always'],
  },
  'empty repository: null ref, 409': { rows: ['empty repository'] },
  'blocked: 451 and 403': { rows: ['blocked, 451', 'blocked, 403'] },
  'rename: 301, and a name that is used again': {
    rows: ['renamed, 301', 'renamed, and another repository takes the name'],
    elsewhere: [
      ['tests/store/crawling.test.ts', 'a renamed repository keeps its history'],
      ['tests/workers/shrinking.test.ts', 'has given its name away where another one has it'],
    ],
  },
  'deleted between listing and reading': {
    rows: ['deleted between listing and reading'],
    elsewhere: [
      ['tests/github/client.test.ts', 'repositories by id: one that is gone is absent'],
      ['tests/store/crawling.test.ts', 'gone when two complete listings miss it'],
      ['tests/workers/shrinking.test.ts', 'is gone after two whole listings, not by shortened ones'],
    ],
  },
  'force-push between tree and blobs': { rows: ['force-push between tree and blobs'] },
  'archived in the middle of a run': { rows: ['archived between listing and reading'] },
  'token that ends in the middle of paging': {
    rows: ['token that expires in the middle'],
    elsewhere: [['tests/github/identity.test.ts', 'a token that ends between two pages of a listing is renewed']],
  },
  'permission taken away, with X-Accepted-GitHub-Permissions': { rows: ['permission that is taken away'] },
  'single sign-on: required, partial results': {
    rows: ['single sign-on demanded', 'single sign-on, partial results'],
    elsewhere: [['tests/crawl/crawl.test.ts', 'a listing that GitHub shortened is not complete, and says so']],
  },
  'IP allow list': { rows: ['IP allow list'] },
  'webhooks: twice, out of order, lost': {
    elsewhere: [
      ['tests/store/hints.test.ts', 'a delivery counts once'],
      ['tests/store/hints.test.ts', 'a hint that is given again while it is followed is followed again'],
      ['tests/store/hints.test.ts', 'a delivery that did not reach us is a hint once'],
    ],
  },
  'webhooks: bad signature, 26 MB': {
    elsewhere: [
      ['tests/http/webhook.test.ts', 'what is not signed by us, too large, or no delivery is refused'],
      ['tests/attacks/webhook.test.ts', 'a body without end is read to 25 MB and no further'],
    ],
  },
  'an Enterprise Server: its paths, an old schema, no limits': {
    elsewhere: [
      ['tests/crawl/enterprise-server.test.ts', 'it is crawled whole, without waiting'],
      ['tests/github/window.test.ts', 'where the host has no limits nothing is held back'],
    ],
  },
  'connection reset, slow body, invalid JSON': {
    rows: [
      'connection reset twice',
      'connection reset for ever',
      'slow body',
      'body cut short',
      'invalid JSON twice',
      'invalid JSON for ever',
    ],
  },
  'a server that only fails': {
    rows: ['GraphQL that fails for ever, where REST answers', 'server error for ever', 'listing that fails for ever'],
  },
  'redirects and links to another host': {
    elsewhere: [
      ['tests/github/client.test.ts', 'the token stays with its host'],
      ['tests/github/client.test.ts', 'a link to another host is not followed'],
    ],
  },
}
