import { expect, test } from 'vitest'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { places, verdictOf } from './verdict-of.ts'

const [NPM = '', YARN = ''] = defaultPolicy.trustedRegistries.npm ?? []
const judge = (files: Record<string, string>, policy = defaultPolicy) =>
  verdictOf('lockfile-hosts-trusted', files, {}, policy)
const lock = (...addresses: string[]) =>
  JSON.stringify(
    {
      lockfileVersion: 3,
      packages: Object.fromEntries([
        ['', {}],
        ...addresses.map((resolved, at) => [`node_modules/p${at}`, { version: '1.0.0', resolved }]),
      ]),
    },
    null,
    1,
  )

test('one trusted and one strange host make exactly one finding, at the address', () => {
  const result = judge({ 'package-lock.json': lock(`https://${NPM}/a/-/a-1.tgz`, 'https://evil.example/b/-/b-1.tgz') })
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(result.findings[0]?.evidence.excerpt).toContain('evil.example')
  expect(places(result)).toHaveLength(1)
})

test.each([
  [`https://${YARN}/a/-/a-1.tgz`, 'pass'],
  [`http://${NPM}/a/-/a-1.tgz`, 'fail'],
  [`https://${NPM}.evil.example/a/-/a-1.tgz`, 'fail'],
  [`https://${NPM}@evil.example/a/-/a-1.tgz`, 'fail'],
  [`https://${NPM.toUpperCase()}/a/-/a-1.tgz`, 'pass'],
  [`git+ssh://git@git.example/acme/a.git#${'a'.repeat(40)}`, 'fail'],
  ['file:../a', 'not-applicable'],
])('%s: %s', (address, outcome) => {
  expect(judge({ 'package-lock.json': lock(address) }).outcome).toBe(outcome)
})

test('a host that the policy trusts is trusted, one that only .npmrc names is named', () => {
  const files = {
    'package-lock.json': lock('https://npm.acme.example/a/-/a-1.tgz'),
    '.npmrc': 'registry=https://npm.acme.example/\n',
  }
  expect(judge(files).findings[0]?.message).toContain('own settings')
  expect(judge(files, { ...defaultPolicy, trustedRegistries: { npm: ['npm.acme.example'] } }).outcome).toBe('pass')
})

test.each([
  ['yarn.lock', `a@1:\n  version "1.0.0"\n  resolved "https://evil.example/a/-/a-1.tgz#abc"\n`],
  [
    'pnpm-lock.yaml',
    `lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-x, tarball: 'https://evil.example/a.tgz'}\n`,
  ],
  [
    'bun.lock',
    '{"lockfileVersion":1,"workspaces":{"":{}},"packages":{"a":["a@1.0.0","https://evil.example/",{},"sha512-x"]}}',
  ],
  [
    'uv.lock',
    'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "http://evil.example/simple" }\n',
  ],
  [
    'poetry.lock',
    '[[package]]\nname = "a"\nversion = "1"\n[package.source]\ntype = "legacy"\nurl = "http://evil.example/simple"\n[metadata]\n',
  ],
  [
    'Pipfile.lock',
    '{"_meta":{"sources":[{"name":"x","url":"http://evil.example"}]},"default":{"a":{"version":"==1","index":"x"}}}',
  ],
  ['Gemfile.lock', 'GEM\n  remote: http://evil.example/\n  specs:\n    a (1.0.0)\n\nPLATFORMS\n  ruby\n'],
  [
    'Cargo.lock',
    'version = 4\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+http://evil.example/index"\n',
  ],
  ['composer.lock', '{"packages":[{"name":"a/b","version":"1","dist":{"url":"http://evil.example/a.zip"}}]}'],
])('%s tells the address', (path, text) => {
  const result = judge({ [path]: text })
  expect(result).toMatchObject({ outcome: 'fail', examined: 1 })
  expect(result.findings[0]?.message).toContain('evil.example')
})

test('of an ecosystem without named registries only the scheme is judged, and that is told', () => {
  const text = 'version = 4\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+https://index.example/"\n'
  const result = judge({ 'Cargo.lock': text })
  expect(result.outcome).toBe('pass')
  expect(result.notes[0]).toContain('cargo')
})
