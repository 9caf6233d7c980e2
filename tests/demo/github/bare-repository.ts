import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export { bareRepository, blobOid } from './made-repository.ts'

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'plumbline-github-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
