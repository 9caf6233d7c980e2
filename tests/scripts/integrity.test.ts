/** Who changes a file that is served or run is seen at the next start. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '#lib/errors.ts'
import { checkIntegrity, type IntegrityRule, linesOn, MANIFEST, refuseChanged, SIGNATURE } from '#lib/integrity.ts'
import { unexplained } from '../../scripts/build.ts'
import { writeManifest } from '../../scripts/integrity.ts'

const LOCK = {
  packages: {
    '': {},
    'node_modules/yaml': { dependencies: { deep: '1' } },
    'node_modules/deep': {},
    'node_modules/other': {},
  },
}
const BUILD: Record<string, string> = {
  'package.json': '{}',
  'package-lock.json': JSON.stringify(LOCK),
  'lib/judge.ts': "import { parse } from 'yaml'\nexport const judge = parse\n",
  '.next/BUILD_ID': 'x',
  '.next/server/page.js': 'page',
  '.next/server/page.js.nft.json': '{"files":["../../node_modules/next/dist/server.js"]}',
  '.next/static/app.css': 'css',
  '.next/cache/x.js': 'cache',
  'node_modules/yaml/index.js': 'yaml',
  'node_modules/deep/index.js': 'deep',
  'node_modules/other/index.js': 'not imported',
  'node_modules/next/dist/server.js': 'server',
}
const UNASKED: IntegrityRule = { mode: null, publicKey: null }
let top = ''

beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'plumbline-integrity-'))
  for (const [path, text] of Object.entries(BUILD)) write(path, text)
  await writeManifest(top, null)
})
afterEach(() => rmSync(top, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(top, path)), { recursive: true })
  writeFileSync(join(top, path), text)
}

function pair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

test('what was built is whole', async () => {
  expect(await checkIntegrity(top, UNASKED)).toEqual({
    state: 'whole',
    files: 10,
    tampered: [],
    missing: [],
    extra: [],
    signature: 'unasked',
  })
})

test('what only lies there may change', async () => {
  for (const path of ['.next/cache/x.js', '.next/trace', 'node_modules/other/index.js', 'lib/judge.ts~', 'README.md'])
    write(path, 'changed')
  expect(await checkIntegrity(top, UNASKED)).toMatchObject({ state: 'whole' })
})

test('a changed, a missing and an added file are each named', async () => {
  write('lib/judge.ts', 'export const judge = () => 100\n')
  unlinkSync(join(top, '.next/static/app.css'))
  write('.next/server/shell.js', 'evil')
  write('node_modules/deep/lib/more.cjs', 'evil')
  const found = await checkIntegrity(top, UNASKED)
  expect(linesOn(found)).toEqual([
    'changed: lib/judge.ts',
    'missing: .next/static/app.css',
    'not of the build: .next/server/shell.js',
    'not of the build: node_modules/deep/lib/more.cjs',
  ])
})

test.each([
  'node_modules/yaml/index.js',
  'node_modules/deep/index.js',
  'node_modules/next/dist/server.js',
  'package-lock.json',
])('a changed %s is seen', async path => {
  write(path, 'evil')
  expect((await checkIntegrity(top, UNASKED)).tampered).toEqual([path])
})

test('a file that became a link to itself elsewhere is changed', async () => {
  write('elsewhere.js', 'page')
  unlinkSync(join(top, '.next/server/page.js'))
  symlinkSync(join(top, 'elsewhere.js'), join(top, '.next/server/page.js'))
  expect((await checkIntegrity(top, UNASKED)).tampered).toEqual(['.next/server/page.js'])
})

describe('signed', () => {
  test('by the right key, by another, by none, and without a manifest', async () => {
    const right = pair()
    await writeManifest(top, right.privateKey)
    expect(await checkIntegrity(top, { mode: null, publicKey: right.publicKey })).toMatchObject({
      state: 'whole',
      signature: 'right',
    })
    expect(await checkIntegrity(top, { mode: null, publicKey: pair().publicKey })).toMatchObject({
      state: 'changed',
      signature: 'wrong',
    })
    unlinkSync(join(top, SIGNATURE))
    expect(await checkIntegrity(top, { mode: null, publicKey: right.publicKey })).toMatchObject({
      state: 'changed',
      signature: 'wrong',
    })
    unlinkSync(join(top, MANIFEST))
    expect(await checkIntegrity(top, { mode: null, publicKey: right.publicKey })).toMatchObject({
      state: 'changed',
      signature: 'wrong',
    })
    expect(await checkIntegrity(top, UNASKED)).toMatchObject({ state: 'absent' })
  })

  test('whoever writes the manifest anew after a change is found out by the key', async () => {
    const right = pair()
    await writeManifest(top, right.privateKey)
    write('lib/judge.ts', 'evil')
    await writeManifest(top, null)
    expect(await checkIntegrity(top, UNASKED)).toMatchObject({ state: 'whole' })
    expect(await checkIntegrity(top, { mode: null, publicKey: right.publicKey })).toMatchObject({ state: 'changed' })
  })

  test('a key that is none is refused, and not repeated', async () => {
    await expect(writeManifest(top, 'hunter2')).rejects.toThrow(/PLUMBLINE_SIGNING_KEY is not an Ed25519 private key/)
    await writeManifest(top, pair().privateKey)
    const refused = checkIntegrity(top, { mode: null, publicKey: 'hunter2' })
    await expect(refused).rejects.toThrow(AppError)
    await expect(refused).rejects.not.toThrow(/hunter2/)
  })
})

describe('a start', () => {
  const start = async (mode: IntegrityRule['mode']) => {
    const said: string[] = []
    await refuseChanged(top, { mode, publicKey: null }, line => said.push(line))
    return said
  }

  test('goes on where all is whole', async () => {
    expect(await start('refuse')).toEqual([])
  })

  test('is refused with the list, or told of it, or neither, by the setting', async () => {
    write('.next/server/page.js', 'evil')
    await expect(start(null)).rejects.toThrow('Files are not those of the build:\nchanged: .next/server/page.js')
    await expect(start('refuse')).rejects.toMatchObject({ code: 'integrity-violated' })
    expect(await start('warn')).toEqual(['Files are not those of the build:', 'changed: .next/server/page.js'])
    expect(await start('off')).toEqual([])
  })
})

test('a build accounts for its own output, a new lock for packages, and sources for themselves', () => {
  const found = (...tampered: string[]) => ({
    state: 'changed' as const,
    files: 9,
    tampered,
    missing: [],
    extra: [],
    signature: 'unasked' as const,
  })
  expect(unexplained(found('workers/main.ts', 'lib/a.ts'), false).tampered).toEqual([])
  expect(unexplained(found('.next/server/page.js'), false).tampered).toEqual(['.next/server/page.js'])
  expect(unexplained(found('.next/server/page.js'), true).tampered).toEqual([])
  expect(unexplained(found('node_modules/yaml/index.js'), true).tampered).toEqual(['node_modules/yaml/index.js'])
  expect(unexplained(found('node_modules/yaml/index.js', 'package-lock.json'), false).tampered).toEqual([])
})
