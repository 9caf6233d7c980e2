/** Names of images, and the variables in them. */
import { describe, expect, test } from 'vitest'
import { frontendOf, stagesOf } from '#lib/snapshot/dockerfile/read.ts'
import { filledIn, isByDigest, parseImage, UNKNOWN, withoutVersion } from '#lib/snapshot/image/reference.ts'
import { snapshotOf } from '../../snapshot-of.ts'

const DIGEST = `sha256:${'ab'.repeat(32)}`

test.each([
  ['node', 'docker.io/library/node', null, null],
  ['node:24', 'docker.io/library/node', '24', null],
  ['acme/app', 'docker.io/acme/app', null, null],
  ['ghcr.io/acme/app:v1', 'ghcr.io/acme/app', 'v1', null],
  ['localhost:5000/app', 'localhost:5000/app', null, null],
  ['localhost:5000/a/b:1', 'localhost:5000/a/b', '1', null],
  [`node:24@${DIGEST}`, 'docker.io/library/node', '24', DIGEST],
  [`docker.io/library/node@${DIGEST}`, 'docker.io/library/node', null, DIGEST],
])('%s', (text, name, tag, digest) => {
  expect(parseImage(text)).toEqual({ name, tag, digest })
})

test.each(['', 'Node', './image', 'a b', '{{ image }}', 'node:', '-x', `node:${UNKNOWN}`, 'ko://x', 'x'.repeat(5_000)])(
  '%j is no image',
  text => {
    expect(parseImage(text)).toBeNull()
  },
)

test('a digest counts only whole and at the end', () => {
  expect(isByDigest(`x@${DIGEST}`)).toBe(true)
  expect(isByDigest(`x@${DIGEST}-y`)).toBe(false)
  expect(isByDigest(`x@${DIGEST.toUpperCase()}`)).toBe(false)
})

test('without version', () => {
  expect(['a:1', `a:1@${DIGEST}`, 'h:5000/a', 'h:5000/a:1'].map(withoutVersion)).toEqual([
    'a',
    'a',
    'h:5000/a',
    'h:5000/a',
  ])
})

describe('variables', () => {
  const values: Record<string, string> = { A: 'a', E: '' }
  test.each([
    ['$A', 'a'],
    [`x\${A}y`, 'xay'],
    [`\${B:-b}`, 'b'],
    [`\${E:-b}`, 'b'],
    [`\${E-b}`, ''],
    [`\${A:+yes}`, 'yes'],
    [`\${B:+yes}`, ''],
    [`\${B:-\${A}}`, 'a'],
    [`\${B:?words}`, UNKNOWN],
    [`\${A#x}`, UNKNOWN],
    ['$B', UNKNOWN],
    ['$$A', '$A'],
  ])('%s', (text, expected) => {
    expect(filledIn(text, name => values[name]).text).toBe(expected)
  })
})

describe('Dockerfiles', () => {
  const stages = (text: string) => stagesOf([...snapshotOf({ Dockerfile: text }).files.values()][0] as never)
  const frontend = (text: string) => frontendOf([...snapshotOf({ Dockerfile: text }).files.values()][0] as never)

  test('here-documents and ONBUILD', () => {
    const [stage] = stages('FROM a\nCOPY <<EOF /x\nFROM b\nUSER root\nEOF\nONBUILD RUN --network=none npm ci\nUSER x\n')
    expect(stage?.instructions.map(({ keyword, onbuild, flags }) => [keyword, onbuild, flags])).toEqual([
      ['COPY', false, []],
      ['RUN', true, ['network=none']],
      ['USER', false, []],
    ])
  })

  test('names of stages are held regardless of case, the last of two counts, and unknown parts fit', () => {
    const found = stages(`FROM a AS Base\nFROM b AS base\nFROM BASE\nFROM base$X\nFROM x-\${TARGETARCH}\n`)
    expect(found.map(({ parent }) => parent?.index ?? null)).toEqual([null, null, 1, 0, null])
  })

  test('the frontend stands only in the first lines of comments', () => {
    expect(frontend('# syntax=docker/dockerfile:1\nFROM a\n')).toBe('docker/dockerfile:1')
    expect(frontend('# escape=`\n# Syntax = x/y\nFROM a\n')).toBe('x/y')
    expect(frontend('# words\n# syntax=docker/dockerfile:1\nFROM a\n')).toBeNull()
    expect(frontend('FROM a\n# syntax=docker/dockerfile:1\n')).toBeNull()
  })
})
