/** What a waiver covers. It is laid over findings that stand already: no check knows of it. */
import type { ReportedFinding } from '../scan.ts'
import { globMatches } from '../snapshot/glob.ts'

/** From the narrowest to the widest. */
export const WAIVER_SCOPES = ['finding', 'path', 'check', 'repository'] as const
export type WaiverScope = (typeof WAIVER_SCOPES)[number]

/**
 * One that is in force over a repository. `checkId` null: of every check; `fingerprint` is a finding's, `path` a glob over
 * whole paths.
 */
export type Waiver = {
  id: number
  scope: WaiverScope
  checkId: string | null
  fingerprint: string | null
  path: string | null
}

export type Waivable = Pick<ReportedFinding, 'fingerprint'> & { evidence: Pick<ReportedFinding['evidence'], 'path'> }

export function covers(waiver: Waiver, checkId: string, finding: Waivable): boolean {
  if (waiver.checkId !== null && waiver.checkId !== checkId) return false
  if (waiver.scope === 'finding') return waiver.fingerprint === finding.fingerprint
  if (waiver.scope === 'path') return waiver.path !== null && globMatches(waiver.path, finding.evidence.path)
  return waiver.scope === 'repository' || waiver.checkId !== null
}

/** The narrowest that covers the finding, of those the oldest; null where none does. */
export function waiverOver(waivers: readonly Waiver[], checkId: string, finding: Waivable): Waiver | null {
  const rank = ({ scope }: Waiver) => WAIVER_SCOPES.indexOf(scope)
  const covering = waivers.filter(waiver => covers(waiver, checkId, finding))
  return covering.sort((a, b) => rank(a) - rank(b) || a.id - b.id)[0] ?? null
}
