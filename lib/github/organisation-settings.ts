/** The settings of all repositories by the answers that tell a hundred of them at once. */
import type { Answered, Capabilities } from './capabilities.ts'
import type { GitHub } from './client.ts'
import { type ProtectionRow, readProtection } from './protection.ts'
import { listSecurity, readSecurity, type SecurityRow } from './settings.ts'

/** By repository id; one that is absent was not told. `why`: sentences for what is null or only seems to be off. */
export type OrganisationSettings = {
  security: ReadonlyMap<bigint, SecurityRow>
  protection: ReadonlyMap<bigint, ProtectionRow>
  why: { alerts: string; security: string; protection: string }
}

const FOR_ADMINISTRATORS = 'GitHub shows it to administrators only. The token needs administration: read.'
const ALERTS = 'Repository.hasVulnerabilityAlertsEnabled'
const NO_ALERTS = 'This server does not tell whether Dependabot alerts are on.'

/** `protection`: where the listing told it, so that it need not be asked for. */
type Listed = { id: bigint; nodeId: string; protection?: Omit<ProtectionRow, 'id'> | null }

/**
 * null where GitHub failed to answer: then nothing is known anew. One request for a hundred repositories, and one point for
 * a hundred of which the listing did not tell what guards their branches.
 */
export async function readOrganisationSettings(
  github: GitHub,
  org: string,
  capabilities: Capabilities,
  repositories: readonly Listed[],
): Promise<OrganisationSettings | null> {
  const rows = await capabilities.ask('Security settings', async () => {
    const all: SecurityRow[] = []
    for await (const page of listSecurity(github, org)) all.push(...page)
    return all
  })
  const told = repositories.flatMap(({ id, protection }) => (protection ? [{ id, ...protection }] : []))
  const untold = repositories.filter(({ protection }) => !protection).map(({ nodeId }) => nodeId)
  const guards = await capabilities.ask('Branch protection', async () => [
    ...told,
    ...(await readProtection(github, untold)),
  ])
  tellProtection(capabilities, guards.value ?? [], tellSecurity(capabilities, rows.value ?? []))
  return together(github, rows, guards)
}

/** The same of one repository, for one request and one point: a refusal by it is none by the others. */
export async function readSettingsOfOne(
  github: GitHub,
  org: string,
  capabilities: Capabilities,
  { nodeId, name }: { nodeId: string; name: string },
): Promise<OrganisationSettings | null> {
  const rows = await capabilities.askOne('Security settings', () => readSecurity(github, org, name))
  const guards = await capabilities.askOne('Branch protection', () => readProtection(github, [nodeId]))
  return together(github, rows, guards)
}

function together(
  github: GitHub,
  rows: Answered<SecurityRow[]>,
  guards: Answered<ProtectionRow[]>,
): OrganisationSettings | null {
  if ((rows.value === null && rows.passing) || (guards.value === null && guards.passing)) return null
  return {
    security: new Map((rows.value ?? []).map(row => [row.id, row])),
    protection: new Map((guards.value ?? []).map(row => [row.id, row])),
    why: {
      alerts: github.missing.has(ALERTS) ? NO_ALERTS : (rows.reason ?? FOR_ADMINISTRATORS),
      security: rows.reason ?? FOR_ADMINISTRATORS,
      protection: guards.reason ?? FOR_ADMINISTRATORS,
    },
  }
}

/** Rows come without what only administrators are shown, and nothing says so. Gives whether any of it was shown. */
export function tellSecurity(capabilities: Capabilities, rows: readonly SecurityRow[]): boolean {
  const shown = rows.some(row => row.secretScanning !== null || row.securityUpdates !== null)
  if (rows.length > 0 && !shown) capabilities.tell('Security settings', 'denied', FOR_ADMINISTRATORS)
  return shown
}

/** Whoever administers nothing sees some guards and not others: none of them says that there are no more. */
export function tellProtection(
  capabilities: Capabilities,
  rows: readonly ProtectionRow[],
  isAdministrator: boolean,
): void {
  if (rows.length > 0 && !isAdministrator && !rows.some(({ administers }) => administers))
    capabilities.tell('Branch protection', 'denied', FOR_ADMINISTRATORS)
}
