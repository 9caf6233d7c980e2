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
  [
    'Gemfile.lock',
    'GEM\n  remote: http://evil.example/\n  specs:\n    a (1.0.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  a\n',
  ],
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
  const text = 'dependencies:\n- name: a\n  version: 1.0.0\n  repository: https://charts.example/\ndigest: sha256:0\n'
  const result = judge({ 'Chart.lock': text })
  expect(result.outcome).toBe('pass')
  expect(result.notes).toEqual([expect.stringMatching(/^Of helm only the scheme is judged/)])
})

test('the hosts that are trusted are told, of the ecosystems that the locks are of', () => {
  const { notes } = judge({ 'package-lock.json': lock(`https://${NPM}/a/-/a-1.0.0.tgz`) })
  expect(notes).toEqual([`The policy trusts npm from ${defaultPolicy.trustedRegistries.npm?.join(', ')}.`])
})

const [CRATES = ''] = defaultPolicy.trustedRegistries.cargo ?? []
const INDEX = defaultPolicy.trustedRegistries.cargo?.find(one => one.includes('/')) ?? ''
const PYPI = defaultPolicy.trustedRegistries.pypi?.[0] ?? ''

const cargo = (source: string) => `version = 4\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "${source}"\n`

test.each([
  [`registry+https://${INDEX}`, 'pass'],
  [`sparse+https://index.${CRATES}/`, 'pass'],
  [`registry+https://${INDEX}-mirror`, 'fail'],
  ['registry+https://github.com/evil/crates.io-index', 'fail'],
  [`sparse+https://${CRATES}.evil.example/`, 'fail'],
])('Cargo.lock with %s: %s', (source, outcome) => {
  expect(judge({ 'Cargo.lock': cargo(source) }).outcome).toBe(outcome)
})

const uv = (...files: string[]) =>
  `version = 1\n${files.map((url, at) => `[[package]]\nname = "p${at}"\nversion = "1"\nsource = { registry = "https://${PYPI}/simple" }\nwheels = [\n  { url = "${url}/p${at}-1-py3-none-any.whl", hash = "sha256:00" },\n]\n`).join('')}`

test('a wheel that lies elsewhere than the wheels of the other packages is named, with its line', () => {
  const files = 'https://files.example'
  const result = judge({ 'uv.lock': uv(files, files, 'https://evil.example', files) })
  expect(result).toMatchObject({ outcome: 'fail', examined: 4 })
  expect(result.findings).toHaveLength(1)
  expect(result.findings[0]?.evidence.excerpt).toContain('https://evil.example')
  expect(result.findings[0]?.message).toContain('files.example')
})

test('a file over http is named even where all are', () => {
  expect(judge({ 'uv.lock': uv('http://files.example') }).findings).toHaveLength(1)
})

const pylock = (...hosts: string[]) =>
  `lock-version = "1.0"\n${hosts.map((host, at) => `[[packages]]\nname = "p${at}"\nversion = "1"\n[[packages.wheels]]\nurl = "https://${host}/p.whl"\n`).join('')}`

test('a lock that names no registry is compared with itself', () => {
  expect(judge({ 'pylock.toml': pylock('a.example', 'a.example', 'a.example') }).outcome).toBe('pass')
  expect(judge({ 'pylock.toml': pylock('a.example', 'a.example', 'b.example') }).findings).toHaveLength(1)
  // Nothing there is usual, so that nothing is strange.
  expect(judge({ 'pylock.toml': pylock('a.example', 'b.example') }).outcome).toBe('pass')
})

const composer = (notify: string, source: string, dist: string) =>
  JSON.stringify({
    packages: [
      {
        name: 'a/b',
        version: '1',
        source: { type: 'git', url: source, reference: 'a'.repeat(40) },
        dist: { type: 'zip', url: dist, reference: 'a'.repeat(40) },
        ...(notify === '' ? {} : { 'notification-url': notify }),
      },
    ],
  })
const PACKAGIST = `https://${defaultPolicy.trustedRegistries.composer?.at(-1)}/downloads/`

test.each([
  [PACKAGIST, 'https://git.example/a/b.git', 'https://api.git.example/repos/a/b/zipball/aaa', 'pass'],
  [PACKAGIST, 'https://git.example/a/b.git', 'https://evil.test/a/b/zipball/aaa', 'fail'],
  [PACKAGIST, 'https://git.example/a/b.git', 'http://api.git.example/repos/a/b/zipball/aaa', 'fail'],
  ['https://satis.example/downloads/', 'https://git.example/a/b.git', 'https://api.git.example/x', 'fail'],
  ['', 'https://git.example/a/b.git', 'https://api.git.example/x', 'fail'],
])('composer.lock told to %s, from %s by %s: %s', (notify, source, dist, outcome) => {
  expect(judge({ 'composer.lock': composer(notify, source, dist) }).outcome).toBe(outcome)
})

test('what is cloned at a commit is told as that, in whichever way the lock writes it', () => {
  const commit = 'a'.repeat(40)
  const say = (resolved: string) =>
    judge({ 'yarn.lock': `a@1:\n  version "1.0.0"\n  resolved "${resolved}"\n` }).findings[0]?.message
  expect(say(`https://git.example/o/a#${commit}`)).toContain('a commit of')
  expect(say(`https://codeload.git.example/o/a/tar.gz/${commit}`)).toContain('a commit of')
  expect(say(`https://evil.example/a/-/a-1.tgz#${commit}`)).toContain('which the policy does not trust')
})

test('one account of a git host can be trusted, without the host', () => {
  const files = { 'yarn.lock': `a@1:\n  version "1.0.0"\n  resolved "https://git.example/acme/a#${'a'.repeat(40)}"\n` }
  expect(judge(files).findings[0]?.message).toContain('trust `git.example/acme`')
  const trusting = (one: string) => judge(files, { ...defaultPolicy, trustedRegistries: { npm: [one] } }).outcome
  expect(trusting('git.example/acme')).toBe('pass')
  expect(trusting('git.example/ac')).toBe('fail')
})

test('a lock that cannot be read makes it unknown, with the reason', () => {
  const result = judge({ 'package-lock.json': '{"lockfileVersion": 3', 'requirements.txt': 'requests==2.32.3\n' })
  expect(result.outcome).toBe('unknown')
  expect(result.reason).toContain('package-lock.json')
})
