/** `npm run build`, and the first step of what shows the pages: builds them, and the manifest of all that is served or run. */
import { join } from 'node:path'
import { type Env, readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { checkIntegrity, type Integrity, linesOn, refuseChanged } from '#lib/integrity.ts'
import { buildPages } from './build-pages.ts'
import { writeManifest } from './integrity.ts'

const ROOT = join(import.meta.dirname, '..')

/** Builds the pages where they are not up to date, verifies what no build explains, and writes the manifest anew if need be. */
export async function buildVerified({ integrity }: Env, warn: (line: string) => void): Promise<boolean> {
  const before = await checkIntegrity(ROOT, { ...integrity, publicKey: null })
  const built = await buildPages()
  if (before.state === 'whole' && !built) {
    await refuseChanged(ROOT, integrity, warn)
    return built
  }
  const lines = linesOn(unexplained(before, built))
  if (lines.length > 0 && integrity.mode !== 'off') {
    const sentence = `Files are not those of the last build:\n${lines.join('\n')}`
    const hint =
      'Find out who changed them; then remove .next (and node_modules) and start again. PLUMBLINE_INTEGRITY=warn starts all the same.'
    if (integrity.mode !== 'warn') throw new AppError('integrity-violated', sentence, hint)
    warn(sentence)
    return built
  }
  await writeManifest(ROOT, integrity.signingKey)
  await refuseChanged(ROOT, integrity, warn)
  return built
}

/** What neither new sources, nor a new lock, nor the build that was just made accounts for. */
export function unexplained(found: Integrity, built: boolean): Integrity {
  const newLock = [...found.tampered, ...found.missing, ...found.extra].includes('package-lock.json')
  const isOdd = (path: string) =>
    (path.startsWith('node_modules/') && !newLock) || (path.startsWith('.next/') && !built)
  return {
    ...found,
    tampered: found.tampered.filter(isOdd),
    missing: found.missing.filter(isOdd),
    extra: found.extra.filter(isOdd),
  }
}

if (import.meta.main) {
  try {
    console.log((await buildVerified(readEnv(), console.error)) ? 'The pages were built.' : 'The pages are up to date.')
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = 1
  }
}
