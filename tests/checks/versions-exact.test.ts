import { expect, test } from 'vitest'
import { places, verdictOf } from './verdict-of.ts'

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
