/** Installs what the tests lack and runs everything that must be green; the last line is the count. */

import { join } from 'node:path'
import { type Leg, playwrightCounts, type Result, runLeg, vitestCounts } from './legs.ts'
import { recordOutput, spilledSecrets } from './spilled.ts'
import { installChromium, installPostgres } from './test-machine.ts'

const NEXT = 'node_modules/next/dist/bin/next'
const chromium = installChromium()
const postgres = installPostgres()

const LEGS: readonly Leg[] = [
  { name: 'build', program: [NEXT, 'build'], env: { NODE_ENV: 'production' } },
  { name: 'types', program: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'lint', program: ['node_modules/@biomejs/biome/bin/biome', 'check'] },
  { name: 'dead code', program: ['node_modules/knip/bin/knip.js'] },
  {
    name: 'unit and integration',
    program: [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=dot',
      '--reporter=json',
      '--outputFile.json=test-results/vitest.json',
    ],
    counts: { file: 'test-results/vitest.json', read: vitestCounts },
  },
  {
    name: 'end to end',
    program: ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
    env: {
      PLAYWRIGHT_JSON_OUTPUT_FILE: 'test-results/playwright.json',
      ...(chromium === null ? {} : { CHROMIUM: chromium }),
    },
    counts: { file: 'test-results/playwright.json', read: playwrightCounts },
  },
]

const output = join(import.meta.dirname, '../test-results/output')
const recording = recordOutput(output)
const results: Result[] = []
for (const leg of LEGS) results.push(await runLeg({ ...leg, env: { ...leg.env, ...recording } }))
results.push(searchOutput())

console.log('')
for (const { name, passed, failed, skipped, seconds } of results) {
  const left = skipped === 0 ? '' : `, ${skipped} left out`
  console.log(`${name.padEnd(22)} ${passed} passed, ${failed} failed${left} (${seconds.toFixed(0)} s)`)
}
const skipped = results.reduce((sum, result) => sum + result.skipped, 0)
if (!postgres) {
  console.log(
    `Left out: the integration tests on a real PostgreSQL (${skipped}), because no PostgreSQL server could be had here.`,
  )
}
const passed = results.reduce((sum, result) => sum + result.passed, 0)
const failed = results.reduce((sum, result) => sum + result.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** The tests hand secrets to what they start: none of them may stand in anything that was printed. */
function searchOutput(): Result {
  const started = performance.now()
  const { lines, spilled } = spilledSecrets(output)
  console.log(`\n── secrets in the output: ${spilled.length} in ${lines.toLocaleString('en')} lines`)
  for (const line of spilled) console.log(line)
  const fine = spilled.length === 0 && lines > 0
  const seconds = (performance.now() - started) / 1000
  return { name: 'secrets kept', passed: fine ? 1 : 0, failed: fine ? 0 : 1, skipped: 0, seconds }
}
