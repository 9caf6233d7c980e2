/** What the demo organisation came to demand in its year: one change, so that its trend has a mark and its policy a history. */

import type { Viewer } from '#lib/auth/permit.ts'
import { askForTrial, savePolicy } from '#lib/auth/policy.ts'
import type { Database } from '#lib/store/database.ts'
import { currentPolicy, moveTrial } from '#lib/store/policies.ts'

const DAY_MS = 86_400_000
const AGO_DAYS = 200

// Neither changes a verdict or a score: nothing has to be judged again, and the trial has nothing to tell.
const TEXT = `# What Northwind Labs demands of its repositories.
version: 1

# A quarter to fix it, and two months to be late: who needs longer asks again.
longest-waiver-days: 160

checks:
  # Agreed after the leaked deploy key in spring.
  secret-scanning-enabled: { severity: high }
`
const NOTE = 'Waivers last five months at most, and secret scanning is of high severity.'

/** Saves it on the first date of the replay that is not earlier than planned; once. */
export function demoPolicy(end: Date, by: Viewer): (db: Database, orgId: number, date: Date) => Promise<void> {
  return async (db, orgId, date) => {
    if (end.getTime() - date.getTime() > AGO_DAYS * DAY_MS) return
    if ((await currentPolicy(db, orgId)).number > 0) return
    const trialId = await askForTrial(db, by, { orgId, text: TEXT, basedOn: 0 }, date)
    await moveTrial(db, trialId, { state: 'done', moved: [] })
    await savePolicy(db, by, { orgId, trialId, note: NOTE }, date)
  }
}
