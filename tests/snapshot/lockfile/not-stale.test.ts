/** What a lock does not list, or lists under another's name, and is all the same no sign that it is stale. */
import { expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { json, judge } from '../../checks/locked-files.ts'

const HASH = `sha512-${'A'.repeat(86)}==`
const bun = (packages: Record<string, unknown>, workspaces: object) =>
  json({ lockfileVersion: 1, workspaces, packages })
const tuple = (spec: string) => [spec, '', {}, HASH]
const gems = (more = '') =>
  `PATH\n  remote: .\n  specs:\n    x (1.0)\n\nGEM\n  remote: https://r.example/\n  specs:\n    rake (13.2.1)\n\nDEPENDENCIES\n  rake\n  x!\n\nCHECKSUMS\n  rake (13.2.1) sha256=${'0'.repeat(64)}\n${more}`
const terraform = (source: string) =>
  `terraform {\n  required_providers {\n    a = {\n      source  = "${source}"\n      version = "1.0.0"\n    }\n  }\n}\n`
const PROVIDER = `provider "registry.terraform.io/statuscakedev/statuscake" {\n  version = "1.0.0"\n  hashes = ["h1:${'A'.repeat(43)}="]\n}\n`
const goMod = (version: string) => `module a\n\nrequire example.org/hello ${version}\n`
const NONE = 'v0.0.0-00010101000000-000000000000'
const CARGO_LOCK = `version = 4\n\n[[package]]\nname = "bat"\nversion = "1.0.0"\n\n[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+https://x.example"\nchecksum = "${'0'.repeat(64)}"\n`
const cargo = (dependency: string) =>
  `[package]\nname = "bat"\nversion = "1.0.0"\n\n[dependencies]\n${dependency} = "1"\n`

test.each<[string, good: FileMap, bad: FileMap, words: RegExp]>([
  [
    'the address of a provider in capitals',
    { 'main.tf': terraform('StatusCakeDev/statuscake'), '.terraform.lock.hcl': PROVIDER },
    { 'main.tf': terraform('Other/statuscake'), '.terraform.lock.hcl': PROVIDER },
    /is stale: `.*Other\/statuscake` is absent/i,
  ],
  [
    'a module of Go that only ever comes from a folder',
    { 'go.mod': goMod(NONE), 'go.sum': '' },
    { 'go.mod': goMod('v1.0.0'), 'go.sum': '' },
    /`go\.sum` is stale/,
  ],
  [
    'Bundler among the gems',
    {
      'x.gemspec': 'Gem::Specification.new do |s|\n  s.add_dependency "bundler", ">= 1"\nend\n',
      'Gemfile.lock': gems(),
    },
    { 'x.gemspec': 'Gem::Specification.new do |s|\n  s.add_dependency "other", ">= 1"\nend\n', 'Gemfile.lock': gems() },
    /`Gemfile\.lock` is stale: `other`/,
  ],
  [
    'what a package of the name of the root has for itself',
    {
      'package.json': json({ name: 'elysia', dependencies: { cookie: '^1.1.1' } }),
      'bun.lock': bun(
        { cookie: tuple('cookie@1.1.1'), elysia: tuple('elysia@1.0.0'), 'elysia/cookie': tuple('cookie@1.1.0') },
        { '': { name: 'elysia', dependencies: { cookie: '^1.1.1' } } },
      ),
    },
    {
      'package.json': json({ name: 'r', workspaces: ['web'] }),
      'web/package.json': json({ name: 'web', dependencies: { cookie: '^1.1.1' } }),
      'bun.lock': bun(
        { cookie: tuple('cookie@1.1.1'), 'web/cookie': tuple('cookie@1.1.0') },
        { '': { name: 'r' }, web: { name: 'web', dependencies: { cookie: '^1.1.1' } } },
      ),
    },
    /locked at 1\.1\.0/,
  ],
])('%s', (_, good, bad, words) => {
  expect(
    judge(good)
      .findings.map(({ message }) => message)
      .filter(message => message.includes('stale')),
  ).toEqual([])
  expect(
    judge(bad)
      .findings.map(({ message }) => message)
      .join(),
  ).toMatch(words)
})

test('a sample that has the name of the package around it has no lock, rather than a stale one', () => {
  const [finding] = judge({
    'Cargo.toml': cargo('a'),
    'Cargo.lock': CARGO_LOCK,
    'tests/x/Cargo.toml': cargo('atty'),
  }).findings
  expect(finding?.message).toMatch(/^`tests\/x\/Cargo\.toml` asks for 1 dependency \(atty\) and no lockfile covers it/)
  const member = { 'Cargo.toml': `${cargo('a')}\n[workspace]\nmembers = ["x"]\n`, 'Cargo.lock': CARGO_LOCK }
  expect(judge({ ...member, 'x/Cargo.toml': cargo('atty') }).findings[0]?.message).toContain(
    '`Cargo.lock` is stale: `atty`',
  )
})

test('what another composer.json of the repository is called needs no lock', () => {
  const require = { 'illuminate/contracts': '^12', 'psr/log': '^3' }
  const files = { 'src/log/composer.json': json({ name: 'illuminate/log', require }) }
  const beside = { ...files, 'src/contracts/composer.json': json({ name: 'Illuminate/Contracts' }) }
  expect(judge(beside).findings[0]?.message).toContain('asks for 1 dependency (psr/log)')
  expect(judge(files).findings[0]?.message).toContain('asks for 2 dependencies (illuminate/contracts, psr/log)')
})

test('what Deno is asked for and nothing imports has no version in its lock', () => {
  const manifest = json({ imports: { a: 'jsr:@x/a@^1', b: 'jsr:@x/b@^1' } })
  const lock = (dependencies: string[]) =>
    json({
      version: '5',
      specifiers: { 'jsr:@x/a@1': '1.0.0' },
      jsr: { '@x/a@1.0.0': { integrity: 'a'.repeat(64) } },
      workspace: { dependencies },
    })
  const outcome = (dependencies: string[]) => judge({ 'deno.json': manifest, 'deno.lock': lock(dependencies) })
  expect(outcome(['jsr:@x/a@1', 'jsr:@x/b@1'])).toMatchObject({ outcome: 'pass' })
  expect(outcome(['jsr:@x/a@1']).findings[0]?.message).toContain('`deno.lock` is stale: `@x/b`')
})
