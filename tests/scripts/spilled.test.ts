import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PLANTED } from '#tests/planted.ts'
import { recordOutput, spilledSecrets } from '../../scripts/spilled.ts'

/** Runs a program that prints these, one a line on both outputs, and a child of its own that does so too. */
function printed(texts: readonly string[]): ReturnType<typeof spilledSecrets> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline output '))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const print = 'for (const text of JSON.parse(process.argv[1])) { console.log(text); console.error(text) }'
  const child = `${print}; require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(print)}, process.argv[1]])`
  const env = { ...process.env, ...recordOutput(join(folder, 'out')) }
  execFileSync(process.execPath, ['-e', child, JSON.stringify(texts)], { env, stdio: 'ignore' })
  return spilledSecrets(join(folder, 'out'))
}

test.each(Object.entries(PLANTED))(
  'a planted secret (%s) is found wherever it was printed, and not told again',
  (_, secret) => {
    const { spilled } = printed([`failed at ${secret}: why`])
    expect(spilled).toHaveLength(4)
    expect(spilled.join()).not.toContain(secret)
    expect(spilled.join()).toContain('failed at')
  },
)

test('so is a secret that nobody planted, by its shape', () => {
  expect(printed(['postgresql://me:word@db/x', '-----BEGIN PRIVATE KEY-----']).spilled).toHaveLength(8)
})

test('words about them are none, and everything that was printed is looked at', () => {
  const { lines, spilled } = printed(['a planted secret is found', 'tests/planted.ts', 'https://github.com/a/b'])
  expect(spilled).toEqual([])
  expect(lines).toBeGreaterThanOrEqual(12)
})
