/** `npm run bench -- NAME [options]`: runs bench/NAME.ts in a process of its own, so that its peak memory is its own. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const PARTS = [
  'main.ts',
  'made-up-github.ts',
  'made-up-store.ts',
  'made-up-content.ts',
  'made-up-people.ts',
  'databases.ts',
  'usage.ts',
  'soak-audit.ts',
  'soak-run.ts',
  'page-reads.ts',
]
const names = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && !PARTS.includes(file))
  .map(file => file.slice(0, -3))
const [name = '', ...args] = process.argv.slice(2)
if (names.includes(name)) {
  const program = join(import.meta.dirname, `${name}.ts`)
  process.exitCode = spawnSync(process.execPath, [program, ...args], { stdio: 'inherit' }).status ?? 1
} else {
  process.stderr.write(`Name what to measure: npm run bench -- ${names.sort().join(' | ')}\n`)
  process.exitCode = 2
}
