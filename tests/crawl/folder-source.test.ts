import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { snapshotOfFolder } from '#lib/crawl/folder-source.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}

function git(...args: string[]): string {
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'init.defaultBranch=main']
  return execFileSync('git', [...who, '-C', folder, ...args], { encoding: 'utf8' }).trim()
}

const CI = '.github/workflows/ci.yml'

test('a plain folder: every file, the left-out counted, symlinks never followed', async () => {
  write(CI, '\uFEFFon: push\n')
  write('node_modules/a/package.json', '{}')
  write('package.json', '{}')
  symlinkSync('/etc/passwd', join(folder, 'Dockerfile'))
  const snapshot = await snapshotOfFolder(folder)
  expect(snapshot.commit).toBe('')
  expect([...snapshot.files.keys()]).toEqual([CI, 'package.json'])
  expect(snapshot.files.get(CI)?.text).toBe('on: push\n')
  expect(snapshot.leftOut).toEqual([{ files: 1, reason: 'test data or vendored code' }])
  expect(snapshot.tree.find(({ path }) => path === 'Dockerfile')?.mode).toBe('120000')
  expect(snapshot.releases).toBeNull()
})

test('a work tree: what git tracks, as it is on disk', async () => {
  write(CI, 'on: push\n')
  write('package.json', '{}')
  git('init', '-q')
  git('remote', 'add', 'origin', 'https://github.com/acme/shop.git')
  git('add', '.')
  git('commit', '-qm', 'first')
  write(CI, 'on: pull_request\n')
  write('pyproject.toml', 'not tracked')
  const snapshot = await snapshotOfFolder(folder)
  expect(snapshot.repository).toBe('acme/shop')
  expect(snapshot.commit).toBe(git('rev-parse', 'HEAD'))
  expect([...snapshot.files.keys()]).toEqual([CI, 'package.json'])
  expect(snapshot.files.get(CI)?.text).toBe('on: pull_request\n')
  expect(snapshot.files.get('package.json')?.oid).toBe(git('rev-parse', 'HEAD:package.json'))
})

test('a bare repository, with paths and bytes that only git would hold', async () => {
  const odd = 'a\n"b"\tc/package.json'
  const long = `${'d/'.repeat(1_990)}x/package.json`
  write(CI, Buffer.from('name: caf\xe9\n', 'latin1'))
  write('.github/workflows/nul.yml', 'a: \0b\n')
  write('.github/workflows/wide.yml', Buffer.from('\uFEFFon: push\r\n', 'utf16le'))
  write('.github/workflows/large.yml', Buffer.alloc(3 * 1024 * 1024, 'x'))
  write('.github/workflows/not/here.yml', 'x')
  git('init', '-q')
  git('add', '.')
  const oid = execFileSync('git', ['-C', folder, 'hash-object', '-w', '--stdin'], {
    input: '{"odd":1}',
    encoding: 'utf8',
  }).trim()
  const lines = [odd, long].map(path => `100644 ${oid}\t${path}\0`).join('')
  execFileSync('git', ['-C', folder, 'update-index', '-z', '--add', '--index-info'], { input: lines })
  git('commit', '-qm', 'first')
  git('clone', '-q', '--bare', '.', join(folder, 'bare.git'))
  const snapshot = await snapshotOfFolder(join(folder, 'bare.git'))
  expect(snapshot.commit).toBe(git('rev-parse', 'HEAD'))
  expect(snapshot.files.get(CI)?.text).toBe('name: café\n')
  expect(snapshot.files.get('.github/workflows/wide.yml')?.text).toBe('on: push\r\n')
  expect(snapshot.files.get(odd)?.text).toBe('{"odd":1}')
  expect(snapshot.files.get(long)?.text).toBe('{"odd":1}')
  expect(snapshot.files.has('.github/workflows/not/here.yml')).toBe(false)
  expect(snapshot.unread).toEqual([
    {
      part: 'workflows',
      path: '.github/workflows/large.yml',
      reason: 'It is 3.0 MB large; a workflow is judged up to 1 MB.',
    },
    { part: 'workflows', path: '.github/workflows/nul.yml', reason: 'It is not text: it holds NUL bytes.' },
  ])
})

test('an empty bare repository has nothing, and says so without an error', async () => {
  execFileSync('git', ['init', '-q', '--bare', folder])
  const snapshot = await snapshotOfFolder(folder)
  expect([snapshot.commit, snapshot.tree, snapshot.unread]).toEqual(['', [], []])
})

test('what is no folder is refused with a sentence', async () => {
  write('a-file', '')
  await expect(snapshotOfFolder(join(folder, 'nope'))).rejects.toMatchObject({ code: 'not-found' })
  await expect(snapshotOfFolder(join(folder, 'a-file'))).rejects.toMatchObject({ code: 'invalid-input' })
})

test('what this user may not read is told as that, and never as absent', async () => {
  write('package.json', '{}')
  write('closed/inside/package.json', '{}')
  const asAnybody = async <T>(work: () => Promise<T>): Promise<T> => {
    // The superuser may read everything, whatever the mode says.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) process.seteuid?.(65_534)
    try {
      return await work()
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  }
  chmodSync(folder, 0o755)
  chmodSync(join(folder, 'closed'), 0o000)
  const snapshot = await asAnybody(() => snapshotOfFolder(folder))
  expect([...snapshot.files.keys()]).toEqual(['package.json'])
  expect(snapshot.unread).toEqual([{ part: 'tree', path: 'closed', reason: 'This user may not read it.' }])
  const refusal = { code: 'nothing-readable', message: expect.stringMatching(/this user may not read it/) }
  await expect(asAnybody(() => snapshotOfFolder(join(folder, 'closed')))).rejects.toMatchObject(refusal)
  await expect(asAnybody(() => snapshotOfFolder(join(folder, 'closed/inside')))).rejects.toMatchObject(refusal)
  chmodSync(join(folder, 'closed'), 0o755)
})
