import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const OUTPUT = join(ROOT, 'prisma/generated')
const STAMP = join(OUTPUT, '.made-from')

/**
 * Writes the Prisma client into `prisma/generated`, without a download, and does nothing where the schema and Prisma's
 * version are those of the last time. Returns whether it wrote.
 */
export function generateClient(): boolean {
  const wanted = stamp()
  if (existsSync(join(OUTPUT, 'client.ts')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return false
  // `generate` never runs the native schema engine, but Prisma fetches it all the same unless told of an existing file.
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  }
  const cli = join(ROOT, 'node_modules/prisma/build/index.js')
  const run = spawnSync(process.execPath, [cli, 'generate', '--no-hints'], { cwd: ROOT, env, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`prisma generate failed:\n${run.stdout}\n${run.stderr}`)
  writeFileSync(STAMP, wanted)
  return true
}

function stamp(): string {
  const hash = createHash('sha256')
  hash.update(readFileSync(join(ROOT, 'prisma/schema.prisma')))
  hash.update(readFileSync(join(ROOT, 'node_modules/prisma/package.json')))
  return hash.digest('hex')
}

if (import.meta.main)
  console.log(generateClient() ? 'The Prisma client was written.' : 'The Prisma client is up to date.')
