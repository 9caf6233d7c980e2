/** Every job there is: its name, which is the file in `workers/`, and what its payload must be. */
import { z } from 'zod'

const repository = z.object({
  /** A bigint in the database, digits in JSON. */
  id: z.string().regex(/^\d{1,19}$/),
  /** By which the host is asked what it is now. */
  nodeId: z.string().min(1),
  name: z.string().min(1),
})

export const JOBS = {
  /** Lists the organisation, opens a crawl run and asks for the repositories that changed. */
  'discover-repositories': z.object({ orgId: z.int().positive() }),
  /** Fetches these repositories of a run; each ends with an outcome of its own. */
  'crawl-repositories': z.object({
    orgId: z.int().positive(),
    runId: z.int().positive(),
    repositories: z.array(repository).min(1).max(100),
  }),
  /** Looks at the one repository of a run that somebody asked for, before everything else. */
  'look-again': z.object({ orgId: z.int().positive(), runId: z.int().positive() }),
  /** Asks for settings and teams of all repositories, by the answers that tell many at once. */
  'read-organisation': z.object({ orgId: z.int().positive(), runId: z.int().positive() }),
  /** Asks repositories for the settings that only they tell, after a run. */
  'read-settings': z.object({ orgId: z.int().positive(), runId: z.int().positive() }),
  /** Tries what the token may, for the page that tells it. */
  'test-token': z.object({ orgId: z.int().positive() }),
  /** Removes history that has aged and says nothing new. */
  'thin-history': z.object({ orgId: z.int().positive() }),
  /** Tells what a policy that somebody wrote would do to the scores, before it is saved. */
  'try-policy': z.object({ orgId: z.int().positive(), trialId: z.int().positive() }),
  /** Judges stored snapshots by the whole checklist; with `callersOf` an organisation once more, where what they call changed. */
  'scan-snapshots': z.object({
    snapshotIds: z.array(z.int().positive()).min(1).max(200),
    callersOf: z.int().positive().optional(),
  }),
} as const

export type JobName = keyof typeof JOBS
export type JobPayload<Name extends JobName> = z.output<(typeof JOBS)[Name]>
