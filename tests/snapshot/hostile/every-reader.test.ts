/** Each reader of a text on texts that nobody vouches for: a refusal at most, never another throw, never silently half. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnreadableFile } from '#lib/snapshot/lockfile/lockfile.ts'
import { readLockfile } from '#lib/snapshot/lockfile/read.ts'
import { code } from '../../source-files.ts'
import { fileSamples } from './file-samples.ts'
import { blindToTheirEnd, lockSamples } from './lock-samples.ts'
import { mutated } from './mutations.ts'
import { type Row, readers } from './readers.ts'

const samples: Readonly<Record<string, string>> = { ...fileSamples, ...lockSamples }
const ROOT = join(import.meta.dirname, '../../..')
/** What throws, or goes down by itself, on a text that is not of its kind. */
const PARSERS =
  /\bJSON5?\.parse\(|\bparseTree\(|\bparseAllDocuments\(|\bDockerfileParser\b|\bnew (?:Parser|Lexer)\(|from '(?:smol-toml|@rgrove\/parse-xml)'/
/** It reads only what this program itself has written. */
const OWN = 'lib/snapshot/packed.ts'

function fileAt(path: string, text: string) {
  return { path, text, mode: '100644' as const, oid: '' }
}

/** The refusal; null where it was read. Everything else that is thrown is a fault of the reader. */
function refusal({ read }: Row, path: string, text: string): UnreadableFile | null {
  try {
    read(fileAt(path, text))
    return null
  } catch (error) {
    if (error instanceof UnreadableFile) return error
    throw error
  }
}

describe('the table is complete', () => {
  const sources = code
    .filter(path => path.startsWith('lib/snapshot/'))
    .map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

  test('each exported function that reads or parses has a row', () => {
    const names = sources.flatMap(({ text }) =>
      [...text.matchAll(/^export (?:async )?function ((?:read|parse)[A-Z]\w*)\(/gm)].flatMap(match => match[1] ?? []),
    )
    expect(names.filter(name => !(name in readers) && name !== 'readOnlyEdit').sort()).toEqual([])
  })

  test('each module that calls a parser is reached by a row', () => {
    const table = readFileSync(join(import.meta.dirname, 'readers.ts'), 'utf8')
    const calling = sources.filter(({ path, text }) => path !== OWN && PARSERS.test(text)).map(({ path }) => path)
    expect(calling.filter(path => !table.includes(`'#${path}'`))).toEqual([])
  })

  test('each sample is known', () => {
    const unknown = Object.values(readers).flatMap(row => row.samples.filter(path => !(path in samples)))
    expect(unknown).toEqual([])
  })
})

describe.each(Object.entries(readers))('%s', (_, row) => {
  test('brackets without end', () => {
    for (const open of ['[', '{', '(', '{"a":', '<a>', '"', '- ', `\${{`, '$(', "'"])
      expect(() => refusal(row, row.samples[0] ?? '', open.repeat(4_000))).not.toThrow()
  })

  test.each(row.samples)('%s', path => {
    const whole = samples[path] ?? ''
    expect(refusal(row, path, whole)).toBeNull()
    fc.assert(
      fc.property(mutated(whole), text => {
        const refused = refusal(row, path, text)
        if (refused === null) return
        expect(refused.message.length).toBeGreaterThan(5)
        expect(refused.line).toBeGreaterThanOrEqual(1)
        expect(refused.line).toBeLessThanOrEqual(text.split('\n').length)
      }),
      { numRuns: 120, seed: 5 },
    )
  })
})

describe('no lockfile is read by half', () => {
  const entriesOf = (path: string, text: string) => {
    const result = readLockfile(fileAt(path, text))
    return result.ok ? result.lock.entries : null
  }

  test.each(Object.keys(lockSamples))('%s', path => {
    const whole = lockSamples[path] ?? ''
    const all = entriesOf(path, whole)?.length ?? 0
    expect(all).toBeGreaterThan(0)
    const halves = Array.from({ length: whole.trimEnd().length }, (_, end) => whole.slice(0, end))
    const silent = halves.filter(half => {
      const read = entriesOf(path, half)
      return half.trim() !== '' && read !== null && read.length < all
    })
    if (path in blindToTheirEnd) expect(silent).not.toEqual([])
    else expect(silent).toEqual([])
  })
})
