/** Workflows that publish, as short as a test needs them. */
import type { FileMap } from '#lib/check.ts'

export const PATH = '.github/workflows/release.yml'

type Job = { id?: string; permissions?: string; more?: string }

/** A job with its steps; `more`: further keys of the job, each on a line of four blanks. */
export function job(steps: string, { id = 'a', permissions = 'contents: read', more = '' }: Job = {}): string {
  const list = steps.replace(/^/gm, '      ')
  return `  ${id}:\n    runs-on: x\n    permissions: { ${permissions} }\n${more}    steps:\n${list}\n`
}

export function workflow(...jobs: string[]): FileMap {
  return { [PATH]: `on: push\njobs:\n${jobs.join('')}` }
}

/** A job that calls a reusable workflow. */
export function calling(uses: string, id = 'b', more = ''): string {
  return `  ${id}:\n${more}    uses: ${uses}\n`
}

export const OIDC = { permissions: 'contents: read, id-token: write' }
export const ATTESTING = { permissions: 'contents: read, id-token: write, attestations: write' }
