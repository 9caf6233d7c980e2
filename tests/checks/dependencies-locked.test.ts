import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { app, json, judge, manifest, member, npmLock, pnpm, SHA512, yarnClassic } from './locked-files.ts'
import { places, verdictOf } from './verdict-of.ts'

test('one good and one bad manifest make exactly one finding', () => {
  const result = judge({
    'good/package.json': manifest({ a: '^1.0.0' }),
    'good/package-lock.json': npmLock('a', '1.2.0'),
    'bad/package.json': manifest({ a: '^1.0.0' }),
  })
  expect(result).toMatchObject({ examined: 2, value: 0.5, outcome: 'fail' })
  expect(places(result)).toEqual(['bad/package.json:4'])
  expect(result.findings[0]?.evidence.excerpt).toContain('"a": "^1.0.0"')
})

test('an entry without a hash weighs half and is named with its line', () => {
  const result = judge({ 'package.json': manifest({ a: '^1.0.0' }), 'package-lock.json': npmLock('a', '1.2.0', {}) })
  expect(result).toMatchObject({ examined: 1, value: 0.5, findings: [{ weight: 0.5 }] })
  expect(places(result)).toEqual(['package-lock.json:9'])
  expect(result.findings[0]?.message).toContain('a@1.2.0 (line 9)')
})

test('the first twenty entries without a hash are named, and how many there are', () => {
  const names = Array.from({ length: 25 }, (_, index) => `p${index}`)
  const packages = Object.fromEntries(names.map(name => [`node_modules/${name}`, { version: '1.0.0' }]))
  const lock = json({ lockfileVersion: 3, packages: { '': { dependencies: { p0: '*' } }, ...packages } })
  const [finding] = judge({ 'package.json': manifest({ p0: '*' }), 'package-lock.json': lock }).findings
  expect(finding?.message).toContain('25 entries have no hash')
  expect(finding?.message).toContain('p19@1.0.0')
  expect(finding?.message).not.toContain('p20@')
  expect(finding?.message).toContain('and 5 more')
})

test.each<[string, FileMap]>([
  [
    'npm',
    {
      ...member,
      'package-lock.json': json({
        lockfileVersion: 3,
        packages: {
          '': { workspaces: ['packages/*'] },
          'node_modules/a': { version: '1.0.0', integrity: SHA512 },
          'node_modules/x': { resolved: 'packages/x', link: true },
          'packages/x': { dependencies: { a: '^1.0.0', y: '^1.0.0' } },
        },
      }),
    },
  ],
  ['yarn classic', { ...member, 'yarn.lock': `${yarnClassic('"')}  integrity ${SHA512}\n` }],
  ['pnpm', { ...member, 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n', 'pnpm-lock.yaml': pnpm('packages/x') }],
])('a workspace member is covered by the lock of its root: %s', (_, files) => {
  expect(judge(files)).toMatchObject({ outcome: 'pass', examined: 1 })
})

test.each<[string, FileMap]>([
  ['nothing at all', {}],
  [
    'build requirements alone',
    { 'pyproject.toml': '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "x"\n' },
  ],
  ['peers alone', { 'package.json': json({ name: 'x', peerDependencies: { react: '*' } }) }],
  [
    'what is in the repository itself',
    { 'package.json': json({ dependencies: { a: 'workspace:*', b: 'file:../b', c: 'link:./c' } }) },
  ],
  [
    'versions for others',
    {
      'Cargo.toml': '[workspace]\nmembers = []\n[workspace.dependencies]\na = "1"\n',
      'Directory.Packages.props':
        '<Project><ItemGroup><PackageVersion Include="A" Version="1.*" /></ItemGroup></Project>',
      'gradle/libs.versions.toml': '[libraries]\na = "g:a:1.+"\n',
    },
  ],
  [
    'a list of files for packaging',
    { 'MANIFEST.in': 'include README.md\nrecursive-include docs *\n', 'config.h.in': '#undef X\n' },
  ],
  [
    'prose of that name',
    { 'docs/requirements.txt': 'The system shall be fast.\nIt shall also be small, and cheap.\n' },
  ],
  ['an include of another file', { 'requirements-dev.txt': '-r requirements-dev.txt\n' }],
])('not applicable: %s', (_, files) => {
  expect(judge(files)).toMatchObject({ outcome: 'not-applicable', examined: 0 })
})

describe('unknown', () => {
  test.each<[string, FileMap, RegExp]>([
    [
      'a lock with merge conflict markers',
      { ...app, 'package-lock.json': '{\n<<<<<<< HEAD\n}\n' },
      /package-lock\.json: merge conflict markers \(line 2\)/,
    ],
    [
      'a lock cut short',
      { ...app, 'package-lock.json': npmLock('a', '1.0.0').slice(0, 80) },
      /not valid JSON.*\(line \d+\)/,
    ],
    ['a manifest that is no JSON', { 'package.json': '{"dependencies": ' }, /package\.json: not valid JSON/],
    [
      'a TOML lock cut short',
      { 'pyproject.toml': '[project]\ndependencies = ["a"]\n', 'uv.lock': 'version = 1\n[[package\n' },
      /uv\.lock: not valid TOML.*line 2/,
    ],
  ])('%s', (_, files, reason) => {
    const result = judge(files)
    expect(result).toMatchObject({ outcome: 'unknown', examined: 0, findings: [] })
    expect(result.reason).toMatch(reason)
  })

  test('a lock that is there and was not taken is not an absent one', () => {
    const unread = [{ part: 'files' as const, path: 'package-lock.json', reason: 'It is 40.0 MB large.' }]
    expect(verdictOf('dependencies-locked', app, { unread })).toMatchObject({ outcome: 'unknown' })
  })

  test('in a tree cut short an absent lock proves nothing', () => {
    const unread = [{ part: 'tree' as const, path: null, reason: 'The tree was cut short.' }]
    expect(verdictOf('dependencies-locked', app, { unread })).toMatchObject({ outcome: 'unknown', findings: [] })
  })
})

test('two locks of different managers are told', () => {
  const result = judge({ ...app, 'package-lock.json': npmLock('a', '1.0.0'), 'pnpm-lock.yaml': pnpm('.') })
  expect(result).toMatchObject({ outcome: 'pass' })
  expect(result.notes.join()).toContain('package-lock.json, pnpm-lock.yaml')
})

test('requirements that include each other end', () => {
  const result = judge({
    'requirements.txt': '-r requirements-b.txt\nfoo==1.0\n',
    'requirements-b.txt': '-r requirements.txt\nbar>=1\n',
  })
  expect(places(result)).toEqual(['requirements-b.txt:2', 'requirements.txt:1'])
})
