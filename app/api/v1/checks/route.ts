import { referencesOf } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { readCheckCounts } from '#lib/store/pages/checks.ts'
import { endpoint } from '../answering.ts'

const NONE = { counts: { pass: 0, waived: 0, fail: 0, unknown: 0, 'not-applicable': 0 }, findings: 0 }

export const GET = endpoint('checks', async (db, scope) => {
  const standing = await readCheckCounts(db, scope)
  const rows = CHECKS.map(check => {
    const { id, item, title, severity, version, rationale, remediation } = check
    const { counts, findings } = standing.get(id) ?? NONE
    const references = referencesOf(check)
    return { id, item, title, severity, version, rationale, remediation, references, counts, findings }
  })
  return { rows }
})
