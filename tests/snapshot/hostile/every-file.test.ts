/** A whole repository of files that nobody vouches for, through the whole checklist: no check may end in an error. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CHECKS } from '#lib/checks/index.ts'
import { inventoriesOf } from '#lib/inventory/blobs.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'
import { snapshotOf } from '../../snapshot-of.ts'
import { fileSamples } from './file-samples.ts'
import { lockSamples } from './lock-samples.ts'
import { mutated } from './mutations.ts'

const samples = Object.entries({ ...fileSamples, ...lockSamples })
const NOW = new Date('2026-01-01T00:00:00Z')

function errorsOf(files: Readonly<Record<string, string>>): string[] {
  const repo = snapshotOf(files)
  inventoriesOf(repo)
  const { checks } = scan(repo, CHECKS, defaultPolicy, NOW)
  return checks.flatMap(({ id, outcome, reason }) => (outcome === 'error' ? [`${id}: ${reason}`] : []))
}

test('the samples as they are', () => {
  expect(errorsOf(Object.fromEntries(samples))).toEqual([])
})

test('all files at once, each with something done to it', () => {
  const repository = fc.record(Object.fromEntries(samples.map(([path, text]) => [path, mutated(text)])))
  fc.assert(
    fc.property(repository, files => {
      expect(errorsOf(files)).toEqual([])
    }),
    { numRuns: 120, seed: 3, endOnFailure: true },
  )
}, 120_000)

test('a file in the place of another', () => {
  const texts = samples.map(([, text]) => text)
  const repository = fc.record(Object.fromEntries(samples.map(([path]) => [path, fc.constantFrom(...texts)])))
  fc.assert(
    fc.property(repository, files => {
      expect(errorsOf(files)).toEqual([])
    }),
    { numRuns: 40, seed: 4, endOnFailure: true },
  )
}, 120_000)
