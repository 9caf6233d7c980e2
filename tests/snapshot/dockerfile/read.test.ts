/** Dockerfiles: stages, both forms of RUN, continued lines with comments, here-documents. */
import { describe, expect, test } from 'vitest'
import { commandsOf } from '#lib/snapshot/commands.ts'
import { isDockerfilePath } from '#lib/snapshot/dockerfile/read.ts'
import { snapshotOf } from '../../snapshot-of.ts'

function commands(text: string, more: Record<string, string> = {}) {
  return commandsOf(snapshotOf({ Dockerfile: text, ...more })).commands
}

function lines(text: string): string[] {
  return commands(text).map(({ argv }) => argv.join(' '))
}

test.each([
  ['Dockerfile', true],
  ['a/Dockerfile.prod', true],
  ['web.Dockerfile', true],
  ['Containerfile', true],
  ['Dockerfile.dockerignore', false],
  ['Dockerfile.j2', false],
  ['Dockerfile.eex', false],
  ['dockerfile', false],
])('%s', (path, expected) => {
  expect(isDockerfilePath(path)).toBe(expected)
})

describe('commands', () => {
  const cases: [string, string[]][] = [
    ['FROM a\nRUN npm ci', ['npm ci']],
    ['FROM a\nRUN ["npm", "ci"]', ['npm ci']],
    ['FROM a\nRUN ["sh", "-c", "npm ci && npm t"]', ['npm ci', 'npm t']],
    ['FROM a\nRUN --mount=type=cache,target=/x --network=none npm ci', ['npm ci']],
    ['FROM a\nRUN npm ci \\\n  # why\n  --x && \\\n  npm t', ['npm ci --x', 'npm t']],
    ['FROM a\r\nRUN npm ci \\\r\n  --x\r\n', ['npm ci --x']],
    ['FROM a\nRUN <<X\nnpm ci\nnpm t\nX\nRUN echo', ['npm ci', 'npm t', 'echo']],
    ['FROM a\nSHELL ["pwsh", "-c"]\nRUN npm ci', []],
    ['RUN npm ci', []],
    ['', []],
  ]
  test.each(cases)('%j', (text, expected) => {
    expect(lines(text)).toEqual(expected)
  })
})

test('a stage takes environment, folder and files of the stage that it starts from', () => {
  const text =
    'FROM a AS base\nENV X=1 Y="2 3"\nWORKDIR /app\nCOPY web ./web\nFROM base\nRUN cd web && npm ci\nFROM b\nRUN npm t'
  const [, first, second] = commands(text, { 'web/package.json': '{}' })
  expect(first).toMatchObject({ argv: ['npm', 'ci'], cwd: 'web' })
  expect([...(first?.env ?? [])]).toEqual([
    ['X', '1'],
    ['Y', '2 3'],
  ])
  expect(second).toMatchObject({ argv: ['npm', 't'], cwd: null })
  expect(second?.env.size).toBe(0)
})

test('a manifest that is copied by name tells the folder', () => {
  const files = { 'web/package.json': '{}', 'web/Dockerfile': 'FROM a\nWORKDIR /x\nCOPY package*.json ./\nRUN npm ci' }
  expect(commandsOf(snapshotOf(files)).commands[0]).toMatchObject({ cwd: 'web' })
})
