/** No text makes a reader slow: what repeats without end is read, or refused, within the bound of a file. */
import { expect, test } from 'vitest'
import { packagesOf } from '#lib/inventory/packages.ts'
import { judgementsOf } from '#lib/snapshot/lockfile/cover/cover.ts'
import { json } from '../../checks/locked-files.ts'
import { snapshotOf } from '../../snapshot-of.ts'

const BOUND_MS = 2_000
const SIZE = 150_000
const FILES = [
  'package.json',
  'package-lock.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'deno.json',
  'pyproject.toml',
  'uv.lock',
  'requirements.txt',
  'setup.py',
  'setup.cfg',
  'go.mod',
  'go.sum',
  'Cargo.toml',
  'Gemfile',
  'Gemfile.lock',
  'x.gemspec',
  'a.csproj',
  'pom.xml',
  'build.gradle',
  'gradle.lockfile',
  'pubspec.lock',
  'mix.exs',
  'mix.lock',
  'Package.swift',
  'Podfile',
  'main.tf',
  '.terraform.lock.hcl',
  'flake.nix',
  'environment.yml',
  'MODULE.bazel',
]
const PATTERNS = [
  ' ',
  '\n',
  '\\\n',
  '"',
  "'",
  '(',
  '{',
  '[',
  '<a>',
  '- ',
  '? ',
  'a: ',
  'a\n',
  '#',
  'bazel_dep(',
  'install_requires=[',
  '.package(',
  '=',
  '/',
]

test.each(FILES)(
  '%s',
  path => {
    for (const pattern of PATTERNS) {
      const repo = snapshotOf({ [path]: pattern.repeat(SIZE / pattern.length) })
      const start = performance.now()
      judgementsOf(repo)
      packagesOf(repo)
      const milliseconds = performance.now() - start
      expect(milliseconds, `${JSON.stringify(pattern)} in ${path}`).toBeLessThan(BOUND_MS)
    }
  },
  60_000,
)

test('as many dependencies as a manifest can hold', () => {
  const names = Array.from({ length: 40_000 }, (_, index) => `p${index}`)
  const files = {
    'package.json': json({ dependencies: Object.fromEntries(names.map(name => [name, '^1'])) }),
    'composer.json': json({ require: Object.fromEntries(names.map(name => [`v/${name}`, '^1'])) }),
    'pyproject.toml': `[project]\ndependencies = [\n${names.map(name => `  "${name}",\n`).join('')}]\n`,
    'Cargo.toml': `[dependencies]\n${names.map(name => `${name} = "1"\n`).join('')}`,
    'MODULE.bazel': names
      .slice(0, 20_000)
      .map(name => `bazel_dep(name = "${name}", version = "1")\n`)
      .join(''),
    'a.csproj': `<Project><ItemGroup>\n${names
      .slice(0, 15_000)
      .map(name => `<PackageReference Include="${name}" Version="1" />\n`)
      .join('')}</ItemGroup></Project>`,
  }
  const start = performance.now()
  const judged = judgementsOf(snapshotOf(files))
  expect(performance.now() - start).toBeLessThan(3 * BOUND_MS)
  expect(judged.map(({ state }) => state)).toEqual([
    'floating',
    'floating',
    'locked',
    'floating',
    'floating',
    'floating',
  ])
})

test('a manifest of more than a megabyte is refused', () => {
  const [judged] = judgementsOf(snapshotOf({ 'package.json': ' '.repeat(1_000_001) }))
  expect(judged).toMatchObject({ state: 'unknown', path: 'package.json' })
})
