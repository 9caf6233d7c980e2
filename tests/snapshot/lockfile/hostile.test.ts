/** Lockfiles that nobody vouches for: damaged, deep, huge. A reason with a line, never a crash, never silently empty. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packagesOf } from '#lib/inventory/packages.ts'
import { judgementsOf } from '#lib/snapshot/lockfile/cover/cover.ts'
import { readLockfile } from '#lib/snapshot/lockfile/read.ts'
import { snapshotOf } from '../../snapshot-of.ts'
import { lockSamples } from '../hostile/lock-samples.ts'

const NAMES = Object.keys(lockSamples)

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
  const whole = lockSamples[path] ?? ''

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
