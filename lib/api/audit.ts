/** The audit log as it is asked for and told: the kinds of acts, the filters, and the columns of the file. */
import { z } from 'zod'

/** Every kind of act that is written down, in the words of the page. A new kind gets its line here first. */
export const AUDIT_ACTIONS = {
  'sign-in': 'signed in',
  'sign-in.refused': 'was not let in',
  'sign-out': 'signed out',
  'access.refused': 'asked for what their role does not allow',
  'key.refused': 'sent a key that is not in force',
  'key.made': 'made an API key',
  'key.revoked': 'revoked an API key',
  'member.role': 'gave a role',
  'member.shut-out': 'ended sessions and keys',
  'member.left': 'left the organisation',
  'export.repositories': 'took out the repositories',
  'export.checks': 'took out the checks',
  'export.findings': 'took out the findings',
  'export.trend': 'took out the trend',
  'export.inventory': 'took out the inventory',
  'export.waivers': 'took out the waivers',
  'export.audit': 'took out the audit log',
  'crawl.asked': 'had a repository looked at',
  'fix.downloaded': 'downloaded fixes',
  'policy.changed': 'changed the policy',
  'waiver.asked': 'asked for a waiver',
  'waiver.granted': 'granted a waiver',
  'waiver.renewed': 'renewed a waiver',
  'waiver.withdrawn': 'withdrew a wish for a waiver',
  'waiver.refused': 'refused a waiver',
  'waiver.revoked': 'revoked a waiver',
  'waiver.expired': 'saw a waiver expire',
  'token.tested': 'had the token tested',
  'setting.set': 'set a setting',
  'setting.removed': 'removed a setting',
  'secret.resealed': 'encrypted the kept secrets anew',
  'audit.trimmed': 'removed what was older than the retention',
} as const
export type AuditAction = keyof typeof AUDIT_ACTIONS

/** The kinds by their first word, for the choice above the list. */
export const AUDIT_KINDS = [...new Set(Object.keys(AUDIT_ACTIONS).map(action => action.split('.')[0] ?? ''))]

const text = (most: number) => z.string().trim().min(1).max(most).optional().catch(undefined)
const day = z.iso.date().optional().catch(undefined)

/** `action`: a kind, or the first word of several. `who`, `which`: part of a name or of what was acted on, in any case. */
export const auditFilter = z.object({
  action: text(60),
  who: text(100),
  which: text(200),
  address: text(64),
  since: day,
  until: day,
})
export type AuditFilter = z.output<typeof auditFilter>

export const auditQuery = auditFilter.extend({
  before: z.coerce.bigint().positive().optional().catch(undefined),
  /** Whether the whole chain is walked for this visit; else only its newest rows are. */
  verify: z.enum(['all']).optional().catch(undefined),
})
export type AuditQuery = z.output<typeof auditQuery>

/** Rows of the chain that every visit of the page walks. */
export const AUDIT_VERIFIED = 300

export const auditExportQuery = auditFilter.extend({
  format: z.enum(['csv', 'json']).default('csv'),
  bom: z.enum(['yes', 'no']).default('no'),
})

/** `previous` and `hash` let somebody else verify the chain, as `npm run admin -- verify-audit` does. */
export const AUDIT_COLUMNS = [
  { name: 'seq', says: 'The row’s number, without a gap' },
  { name: 'at', says: 'When, ISO 8601 in UTC' },
  { name: 'actor', says: 'The person’s id; system or anonymous' },
  { name: 'name', says: 'The person’s name, as it was then' },
  { name: 'action', says: 'What was done' },
  { name: 'resource', says: 'To which thing' },
  { name: 'address', says: 'From which address; empty for what ran by itself' },
  { name: 'details', says: 'The rest, as a JSON object' },
  { name: 'previous', says: 'The hash of the row before' },
  { name: 'hash', says: 'The hash of this row' },
] as const

/** The page, or the file, with these filters. */
export function auditHref(query: Partial<AuditQuery>, path: '/audit' | '/api/exports/audit' = '/audit'): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined)
  const search = new URLSearchParams(set.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return search === '' ? path : `${path}?${search}`
}
