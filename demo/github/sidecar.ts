import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '#lib/errors.ts'

const instant = z.iso.datetime({ offset: true }).or(z.iso.date())

const settings = z.strictObject({
  vulnerabilityAlerts: z.boolean().nullable().optional(),
  securityUpdates: z.boolean().nullable().optional(),
  secretScanning: z.boolean().nullable().optional(),
  shaPinningRequired: z.boolean().nullable().optional(),
  defaultBranchProtected: z.boolean().nullable().optional(),
  protectedEnvironments: z.array(z.string()).nullable().optional(),
  defaultWorkflowPermissions: z.enum(['read', 'write']).optional(),
})

const repository = z.strictObject({
  id: z.int().positive().optional(),
  description: z.string().optional(),
  visibility: z.enum(['public', 'private', 'internal']).optional(),
  archived: z.boolean().optional(),
  fork: z.boolean().optional(),
  topics: z.array(z.string()).optional(),
  language: z.string().nullable().optional(),
  formerNames: z.array(z.string()).optional(),
  settings: settings.optional(),
  teams: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.string().or(z.array(z.string())).nullable()).optional(),
  releases: z
    .array(
      z.strictObject({
        tag: z.string(),
        publishedAt: instant,
        immutable: z.boolean().optional(),
        attested: z.boolean().optional(),
        assets: z.array(z.strictObject({ name: z.string(), digest: z.string().nullable().optional() })).optional(),
      }),
    )
    .optional(),
  history: z.array(z.strictObject({ date: instant, commit: z.string(), settings: settings.optional() })).optional(),
})

/** What the organisation demands of the actions of all its repositories. */
const policy = z.strictObject({
  shaPinningRequired: z.boolean().nullable(),
  enabledRepositories: z.enum(['all', 'none', 'selected']).optional(),
})

const sidecar = z.strictObject({
  org: z.string().optional(),
  policy: policy.optional(),
  repositories: z.record(z.string(), repository).default({}),
})

/**
 * What git does not hold of a repository: `plumbline.json` beside the bare repositories. With `history` the repository
 * is seen as it was at the server's date: the newest entry not after it is the head, `settings` of each entry overlay
 * those before. A setting that is null, or not told at all, is one that the token has no right to read.
 */
export type RepositoryFacts = z.infer<typeof repository>
export type RepositorySettings = z.infer<typeof settings>
export type OrgPolicy = z.infer<typeof policy>
export type Sidecar = z.infer<typeof sidecar>

/** Reads `DIR/plumbline.json`; a folder without one has no such facts. */
export function readSidecar(dir: string): Sidecar {
  const path = join(dir, 'plumbline.json')
  if (!existsSync(path)) return { repositories: {} }
  const parsed = sidecar.safeParse(parse(path))
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(issue => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
  throw new AppError('invalid-input', `${path} cannot be used: ${wrong.join('; ')}.`, 'Correct the file, or remove it.')
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new AppError('invalid-input', `${path} is no JSON.`, 'Correct the file, or remove it.', { cause: error })
  }
}
