import { expect, test } from 'vitest'
import { applyEdits } from '#lib/patch/apply.ts'
import { places, verdictOf } from './verdict-of.ts'

const filesOf = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, { text }]))
const judge = (files: Record<string, string>) => verdictOf('versions-exact', files)

test('one exact and one floating version make exactly one finding', () => {
  const result = judge({ 'package.json': '{\n"private":true,\n"dependencies":{\n"a":"1.0.0",\n"b":"^1.0.0"\n}}\n' })
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['package.json:5'])
})

test.each([
  ['1.0.0', 'pass'],
  ['=1.0.0', 'pass'],
  ['1.0.0-beta.1', 'pass'],
  ['npm:other@1.0.0', 'pass'],
  ['npm:other@^1.0.0', 'fail'],
  ['~1.0.0', 'fail'],
  ['1.x', 'fail'],
  ['1', 'fail'],
  ['*', 'fail'],
  ['', 'fail'],
  ['latest', 'fail'],
  ['>=1.0.0', 'fail'],
  ['1.0.0 || 2.0.0', 'fail'],
  [`github:acme/a#${'a'.repeat(40)}`, 'pass'],
  ['github:acme/a#main', 'fail'],
  ['workspace:*', 'not-applicable'],
  ['file:../a', 'not-applicable'],
  ['catalog:', 'not-applicable'],
])('npm %j: %s', (constraint, outcome) => {
  expect(judge({ 'package.json': JSON.stringify({ private: true, dependencies: { a: constraint } }) }).outcome).toBe(
    outcome,
  )
})

test.each([
  [{}, 'fail'],
  [{ private: true, exports: './a.js' }, 'fail'],
  [{ exports: './a.js' }, 'not-applicable'],
  [{ files: ['lib'] }, 'not-applicable'],
  [{ publishConfig: {} }, 'not-applicable'],
])('a package with %j: %s', (more, outcome) => {
  expect(judge({ 'package.json': JSON.stringify({ ...more, dependencies: { a: '^1.0.0' } }) }).outcome).toBe(outcome)
})

test('a single `=` is exact to Poetry', () => {
  const poetry = (version: string) =>
    `[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\na = "${version}"\nb = [{ version = "${version}", python = ">=3" }]\n`
  expect(judge({ 'pyproject.toml': poetry('=1.0') }).outcome).toBe('pass')
  expect(judge({ 'pyproject.toml': poetry('^1.0') }).findings).toHaveLength(2)
})

test('only an unread manifest makes it unknown', () => {
  const unread = (path: string | null) => [{ part: 'files' as const, path, reason: 'gone' }]
  const files = { 'package.json': '{"private":true,"dependencies":{"a":"1.0.0"}}' }
  expect(verdictOf('versions-exact', files, { unread: unread('a.gemspec') }).outcome).toBe('pass')
  expect(verdictOf('versions-exact', files, { unread: unread(null) }).outcome).toBe('pass')
  expect(verdictOf('versions-exact', files, { unread: unread('web/package.json') }).outcome).toBe('unknown')
})

test.each([
  [{ 'requirements.txt': 'a==1.0\nb>=1\n' }, 'fail'],
  [{ 'requirements.txt': 'a==1.0\n' }, 'pass'],
  [{ 'requirements.txt': 'a==1.*\n' }, 'fail'],
  [{ 'requirements.in': 'a\n' }, 'not-applicable'],
  [{ 'pyproject.toml': '[project]\nname="x"\ndependencies=["a>=1"]\n' }, 'fail'],
  [{ 'pyproject.toml': '[project]\nname="x"\ndependencies=["a==1.0"]\n' }, 'pass'],
  [
    {
      'pyproject.toml': '[build-system]\nrequires=[]\n[project]\nname="x"\ndependencies=["a>=1"]\n',
      'requirements.txt': 'a>=1\n',
    },
    'not-applicable',
  ],
])('python %j: %s', (files, outcome) => {
  expect(judge(files).outcome).toBe(outcome)
})

const manifest = (version: string) => JSON.stringify({ private: true, dependencies: { a: version } }, null, 2)
const packageLock = (range: string, version = '1.2.3') =>
  JSON.stringify(
    {
      lockfileVersion: 3,
      packages: { '': { dependencies: { a: range } }, 'node_modules/a': { version, integrity: 'sha512-x' } },
    },
    null,
    2,
  )
const pnpmLock = (range: string) =>
  `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ${range}\n        version: 1.2.3(b@1.0.0)\n\npackages:\n\n  a@1.2.3:\n    resolution: {integrity: sha512-x}\n`

test.each<[string, Record<string, string>, Record<string, string>]>([
  [
    'package-lock.json',
    { 'package.json': manifest('^1.0.0'), 'package-lock.json': packageLock('^1.0.0') },
    { 'package.json': manifest('1.2.3'), 'package-lock.json': packageLock('1.2.3') },
  ],
  [
    'a lock of version 1, which repeats no range',
    {
      'package.json': manifest('^1.0.0'),
      'package-lock.json': '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.2.3"}}}',
    },
    { 'package.json': manifest('1.2.3') },
  ],
  [
    'pnpm-lock.yaml',
    { 'package.json': manifest('>=1.0.0'), 'pnpm-lock.yaml': pnpmLock("'>=1.0.0'") },
    { 'package.json': manifest('1.2.3'), 'pnpm-lock.yaml': pnpmLock('1.2.3') },
  ],
  [
    'a member of a workspace',
    {
      'package.json': '{"private":true,"workspaces":["app"]}',
      'app/package.json': manifest('latest'),
      'package-lock.json': packageLock('^9').replace('"": {', '"": {},\n    "app": {').replace('^9', 'latest'),
    },
    {
      'app/package.json': manifest('1.2.3'),
      'package-lock.json': packageLock('^9').replace('"": {', '"": {},\n    "app": {').replace('^9', '1.2.3'),
    },
  ],
])('the fix writes what is locked: %s', (_, files, expected) => {
  const result = judge(files)
  const [finding] = result.findings
  expect(finding?.patch?.safety).toBe('safe')
  expect(Object.fromEntries(applyEdits(filesOf(files), finding?.patch?.edits ?? []))).toEqual(expected)
})

test.each<[string, Record<string, string>]>([
  ['no lock', { 'package.json': manifest('^1.0.0') }],
  ['a lock that does not fit', { 'package.json': manifest('^2.0.0'), 'package-lock.json': packageLock('^2.0.0') }],
  ['a lock of another range', { 'package.json': manifest('^1.0.0'), 'package-lock.json': packageLock('^1.1.0') }],
  [
    'a lock of Yarn, which is named by the ranges',
    { 'package.json': manifest('^1.0.0'), 'yarn.lock': 'a@^1.0.0:\n  version "1.2.3"\n' },
  ],
  [
    'a lock of Yarn 4, which tells the version and is named by the ranges too',
    {
      'package.json': manifest('^1.0.0'),
      'yarn.lock':
        '__metadata:\n  version: 8\n\n"a@npm:^1.0.0":\n  version: 1.2.3\n  resolution: "a@npm:1.2.3"\n  checksum: 10/00\n  languageName: node\n  linkType: hard\n\n"x@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "x@workspace:."\n  dependencies:\n    a: "npm:^1.0.0"\n  languageName: unknown\n  linkType: soft\n',
    },
  ],
  [
    'two locks',
    {
      'package.json': manifest('^1.0.0'),
      'package-lock.json': packageLock('^1.0.0'),
      'pnpm-lock.yaml': pnpmLock('^1.0.0'),
    },
  ],
])('no fix: %s', (_, files) => {
  const result = judge(files)
  expect(result.findings).toHaveLength(1)
  expect(result.findings[0]?.patch).toBeUndefined()
})
