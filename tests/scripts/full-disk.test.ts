/** A disk that is full in the middle of a crawl, for real where the system lets a test have a small one. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { openNamespaces } from '#demo/github/namespaces.ts'
import { startGitHub } from '#demo/github/server.ts'
import { makeSynthetic } from '#demo/github/synthetic.ts'
import { PLANTED } from '#tests/planted.ts'

const ROOT = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'plumbline-full-'))
const disk = mkdtempSync(join(tmpdir(), 'plumbline-small-disk-'))
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=224m', 'tmpfs', disk]).status === 0

afterAll(() => {
  if (mounted) spawnSync('umount', ['--lazy', disk])
  for (const path of [folder, disk]) rmSync(path, { recursive: true, force: true })
})

test.skipIf(!mounted)(
  'is told in a sentence with a non-zero exit, and what was crawled is kept',
  { timeout: 180_000 },
  async () => {
    const repositories = join(folder, 'all.git')
    await makeSynthetic(repositories, { repos: 300 })
    const github = await startGitHub({ host: await openNamespaces(repositories, 'acme') })
    const crawl = async () => {
      const args = ['scripts/crawl.ts', '--org', 'acme', '--api-url', github.apiUrl, '--data', join(disk, 'data')]
      const env = { ...process.env, GITHUB_TOKEN: PLANTED.classic, DATABASE_URL: '' }
      const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
      const [[status], said, out] = await Promise.all([once(child, 'exit'), text(child.stderr), text(child.stdout)])
      return { status, said, out }
    }
    try {
      writeFileSync(join(disk, 'in-the-way'), Buffer.alloc(180 * 1024 * 1024))
      const { bavail, bsize } = statfsSync(disk)
      // Enough to begin, and not enough to end.
      expect(bavail * bsize).toBeGreaterThan(30 * 1024 * 1024)
      const full = await crawl()
      expect(full.status).toBe(1)
      expect(full.said).toMatch(/is full\.\nMake room there, then start again: everything committed is kept\./)
      expect(full.said).not.toMatch(/\bat .*node_modules/)
      rmSync(join(disk, 'in-the-way'))
      const again = await crawl()
      expect([again.status, again.said]).toEqual([0, ''])
      expect(again.out).toMatch(/repositories +300/)
    } finally {
      await github.stop()
    }
  },
)
