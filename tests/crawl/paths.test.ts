import { expect, test } from 'vitest'
import { actionRefs, resolveRef } from '#lib/crawl/action-refs.ts'
import { inParallel } from '#lib/crawl/parallel.ts'
import { pickFiles } from '#lib/crawl/paths.ts'
import { decodeText } from '#lib/crawl/text.ts'
import { LEFT_OUT } from '#lib/snapshot/left-out.ts'
import type { FileMode, TreeEntry } from '#lib/snapshot/snapshot.ts'

const entry = (path: string, mode: FileMode = '100644', size = 10): TreeEntry => ({
  path,
  mode,
  oid: 'a'.repeat(40),
  size,
})
const taken = (paths: string[]) =>
  pickFiles(
    paths.map(path => entry(path)),
    LEFT_OUT,
  ).wanted.map(({ path }) => path)

test.each([
  ['.github/workflows/ci.yml', '.github/workflows/ci.yaml', 'action.yml', 'a/b/action.yaml'],
  [
    '.github/dependabot.yml',
    '.github/dependabot.yaml',
    'renovate.json',
    '.github/renovate.json5',
    '.renovaterc',
    '.renovaterc.json',
  ],
  [
    'Dockerfile',
    'a/Dockerfile.dev',
    'web.Dockerfile',
    'x.dockerfile',
    'Containerfile',
    'docker-compose.yml',
    'compose.prod.yaml',
    'docker-compose-test.yml',
    '.dockerignore',
  ],
  [
    'package.json',
    'a/package-lock.json',
    'npm-shrinkwrap.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'bun.lock',
    '.npmrc',
    '.yarnrc.yml',
    'bunfig.toml',
    'deno.jsonc',
    'deno.lock',
  ],
  [
    'pyproject.toml',
    'requirements.txt',
    'dev-requirements.txt',
    'requirements/base.txt',
    'requirements.in',
    'base.in',
    'Pipfile',
    'Pipfile.lock',
    'setup.py',
    'setup.cfg',
    'uv.lock',
    'poetry.lock',
    'pdm.lock',
    'pylock.dev.toml',
    'constraints.txt',
  ],
  [
    'go.mod',
    'go.sum',
    'go.work',
    'vendor/modules.txt',
    'Cargo.toml',
    'Cargo.lock',
    '.cargo/config.toml',
    'Gemfile',
    'Gemfile.lock',
    'gems.rb',
    'gems.locked',
    'x.gemspec',
    'composer.json',
    'composer.lock',
  ],
  [
    'a.csproj',
    'a.fsproj',
    'packages.config',
    'Directory.Packages.props',
    'packages.lock.json',
    'pom.xml',
    '.mvn/checksums/checksums.sha256',
    'lockfile.json',
    'build.gradle',
    'build.gradle.kts',
    'gradle/libs.versions.toml',
    'gradle/verification-metadata.xml',
    'gradle.lockfile',
    'buildscript-gradle.lockfile',
  ],
  [
    'pubspec.yaml',
    'pubspec.lock',
    'mix.exs',
    'mix.lock',
    'Package.swift',
    'Package.resolved',
    'Podfile',
    'Podfile.lock',
    'main.tf',
    '.terraform.lock.hcl',
    'Chart.yaml',
    'Chart.lock',
    'flake.nix',
    'flake.lock',
    'environment.yml',
    'conda-lock.yml',
    'MODULE.bazel',
    'MODULE.bazel.lock',
  ],
  [
    'Makefile',
    'justfile',
    'scripts/build.sh',
    'ci.bash',
    'CODEOWNERS',
    '.github/CODEOWNERS',
    'docs/CODEOWNERS',
    '.gitmodules',
    '.devcontainer/devcontainer.json',
    'k8s/web.yaml',
    'charts/web/templates/deployment.yaml',
    'deploy/a/b.yml',
    '.goreleaser.yaml',
  ],
])('taken: %s and the like', (...paths) => {
  expect(taken(paths).sort()).toEqual([...paths].sort())
})

test('not taken: what no check reads, and what only looks alike', () => {
  expect(
    taken([
      'src/main.ts',
      '.github/workflows/deep/ci.yml',
      'a/.github/workflows/ci.yml',
      '.github/Dependabot.yml',
      'Package.json',
      'dockerfile',
      'package.json.bak',
      'MANIFEST.in',
      'README.md',
      'docs/notes.yaml',
    ]),
  ).toEqual([])
})

test('symlinks and submodules stay in the tree and are not read', () => {
  const { tree, wanted } = pickFiles([entry('Dockerfile', '120000'), entry('package.json', '160000')], LEFT_OUT)
  expect([tree.length, wanted.length]).toEqual([2, 0])
})

test('sizes: a workflow up to 1 MB, another file up to 32 MB', () => {
  const big = 2 * 1024 * 1024
  const { wanted, unread } = pickFiles(
    [
      entry('.github/workflows/a.yml', '100644', big),
      entry('yarn.lock', '100644', big),
      entry('go.sum', '100644', 40 * 1024 * 1024),
    ],
    LEFT_OUT,
  )
  expect(wanted.map(({ path }) => path)).toEqual(['yarn.lock'])
  expect(unread).toEqual([
    {
      part: 'workflows',
      path: '.github/workflows/a.yml',
      reason: 'It is 2.0 MB large; a workflow is judged up to 1 MB.',
    },
    { part: 'files', path: 'go.sum', reason: 'It is 40.0 MB large; a file is judged up to 32 MB.' },
  ])
})

test('text is decoded leniently', () => {
  const text = (bytes: Uint8Array) => decodeText(bytes).text
  expect(text(Buffer.from('\uFEFFa'))).toBe('a')
  expect(text(Buffer.from('é'))).toBe('é')
  expect(text(Buffer.from([0x63, 0xe9]))).toBe('cé')
  expect(text(Buffer.from('on: push', 'utf16le'))).toBe('on: push')
  expect(text(Buffer.from('on: push', 'utf16le').swap16())).toBe('on: push')
  expect(text(Buffer.alloc(0))).toBe('')
  expect(decodeText(Buffer.from('a\0b'))).toMatchObject({ text: null, unread: expect.stringContaining('NUL') })
})

test('refs of actions: the fullest version at the commit', () => {
  const refs = new Map([
    ['refs/tags/v4', 'c1'],
    ['refs/tags/v4.2.0', 'c1'],
    ['refs/tags/v4.10.0', 'c1'],
    ['refs/tags/v4.11.0', 'c2'],
    ['refs/heads/main', 'c2'],
  ])
  expect(resolveRef('v4', refs)).toEqual({ commit: 'c1', version: 'v4.10.0' })
  expect(resolveRef('main', refs)).toEqual({ commit: 'c2', version: 'v4.11.0' })
  expect(resolveRef('v5', refs)).toBeNull()
  expect(
    actionRefs([
      `- uses: "a/b/c@v1" # x\n  uses: ./local\n  uses: docker://x@sha256:y\n  uses: a/b@v1\n  'uses': c/d@\${{ x }}`,
    ]),
  ).toEqual(['a/b@v1'])
})

test('work in parallel keeps the order and the bound', async () => {
  let busy = 0
  let most = 0
  const results = await inParallel(
    [5, 4, 3, 2, 1],
    async item => {
      most = Math.max(most, ++busy)
      await Promise.resolve()
      busy -= 1
      return item * 2
    },
    2,
  )
  expect([results, most]).toEqual([[10, 8, 6, 4, 2], 2])
})

test('manifests of tests find room last, and nothing is missed without them', () => {
  const named = (folder: string, count: number) =>
    Array.from({ length: count }, (_, index) => entry(`${folder}/deploy/${index}.yaml`))
  const many = pickFiles([...named('test', 5_500), ...named('web', 10)], LEFT_OUT)
  expect(many.unread).toEqual([])
  expect(many.wanted.filter(({ path }) => path.startsWith('web/'))).toHaveLength(10)
  expect(many.wanted).toHaveLength(5_000)
  const { unread } = pickFiles([...named('test', 10), ...named('web', 5_500)], LEFT_OUT)
  expect(unread.map(({ reason }) => reason)).toEqual([
    '5000 of 5500 Kubernetes files were read; up to 5000 of them are.',
  ])
})

test('a text of nothing but beginnings of calls is read in the time of its length', () => {
  expect(actionRefs(['uses:a/b/'.repeat(100_000), 'uses: a/b@v1'])).toEqual(['a/b@v1'])
})
