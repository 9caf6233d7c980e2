/** Every job there is: its name, which is the file in `workers/`, and what its payload must be. */
import { z } from 'zod'

/** A repository's id: a bigint in the database, digits in JSON. */
const repositoryId = z.string().regex(/^\d{1,19}$/)

export const JOBS = {
  /** Lists the organisation, opens a crawl run and asks for the repositories that changed. */
  'discover-repositories': z.object({ orgId: z.int().positive() }),
  /** Fetches these repositories of a run; each ends with an outcome of its own. */
  'crawl-repositories': z.object({
    orgId: z.int().positive(),
    runId: z.int().positive(),
    repositoryIds: z.array(repositoryId).min(1).max(100),
  }),
  /** Judges one stored snapshot by the whole checklist. */
  'scan-snapshot': z.object({ snapshotId: z.int().positive() }),
} as const

export type JobName = keyof typeof JOBS
export type JobPayload<Name extends JobName> = z.output<(typeof JOBS)[Name]>
