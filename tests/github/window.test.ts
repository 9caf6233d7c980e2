import { expect, test } from 'vitest'
import { DOCUMENTED } from '#demo/github/secondary.ts'
import { endpointOf, SlidingWindow } from '#lib/github/window.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'

test('a window of a minute lets so many begin, and tells how long until the next may', () => {
  let now = 0
  const window = new SlidingWindow({ now: () => now })
  const taken = [0, 10_000, 20_000].map(at => {
    now = at
    return window.take(3)
  })
  expect(taken).toEqual([0, 0, 0])
  now = 30_000
  expect(window.take(3)).toBe(30_000)
  // Where others share the account its part became smaller: it waits until only that many are left.
  expect(window.take(1)).toBe(50_000)
  now = 60_000
  expect(window.take(3)).toBe(0)
  now = 60_001
  expect(window.take(3)).toBe(9_999)
})

test.each([
  ['https://api.github.com/repos/acme/web/git/trees/0123456789abcdef0123456789abcdef01234567?recursive=1', 'git/trees'],
  ['https://host/api/v3/repos/trees/blobs/git/trees/0123456789abcdef0123456789abcdef01234567', 'git/trees'],
  ['https://api.github.com/repos/a/b/actions/permissions', 'actions/permissions'],
])('what stands between the words of a path is no endpoint of its own: %s', (url, words) => {
  expect(endpointOf('GET', url)).toBe(`GET repos/${words}`)
})

test.each([
  ['https://api.github.com/orgs/git/repos?page=2', 'GET orgs/repos'],
  ['https://api.github.com/graphql', 'GET graphql'],
  ['https://api.github.com/repositories/12/git/trees/12', 'GET repositories/git/trees'],
])('%s', (url, endpoint) => {
  expect(endpointOf('GET', url)).toBe(endpoint)
})

test('an endpoint is asked as often as GitHub allows in a minute, and not once more', async () => {
  const dir = await repositories({ one: { a: '1' } })
  const { client, github, waited } = await hosted(dir, [], { secondary: { ...DOCUMENTED, endpoint: 900 } })
  for (let time = 0; time < 820; time += 1) await client.get('/orgs/acme/repos')
  expect(github.secondary.refused).toBe(0)
  // The first answer told that there are limits, the next 810 fill the minute.
  expect(waited).toEqual([60])
  await client.graphql('query Q { rateLimit { cost } }', {})
  expect(waited).toEqual([60])
})

test('where the host has no limits nothing is held back', async () => {
  const { client, waited } = await hosted(await repositories({ one: { a: '1' } }), [], { limits: null })
  for (let time = 0; time < 820; time += 1) await client.get('/orgs/acme/repos')
  expect(waited).toEqual([])
})
