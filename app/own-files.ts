/** What this process last found of its own files; looked at again after five minutes, whoever asks. */
import type { OwnFilesState } from '#components/crawls/own-files.tsx'
import { readEnv } from '#lib/env.ts'
import { checkIntegrity, linesOn } from '#lib/integrity.ts'

const FRESH = 5 * 60_000

const held = globalThis as { plumblineOwnFiles?: { at: number; found: Promise<OwnFilesState> } }

export function ownFiles(now: Date): Promise<OwnFilesState> {
  const known = held.plumblineOwnFiles
  if (known && now.getTime() - known.at < FRESH) return known.found
  const found = look(now)
  held.plumblineOwnFiles = { at: now.getTime(), found }
  return found
}

async function look(at: Date): Promise<OwnFilesState> {
  const { integrity } = readEnv()
  if (integrity.mode === 'off') return { state: 'absent', files: 0, signed: false, wrong: [], at }
  const found = await checkIntegrity(process.cwd(), integrity)
  return { state: found.state, files: found.files, signed: found.signature === 'right', wrong: linesOn(found), at }
}
