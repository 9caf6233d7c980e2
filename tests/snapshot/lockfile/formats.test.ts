/** What each generation of a format says, where the generations differ. */
import { expect, test } from 'vitest'
import type { LockEntry } from '#lib/snapshot/lockfile/lockfile.ts'
import { readLockfile } from '#lib/snapshot/lockfile/read.ts'
import { COMMIT, json, SHA256, SHA512 } from '../../checks/locked-files.ts'

function entries(path: string, text: string): readonly LockEntry[] {
  const read = readLockfile({ path, text, mode: '100644', oid: '' })
  if (!read.ok) throw new Error(read.reason)
  return read.lock.entries
}

/** `name@version:line source`, with `#` where it is hashed, `~` where it is excused. */
function said(path: string, text: string): string[] {
  return entries(path, text).map(
    ({ name, version, line, source, hashed, excused }) =>
      `${name}@${version}:${line} ${source}${hashed ? ' #' : ''}${excused ? ' ~' : ''}`,
  )
}

test('package-lock v1: nested, bundled, git in place of the version', () => {
  const text = json({
    lockfileVersion: 1,
    dependencies: {
      a: {
        version: '1.0.0',
        integrity: SHA512,
        requires: { b: '^1' },
        dependencies: { b: { version: '1.0.0', bundled: true } },
      },
      g: { version: `git+ssh://git@h.example/o/g.git#${COMMIT}` },
      l: { version: 'file:../l' },
    },
  })
  expect(said('package-lock.json', text)).toEqual([
    'a@1.0.0:4 registry #',
    'b@1.0.0:11 registry ~',
    `g@git+ssh://git@h.example/o/g.git#${COMMIT}:17 git #`,
    'l@file:../l:20 path',
  ])
})

test('an npm alias is the package that it stands for', () => {
  const old = json({ lockfileVersion: 1, dependencies: { 'x-cjs': { version: 'npm:@s/x@4.2.3', integrity: SHA512 } } })
  expect(said('package-lock.json', old)).toEqual(['@s/x@4.2.3:4 registry #'])
  const packages = Object.fromEntries(
    ['@s/x', '%40s%2fx', 'x'].map((name, index) => [
      `node_modules/alias${index}`,
      { version: '4.2.3', resolved: `https://h.example/npm/${name}/-/x-4.2.3.tgz`, integrity: SHA512 },
    ]),
  )
  const names = entries('package-lock.json', json({ lockfileVersion: 3, packages })).map(({ name }) => name)
  expect(names).toEqual(['@s/x', '@s/x', 'x'])
})

test('pnpm v5, v6 and v9 name packages differently', () => {
  const lock = (version: string, key: string) =>
    `lockfileVersion: ${version}\n\npackages:\n\n  ${key}:\n    resolution: {integrity: ${SHA512}}\n    dev: false\n`
  expect(said('pnpm-lock.yaml', lock('5.4', '/@s/a/1.0.0_react@18.2.0'))).toEqual(['@s/a@1.0.0:5 registry #'])
  expect(said('pnpm-lock.yaml', lock("'6.0'", '/@s/a@1.0.0(react@18.2.0)'))).toEqual(['@s/a@1.0.0:5 registry #'])
  expect(said('pnpm-lock.yaml', lock("'9.0'", "'@s/a@1.0.0'"))).toEqual(['@s/a@1.0.0:5 registry #'])
})

test('pnpm: an archive of a git host at a full commit needs no hash, a branch of it does', () => {
  const lock = (ref: string) =>
    `lockfileVersion: '9.0'\n\npackages:\n\n  a@https://h.example/o/a/tar.gz/${ref}:\n    resolution: {tarball: https://h.example/o/a/tar.gz/${ref}}\n    version: 1.0.0\n`
  expect(said('pnpm-lock.yaml', lock(COMMIT))).toEqual(['a@1.0.0:5 git #'])
  expect(said('pnpm-lock.yaml', lock('main'))).toEqual(['a@1.0.0:5 url'])
})

test('bun: a short commit fixes nothing', () => {
  const lock = (last: string) =>
    `{"lockfileVersion": 1, "workspaces": {"": {}},\n"packages": {\n"g": ["g@github:o/g#abc1234", {}, ${last}],\n}}`
  expect(said('bun.lock', lock('"o-g-abc1234"'))).toEqual(['g@github:o/g#abc1234:3 git'])
  expect(said('bun.lock', lock(`"o-g-abc1234", "${SHA512}"`))).toEqual(['g@github:o/g#abc1234:3 git #'])
})

test('poetry: hashes beside the package, under metadata.files, under metadata.hashes', () => {
  const head = '[[package]]\nname = "a"\nversion = "1.0"\n'
  const file = `{file = "a.whl", hash = "sha256:${SHA256}"}`
  expect(said('poetry.lock', `${head}files = [${file}]\n[metadata]\n`)).toEqual(['a@1.0:1 registry #'])
  expect(said('poetry.lock', `${head}\n[metadata.files]\na = [${file}]\n`)).toEqual(['a@1.0:1 registry #'])
  expect(said('poetry.lock', `${head}\n[metadata.hashes]\na = ["${SHA256}"]\n`)).toEqual(['a@1.0:1 registry #'])
  expect(said('poetry.lock', `${head}files = []\n[metadata]\n`)).toEqual(['a@1.0:1 registry'])
})

test('Cargo.lock v1 keeps checksums apart', () => {
  const source = 'registry+https://r.example/index'
  const text = `[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "${source}"\n\n[metadata]\n"checksum a 1.0.0 (${source})" = "${SHA256}"\n`
  expect(said('Cargo.lock', text)).toEqual(['a@1.0.0:1 registry #'])
})

test('pdm, pylock and Pipfile.lock', () => {
  expect(
    said(
      'pdm.lock',
      `[metadata]\n[metadata.files]\n"a 1.0" = [{file = "x", hash = "sha256:${SHA256}"}]\n[[package]]\nname = "a"\nversion = "1.0"\n`,
    ),
  ).toEqual(['a@1.0:4 registry #'])
  expect(
    said(
      'pylock.toml',
      `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\nvcs = {type = "git", commit-id = "${COMMIT}"}\n`,
    ),
  ).toEqual(['a@1.0:2 git #'])
  expect(
    said(
      'Pipfile.lock',
      json({
        _meta: {},
        default: { a: { version: '==1.0', hashes: [`sha256:${SHA256}`] } },
        develop: { b: { editable: true, path: '.' } },
      }),
    ),
  ).toEqual(['a@1.0:4 registry #', 'b@:12 path'])
})

test('Package.resolved v1 and a flake input by path', () => {
  expect(
    said(
      'Package.resolved',
      json({
        object: {
          pins: [
            { package: 'Kit', repositoryURL: 'git@h.example:o/Kit.git', state: { revision: COMMIT, version: '1.0.0' } },
          ],
        },
        version: 1,
      }),
    ),
  ).toEqual(['h.example/o/Kit@1.0.0:5 git #'])
  expect(
    said(
      'flake.lock',
      json({ nodes: { l: { locked: { path: './l', type: 'path' } }, root: { inputs: { l: 'l' } } }, root: 'root' }),
    ),
  ).toEqual(['l@:3 path'])
})

test('a pod at a commit is fixed, one by the checksum of its podspec is not', () => {
  const text = `PODS:\n  - A (1.0):\n    - A/Core\n  - A/Core (1.0)\n  - B (2.0)\n\nEXTERNAL SOURCES:\n  B:\n    :git: https://h.example/b\n\nCHECKOUT OPTIONS:\n  B:\n    :commit: ${COMMIT}\n    :git: https://h.example/b\n\nSPEC CHECKSUMS:\n  A: ${'a'.repeat(40)}\n\nCOCOAPODS: 1.15.2\n`
  expect(said('Podfile.lock', text)).toEqual(['A@1.0:2 registry', 'B@2.0:5 git #'])
  expect(entries('Podfile.lock', text)[0]).toMatchObject({ sha1Only: true })
})

test('a pod of which only parts are taken is one pod', () => {
  const text = `PODS:\n  - A/Core (1.0):\n    - B/X\n  - A/UI (1.0):\n    - A/Core\n  - "B/X (2.0)"\n\nDEPENDENCIES:\n  - A/UI\n\nSPEC CHECKSUMS:\n  A: ${'a'.repeat(40)}\n\nCOCOAPODS: 1.15.2\n`
  expect(said('Podfile.lock', text)).toEqual(['A@1.0:2 registry', 'B@2.0:6 registry'])
})

test('a Hex package is known by its own name, whatever application asks for it, and by its organisation', () => {
  const text = `%{\n  "chatterbox": {:hex, :ts_chatterbox, "0.15.1", "ab", [:rebar3], [], "hexpm", "cd"},\n  "kit": {:hex, :kit, "1.0.0", "ab", [:mix], [], "hexpm:acme", "cd"},\n}\n`
  expect(entries('mix.lock', text).map(({ name, purl }) => [name, purl])).toEqual([
    ['chatterbox', 'pkg:hex/ts_chatterbox@0.15.1'],
    ['kit', 'pkg:hex/acme/kit@1.0.0'],
  ])
})

test('YAML beyond what package managers write is read by the full parser', () => {
  const text =
    'anchors: &v "1.0"\npackages:\n  http: {dependency: "direct main", version: *v,\n    source: hosted}\nsdks: {}\n'
  expect(said('pubspec.lock', text)).toEqual(['http@1.0:3 registry'])
})
