/** Variables that name files, or stand in them. */
import { accessSync, constants, readFileSync } from 'node:fs'
import { AppError } from './errors.ts'

/** These may also be read from the file that NAME_FILE names, as container platforms hand out secrets. */
const FROM_FILES = [
  'DATABASE_URL',
  'GITHUB_TOKEN',
  'GITHUB_APP_PRIVATE_KEY',
  'GITHUB_WEBHOOK_SECRET',
  'PLUMBLINE_SECRET',
  'PLUMBLINE_METRICS_TOKEN',
  'GITHUB_CLIENT_SECRET',
  'OIDC_CLIENT_SECRET',
  'PLUMBLINE_INTEGRITY_KEY',
  'PLUMBLINE_SIGNING_KEY',
] as const

/** The variables that are set, by their usual names, and what stands in the files that they name. Throws AppError. */
export function withFiles(set: Record<string, string | undefined>): Record<string, string | undefined> {
  const all = { ...set }
  // These are written in either case, and programs agree that the small one counts.
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']) {
    const small = set[name.toLowerCase()]
    if (small !== undefined) all[name] = small
  }
  for (const name of FROM_FILES) {
    const path = set[`${name}_FILE`]
    if (path === undefined) continue
    if (set[name] !== undefined)
      throw new AppError('invalid-configuration', `${name} and ${name}_FILE are both set.`, 'Keep one of them.')
    try {
      all[name] = readFileSync(path, 'utf8').trim()
    } catch (cause) {
      const message = `${name}_FILE names a file that cannot be read.`
      throw new AppError('invalid-configuration', message, 'Check the path and who may read it.', { cause })
    }
  }
  return all
}

/** Node only warns of a file that it cannot read, and goes on without the certificates in it. */
export function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
