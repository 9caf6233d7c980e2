import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { startPart } from '../../scripts/processes.ts'

/** As `next dev` does: a child that says that it is ready and then only waits for what its parent sends. */
const WAITS = `import { fork } from 'node:child_process'
if (process.argv[2] === 'child') {
  process.once('message', word => { console.log('the child was told ' + word); process.disconnect() })
  process.send('ready')
} else {
  fork(import.meta.filename, ['child']).on('message', function () { setTimeout(() => this.send('to go on'), 200) })
}
`

test('a part may have children of its own that wait on their channel', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-part-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'part.mjs'), WAITS)
  const part = startPart('part', [join(folder, 'part.mjs')], { output: 'pipe' })
  if (part.child.stdout === null) throw new Error('its output is a pipe')
  expect(await text(part.child.stdout)).toBe('the child was told to go on\n')
  expect(await part.exited).toBe('The part ended with status 0.')
})

test('a part whose starter is gone stops, without being told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-part-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(
    join(folder, 'part.mjs'),
    `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); process.send('up')`,
  )
  const part = startPart('part', [join(folder, 'part.mjs')], { output: 'pipe' })
  await once(part.child, 'message')
  part.child.disconnect()
  expect(await part.exited).toBe('The part ended with status 7.')
})
