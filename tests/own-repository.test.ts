/** We obey the checklist that we hold others to. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHECKS } from '#lib/checks/index.ts'
import { snapshotOfFolder } from '#lib/crawl/folder-source.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'

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
