/** What every check is held to, whoever wrote it. Adding a check adds it here by itself. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Check, type FileMap, ITEMS, referencesOf, SECTIONS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { applyEdits } from '#lib/patch/apply.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'
import type { Snapshot } from '#lib/snapshot/snapshot.ts'
import { snapshotOf } from '../snapshot-of.ts'
import { factsFelt } from './facts-felt.ts'

const NOW = new Date('2026-06-01T00:00:00Z')
const FOLDER = join(import.meta.dirname, '../../lib/checks')

function outcome(check: Check, repo: Snapshot) {
  const [result] = scan(repo, [check], defaultPolicy, NOW).checks
  if (!result) throw new Error('a check was scanned and left no result')
  return result
}

/** What the network knows and the fix needs: every pinned line of the fixed example names a commit and a version. */
function refsOf({ failing, fixed }: Check['example']): Snapshot['refs'] {
  const pinned = Object.values(fixed).flatMap(text => [
    ...text.matchAll(/uses: ([\w.-]+\/[\w.-]+)[\w./-]*@([0-9a-f]{40}) # (\S+)/g),
  ])
  const byAction = new Map(pinned.map(([, action = '', commit = '', version = '']) => [action, { commit, version }]))
  const called = Object.values(failing).flatMap(text => [...text.matchAll(/uses: ([\w.-]+\/[\w.-]+)[\w./-]*@(\S+)/g)])
  return new Map(
    called.flatMap(([, action = '', ref = '']) => {
      const known = byAction.get(action)
      return known ? [[`${action}@${ref}`, known] as const] : []
    }),
  )
}

function patched(files: FileMap, check: Check): FileMap {
  const repo = snapshotOf(files, { ...check.example.facts?.failing, refs: refsOf(check.example) })
  const edits = outcome(check, repo).findings.flatMap(finding => finding.patch?.edits ?? [])
  return { ...files, ...Object.fromEntries(applyEdits(repo.files, edits)) }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  const inner = value instanceof Map ? [...value.values()] : Object.values(value)
  inner.forEach(frozen)
  return value
}

test('the index lists every file of lib/checks once, and nothing else', () => {
  const files = readdirSync(FOLDER).map(name => name.replace(/\.ts$/, ''))
  const ids = CHECKS.map(check => check.id)
  expect(ids.toSorted()).toEqual(files.filter(name => name !== 'index').toSorted())
  expect(new Set(ids).size).toBe(ids.length)
})

test('every check has a test of its own', () => {
  const tests = new Set(readdirSync(import.meta.dirname))
  expect(CHECKS.filter(check => !tests.has(`${check.id}.test.ts`)).map(check => check.id)).toEqual([])
})

describe.each(CHECKS.map(check => [check.id, check] as const))('%s', (_, check) => {
  const { failing, fixed, facts } = check.example
  const wrong = (more: Partial<Snapshot> = {}) => snapshotOf(failing, { ...facts?.failing, ...more })
  const right = (more: Partial<Snapshot> = {}) => snapshotOf(fixed, { ...facts?.fixed, ...more })

  test('its data sheet is filled in', () => {
    expect([...ITEMS, ...SECTIONS].map(({ id }) => id)).toContain(check.item)
    expect(check.title).toMatch(/^[A-Z].*[^.]$/)
    expect(check.rationale).toMatch(/\.$/)
    expect(check.remediation).toMatch(/\.$/)
    expect(referencesOf(check).length).toBeGreaterThan(0)
    expect(check.reads.length).toBeGreaterThan(0)
    expect(check.version).toBeGreaterThanOrEqual(1)
    expect(Object.isFrozen(check)).toBe(true)
  })

  test('the failing example fails, the fixed one passes', () => {
    expect(outcome(check, wrong()).outcome).toBe('fail')
    expect(outcome(check, right())).toMatchObject({ outcome: 'pass', findings: [] })
  })

  test('what a finding quotes stands on the lines that it names', () => {
    for (const { evidence, message } of outcome(check, wrong()).findings) {
      const lines = (failing[evidence.path] ?? '').split(/\r?\n/)
      expect(lines.slice(evidence.startLine - 1, evidence.endLine).join('\n')).toBe(evidence.excerpt)
      expect(message).toMatch(/\.$/)
    }
  })

  test('its patches turn the failing example into exactly the fixed one', () => {
    const { findings } = outcome(check, wrong({ refs: refsOf(check.example) }))
    if (!findings.some(finding => finding.patch)) return
    expect(patched(failing, check)).toEqual({ ...failing, ...fixed })
  })

  test('its patches keep CRLF, and a patched file needs no second patch', () => {
    const windows = Object.fromEntries(
      Object.entries(failing).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
    )
    const made = patched(windows, check)
    for (const [path, text] of Object.entries(made))
      if (path in windows) expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(patched(made, check)).toEqual(made)
  })

  test('an empty repository is not applicable', () => {
    expect(outcome(check, snapshotOf({}))).toMatchObject({ outcome: 'not-applicable', value: null })
  })

  test.each(check.reads)('without %s it is unknown, with the reason', part => {
    const repo = right({ unread: [{ part, path: null, reason: 'not permitted' }] })
    expect(outcome(check, repo)).toMatchObject({ outcome: 'unknown', value: null, reason: 'not permitted' })
  })

  test('the facts that it says it hangs on are those that it hangs on', () => {
    expect(check.facts ?? {}).toEqual(factsFelt([wrong(), right()], repo => outcome(check, repo)))
  })

  test('it says the same twice and changes nothing of what it is given', () => {
    const repo = frozen(wrong())
    expect(outcome(check, repo)).toEqual(outcome(check, repo))
    expect(outcome(check, wrong())).toEqual(outcome(check, repo))
  })
})
