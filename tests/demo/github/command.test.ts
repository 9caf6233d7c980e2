import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bareRepository, temporaryFolder } from './bare-repository.ts'

const ROOT = join(import.meta.dirname, '../../..')

function start(...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['scripts/github.ts', ...args], { cwd: ROOT })
  onTestFinished(() => void child.kill())
  return child
}

function ended(child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; said: string }> {
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return new Promise(resolve => child.once('close', code => resolve({ code, said })))
}

test('serves a folder until it is told to stop', async () => {
  const dir = temporaryFolder()
  await bareRepository(dir, 'web', [{ date: '2026-01-01T00:00:00Z', files: { a: 'a' } }])
  const child = start('--repos', dir, '--org', 'acme', '--port', '0')
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += chunk
    if (printed.includes('GITHUB_TOKEN')) break
  }
  const api = /GITHUB_API_URL=(\S+)/.exec(printed)?.[1] ?? ''
  expect(printed).toContain('acme with 1 repositories')
  const answer = await fetch(`${api}/orgs/acme/repos`, {
    headers: { authorization: 'Bearer any', 'user-agent': 'tests' },
  })
  expect(await answer.json()).toMatchObject([{ full_name: 'acme/web' }])
  const end = ended(child)
  child.kill('SIGTERM')
  expect((await end).code).toBe(0)
})

test('says what to do where it cannot serve', async () => {
  const missing = await ended(start('--repos', '/nowhere', '--org', 'acme'))
  expect(missing).toEqual({
    code: 2,
    said: '/nowhere is no folder.\nName a folder that holds bare git repositories.\n',
  })
  const other = createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const taken = await ended(start('--repos', temporaryFolder(), '--org', 'acme', '--port', String(port)))
  expect(taken).toEqual({ code: 2, said: `Port ${port} is taken.\nChoose another one with --port.\n` })
  expect((await ended(start('--repos', '.', '--org', 'acme', '--port', 'x'))).said).toContain('Write a whole number.')
})
