import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { MANIFEST, SIGNATURE } from '#lib/integrity.ts'

const ROOT = join(import.meta.dirname, '..')
const NEXT = join(ROOT, 'node_modules/next/dist/bin/next')
const STAMP = join(ROOT, '.next/built-from')
const SOURCES = ['app', 'components', 'lib', 'public', 'prisma/schema.prisma', 'package-lock.json', 'tsconfig.json']
const CONFIGS = /^(next|postcss)\.config\.|^proxy\.ts$/

/** Builds the pages unless the last build was made from the same sources. Returns whether it built. */
export async function buildPages(): Promise<boolean> {
  const wanted = stamp()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return false
  // The old build's manifest says nothing of the new one; a build that is cut short leaves none.
  for (const path of [MANIFEST, SIGNATURE]) rmSync(join(ROOT, path), { force: true })
  const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' }
  const child = spawn(process.execPath, [NEXT, 'build'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [[status], output, errors] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
  if (status !== 0) throw new Error(`The pages could not be built:\n${output}\n${errors}`)
  writeFileSync(STAMP, wanted)
  return true
}

function stamp(): string {
  const hash = createHash('sha256').update(process.version)
  const configs = readdirSync(ROOT).filter(name => CONFIGS.test(name))
  for (const path of [...SOURCES, ...configs].flatMap(filesOf).sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)))
  }
  return hash.digest('hex')
}

function filesOf(path: string): string[] {
  if (!existsSync(join(ROOT, path))) return []
  if (/\.\w+$/.test(path)) return [path]
  return readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
}
