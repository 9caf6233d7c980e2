import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPack } from '#lib/github/pack.ts'
import { bareRepository, temporaryFolder } from '#tests/demo/github/bare-repository.ts'

/** A repository whose file changes a little again and again, so that git packs it as changes of one another. */
async function packed(...how: string[]): Promise<{ pack: Buffer; text: (oid: string) => string }> {
  const dir = temporaryFolder()
  const lines = Array.from({ length: 400 }, (_, index) => `line ${index} ${'x'.repeat(index % 40)}`)
  const commits = Array.from({ length: 12 }, (_, number) => ({
    date: `2026-05-${String(number + 1).padStart(2, '0')}T00:00:00Z`,
    files: { 'a/b.txt': [...lines.slice(0, number * 20), `changed ${number}`, ...lines.slice(number * 20)].join('\n') },
  }))
  await bareRepository(dir, 'one', commits)
  const git = (...args: string[]) =>
    execFileSync('git', [`--git-dir=${join(dir, 'one.git')}`, ...args], { maxBuffer: 1e8 })
  const pack = execFileSync(
    'git',
    [`--git-dir=${join(dir, 'one.git')}`, 'pack-objects', '--all', '--stdout', '-q', ...how],
    {
      input: '',
    },
  )
  return { pack, text: oid => git('cat-file', 'blob', oid).toString() }
}

test.each([[['--delta-base-offset']], [[]]])('a pack of changes by offset and by id is read whole (%j)', async how => {
  const { pack, text } = await packed(...how)
  const objects = readPack(pack)
  expect(objects.size).toBe(12 * 4)
  const blobs = [...objects].filter(([, { kind }]) => kind === 'blob')
  expect(blobs).toHaveLength(12)
  for (const [oid, { bytes }] of blobs) expect(bytes.toString()).toBe(text(oid))
  // The pack really is one of changes.
  expect(pack.length).toBeLessThan(blobs.reduce((sum, [, { bytes }]) => sum + bytes.length, 0) / 8)
})

test('a pack that is cut short or altered anywhere is refused or gives other ids, and never the wrong bytes', async () => {
  const { pack } = await packed('--delta-base-offset')
  const whole = readPack(pack)
  expect(() => readPack(pack.subarray(0, pack.length / 2))).toThrow()
  expect(() => readPack(Buffer.from('<html>'))).toThrow()
  for (let at = 12; at < pack.length - 20; at += 97) {
    const altered = Buffer.from(pack)
    altered[at] = (altered[at] ?? 0) ^ 0x11
    let objects: ReturnType<typeof readPack>
    try {
      objects = readPack(altered)
    } catch (error) {
      expect(error).toBeInstanceOf(Error)
      continue
    }
    for (const [oid, { bytes }] of objects)
      if (whole.has(oid)) expect(bytes.equals(whole.get(oid)?.bytes ?? Buffer.alloc(0))).toBe(true)
  }
})
