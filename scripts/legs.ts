import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** What one leg of the test run came to: whole tools count as one, test runners by their tests. */
export type Result = { name: string; passed: number; failed: number; skipped: number; seconds: number }

export type Leg = {
  name: string
  /** A program of this repository or of node_modules, run under the same Node. */
  program: readonly string[]
  env?: Readonly<Record<string, string>>
  /** Where the runner writes its counts, and how to read them; without it the exit status counts as one test. */
  counts?: { file: string; read(report: unknown): { passed: number; failed: number; skipped: number } }
}

/** Runs one leg with its output on this terminal. It never throws: a leg that cannot start has failed. */
export async function runLeg(leg: Leg): Promise<Result> {
  console.log(`\n── ${leg.name}`)
  const file = leg.counts === undefined ? null : join(ROOT, leg.counts.file)
  if (file !== null) rmSync(file, { force: true })
  const started = performance.now()
  const child = spawn(process.execPath, leg.program, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...leg.env },
  })
  const [code] = await once(child, 'exit')
  const seconds = (performance.now() - started) / 1000
  const counted =
    file !== null && existsSync(file) ? leg.counts?.read(JSON.parse(readFileSync(file, 'utf8'))) : undefined
  const { passed, failed, skipped } = counted ?? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  // A runner can fail beside its tests, e.g. when a file cannot be loaded; that must not be lost in the count.
  const unseen = code !== 0 && failed === 0 ? 1 : 0
  return { name: leg.name, passed, failed: failed + unseen, skipped, seconds }
}

/** Vitest's JSON report. */
export function vitestCounts(report: unknown): { passed: number; failed: number; skipped: number } {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report as Record<string, number>
  return {
    passed: numPassedTests ?? 0,
    failed: numFailedTests ?? 0,
    skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0),
  }
}

/** Playwright's JSON report. What passed at the second look has passed; the list above it calls it flaky by name. */
export function playwrightCounts(report: unknown): { passed: number; failed: number; skipped: number } {
  const { stats, errors } = report as { stats: Record<string, number>; errors: unknown[] }
  const failed = (stats.unexpected ?? 0) + errors.length
  return { passed: (stats.expected ?? 0) + (stats.flaky ?? 0), failed, skipped: stats.skipped ?? 0 }
}
