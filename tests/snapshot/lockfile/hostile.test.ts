/** Lockfiles that nobody vouches for: damaged, deep, huge. A reason with a line, never a crash, never silently empty. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packagesOf } from '#lib/inventory/packages.ts'
import { judgementsOf } from '#lib/snapshot/lockfile/cover/cover.ts'
import { readLockfile } from '#lib/snapshot/lockfile/read.ts'
import { berry, json, npmLock, pnpm, SHA256, yarnClassic } from '../../checks/locked-files.ts'
import { snapshotOf } from '../../snapshot-of.ts'

const LOCKS: Readonly<Record<string, string>> = {
  'package-lock.json': npmLock('a', '1.0.0'),
  'yarn.lock': `${yarnClassic('"')}  integrity sha512-x\n`,
  'berry/yarn.lock': berry('  checksum: 10c0/abc\n'),
  'pnpm-lock.yaml': pnpm('.'),
  'bun.lock': '{"lockfileVersion": 1, "workspaces": {"": {}}, "packages": {"a": ["a@1.0.0", "", {}, "sha512-x"],}}',
  'deno.lock': json({
    version: '5',
    specifiers: { 'jsr:@a/b@1': '1.0.0' },
    jsr: { '@a/b@1.0.0': { integrity: SHA256 } },
  }),
  'uv.lock': 'version = 1\n[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "https://r.example" }\n',
  'poetry.lock': '[[package]]\nname = "a"\nversion = "1"\nfiles = []\n[metadata]\nlock-version = "2.1"\n',
  'pdm.lock':
    '[metadata]\ngroups = ["default"]\n[[package]]\nname = "a"\nversion = "1"\nfiles = [{file = "x", hash = "sha256:1"}]\n',
  'pylock.toml': 'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\n',
  'Pipfile.lock': json({ _meta: {}, default: { a: { version: '==1', hashes: ['sha256:1'] } } }),
  'go.sum': 'x.example/a v1.0.0 h1:AAA=\n',
  'Cargo.lock': 'version = 4\n[[package]]\nname = "a"\nversion = "1.0.0"\n',
  'Gemfile.lock': 'GEM\n  remote: https://r.example/\n  specs:\n    rake (13.2.1)\n\nDEPENDENCIES\n  rake\n',
  'composer.lock': json({ packages: [{ name: 'v/a', version: '1', dist: { shasum: 'x' } }] }),
  'packages.lock.json': json({
    version: 1,
    dependencies: { net9: { A: { type: 'Direct', resolved: '1.0.0', contentHash: 'x' } } },
  }),
  'lockfile.json': json({
    dependencies: [{ groupId: 'g', artifactId: 'a', version: '1', checksum: SHA256, children: [] }],
  }),
  'gradle/verification-metadata.xml':
    '<verification-metadata><components><component group="g" name="a" version="1"/></components></verification-metadata>',
  'gradle.lockfile': 'g:a:1=x\nempty=\n',
  'pubspec.lock': 'packages:\n  http:\n    dependency: "direct main"\n    version: "1"\nsdks:\n  dart: "3"\n',
  'mix.lock': '%{\n  "a": {:hex, :a, "1.0", "abc", [:mix], [], "hexpm", "def"},\n}\n',
  'Package.resolved': json({
    pins: [{ identity: 'a', location: 'https://h.example/a', state: { revision: 'x' } }],
    version: 2,
  }),
  'Podfile.lock':
    'PODS:\n  - A (1.0):\n    - B\n  - B (1.0)\n\nDEPENDENCIES:\n  - A\n\nSPEC CHECKSUMS:\n  A: abc\n\nCOCOAPODS: 1.15.2\n',
  '.terraform.lock.hcl': 'provider "r.example/h/aws" {\n  version = "5.1.0"\n  hashes = [\n    "h1:abc=",\n  ]\n}\n',
  'Chart.lock': 'dependencies:\n- name: db\n  repository: https://r.example\n  version: 1.2.3\n',
  'flake.lock': json({
    nodes: { a: { locked: { narHash: 'sha256-x=' } }, root: { inputs: { a: 'a' } } },
    root: 'root',
    version: 7,
  }),
  'conda-lock.yml':
    'version: 1\npackage:\n- name: a\n  version: "1"\n  manager: conda\n  hash:\n    md5: x\n    sha256: y\n',
  'MODULE.bazel.lock': json({
    lockFileVersion: 13,
    registryFileHashes: { 'https://r.example/modules/a/1.0/source.json': SHA256 },
  }),
}
const NAMES = Object.keys(LOCKS)

function read(path: string, text: string) {
  return readLockfile({ path, text, mode: '100644', oid: '' })
}

/** Either a lock whose entries stand on lines of the file, or a reason with a line. */
function isHonest(path: string, text: string): void {
  const result = read(path, text)
  const lines = text.split('\n').length
  if (!result.ok) {
    expect(result.reason.length).toBeGreaterThan(5)
    expect(result.line).toBeGreaterThanOrEqual(1)
    return
  }
  for (const entry of result.lock.entries) {
    expect(entry.line).toBeGreaterThanOrEqual(1)
    expect(entry.line).toBeLessThanOrEqual(lines)
  }
}

describe.each(NAMES)('%s', path => {
  const whole = LOCKS[path] ?? ''

  test('is read whole', () => {
    const result = read(path, whole)
    expect(result).toMatchObject({ ok: true })
    expect(result.ok && result.lock.entries.length).toBeGreaterThan(0)
  })

  test('with CRLF it says the same', () => {
    const crlf = read(path, whole.replaceAll('\n', '\r\n'))
    const lf = read(path, whole)
    expect(crlf.ok && crlf.lock.entries).toEqual(lf.ok && lf.lock.entries)
  })

  test('merge conflict markers are a reason with their line', () => {
    const torn = `${whole}\n<<<<<<< HEAD\n=======\n>>>>>>> other\n`
    expect(read(path, torn)).toMatchObject({ ok: false, line: torn.slice(0, torn.indexOf('<<<<')).split('\n').length })
  })

  test('cut short or scribbled over it never throws', () => {
    fc.assert(
      fc.property(fc.nat(whole.length), fc.string({ unit: 'binary' }), fc.nat(5), (at, noise, gone) => {
        isHonest(path, whole.slice(0, at))
        isHonest(path, whole.slice(0, at) + noise + whole.slice(at + gone))
      }),
      { numRuns: 150, seed: 1 },
    )
  })

  test.each([
    '',
    '{}',
    '[]',
    'null',
    '"x"',
    '0',
    '\0',
    '- a\n',
    'a: b\n',
    '<a/>',
    `${'['.repeat(20_000)}`,
    `${'{"a":'.repeat(20_000)}`,
    'a:\n'.repeat(3),
    '&a [*a]',
  ])('what is something else never throws: %.10s', text => {
    isHonest(path, text)
  })
})

test('what is nothing of its kind is refused, not empty', () => {
  const silent = NAMES.filter(path => !/\.lockfile$|go\.sum$|yarn\.lock$|mix\.lock$|terraform/.test(path)).filter(
    path => read(path, '{}').ok,
  )
  expect(silent).toEqual([])
})

test('any manifest and any lock beside it are judged without a throw', () => {
  const manifests = [
    'package.json',
    'pyproject.toml',
    'requirements.txt',
    'setup.py',
    'setup.cfg',
    'Pipfile',
    'go.mod',
    'Cargo.toml',
    'Gemfile',
    'x.gemspec',
    'composer.json',
    'a.csproj',
    'packages.config',
    'pom.xml',
    'build.gradle',
    'pubspec.yaml',
    'mix.exs',
    'Package.swift',
    'Podfile',
    'main.tf',
    'Chart.yaml',
    'flake.nix',
    'environment.yml',
    'MODULE.bazel',
    'deno.json',
    'pnpm-workspace.yaml',
    'Directory.Packages.props',
    'gradle/libs.versions.toml',
  ]
  const word = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'dependencies',
      '[project]\n',
      '{"dependencies": {"a": "^1"}}',
      '<project>',
      '-r requirements.txt\n',
      'gem "a"\n',
      'require x v1\n',
      '${',
      '<<<<<<< HEAD\n',
      '"',
      '{',
      '}',
      '[dependencies]\na = "1"\n',
    ),
  )
  const text = fc.array(word, { maxLength: 6 }).map(words => words.join(''))
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...manifests, ...NAMES), text, { maxKeys: 6 }), files => {
      const repo = snapshotOf(files)
      for (const judged of judgementsOf(repo)) expect(judged.manifest in files).toBe(true)
      packagesOf(repo)
    }),
    { numRuns: 1_000, seed: 2 },
  )
})

test('nested dependencies end with a reason', () => {
  let nested: object = { version: '1.0.0' }
  for (let depth = 0; depth < 1_000; depth++) nested = { version: '1.0.0', dependencies: { a: nested } }
  expect(read('package-lock.json', JSON.stringify({ lockfileVersion: 1, dependencies: { a: nested } }))).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/nested deeper/),
  })
})
