/** We obey the checklist that we hold others to. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHECKS } from '#lib/checks/index.ts'
import { snapshotOfFolder } from '#lib/crawl/folder-source.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'
import { ecosystemsOf } from '#lib/snapshot/ecosystems.ts'

test('this repository scores 100 on its own checklist', async () => {
  const snapshot = await snapshotOfFolder(join(import.meta.dirname, '..'))
  const report = scan(snapshot, CHECKS, defaultPolicy, new Date('2026-01-01T00:00:00Z'))
  const wrong = report.checks.flatMap(({ id, findings }) =>
    findings.map(({ message, evidence }) => `${id}: ${evidence.path}:${evidence.startLine} ${message}`),
  )
  expect(wrong).toEqual([])
  expect(report.checks.filter(({ outcome }) => outcome === 'error' || outcome === 'unknown')).toEqual([])
  expect(report.score).toBe(100)
})

test('our own image and compose file are judged, and pass', async () => {
  const snapshot = await snapshotOfFolder(join(import.meta.dirname, '..'))
  const { checks } = scan(snapshot, CHECKS, defaultPolicy, new Date('2026-01-01T00:00:00Z'))
  const outcomes = Object.fromEntries(checks.map(({ id, outcome, examined }) => [id, { outcome, examined }]))
  expect(outcomes).toMatchObject({
    // The base of all stages and the database beside.
    'base-images-pinned': { outcome: 'pass', examined: 2 },
    'containers-unprivileged': { outcome: 'pass', examined: 1 },
    'builds-hermetic': { outcome: 'pass', examined: 1 },
  })
  const installs = checks.filter(({ id }) => id === 'installs-frozen' || id === 'install-scripts-disabled')
  expect(installs.map(({ outcome }) => outcome)).toEqual(['pass', 'pass'])
  const places = ecosystemsOf(snapshot).map(({ ecosystem }) => ecosystem)
  expect(places).toEqual(expect.arrayContaining(['docker', 'docker-compose']))
  expect(outcomes['updates-automated']).toEqual({ outcome: 'pass', examined: places.length })
})
