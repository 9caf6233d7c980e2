import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { redact } from '#lib/log.ts'

const RECORDER = pathToFileURL(join(import.meta.dirname, 'record-output.mjs')).href
/** What tests plant holds this word; so does no sentence, where a space would follow. */
const PLANTED = /\S*planted[-_a-z0-9]{8,}\S*/i
const MOST_SHOWN = 20

/** Makes the folder anew; with the variables that it answers every Node process keeps there what it prints. */
export function recordOutput(folder: string): Record<string, string> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const before = process.env.NODE_OPTIONS
  return { PLUMBLINE_TEST_OUTPUT: folder, NODE_OPTIONS: `${before ? `${before} ` : ''}--import=${RECORDER}` }
}

/** Where something was printed that is a secret by its shape, or one that a test planted; without the secret itself. */
export function spilledSecrets(folder: string): { lines: number; spilled: string[] } {
  let lines = 0
  const spilled: string[] = []
  for (const file of readdirSync(folder)) {
    for (const [index, line] of readFileSync(join(folder, file), 'utf8').split('\n').entries()) {
      lines += 1
      const clean = redact(line)
      if (clean === line && !PLANTED.test(line)) continue
      if (spilled.length < MOST_SHOWN)
        spilled.push(`${file}:${index + 1}: ${clean.replace(PLANTED, '[planted]').slice(0, 300)}`)
    }
  }
  return { lines, spilled }
}
