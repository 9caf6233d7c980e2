/**
 * `npm run bench -- soak [--kills 100] [--workers 3] [--repos 300] [--seed 1] [--embedded]`: workers that share one database
 * are killed at random moments, the pages and the database too, while pushes come in and people ask for looks; in the end
 * nothing may be lost, doubled or stuck. The same seed kills in the same order.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { soak } from './soak-run.ts'

const options = new Command('npm run bench -- soak')
  .option('--kills <number>', 'how often something is killed', Number, 100)
  .option('--workers <number>', 'how many workers share the database', Number, 3)
  .option('--repos <number>', 'how many repositories', Number, 300)
  .option('--seed <number>', 'of the order and the moments of the kills', Number, 1)
  .option('--embedded', 'one worker on the embedded database, which is not killed', false)
  .parse()
  .opts<{ kills: number; workers: number; repos: number; seed: number; embedded: boolean }>()

const pages = existsSync(join(import.meta.dirname, '../.next/BUILD_ID'))
const { counts, seconds, calm, wrong } = await soak({ ...options, pages, between: [500, 4_000], pushEvery: 10 })
console.table(counts)
console.log(`Killed for ${Math.round(seconds)} s; everything was done ${Math.round(calm)} s after the last kill.`)
if (wrong.length === 0) console.log('Nothing was lost, nothing was doubled, nothing is stuck.')
else console.table(wrong)
process.exitCode = wrong.length === 0 ? 0 : 1
