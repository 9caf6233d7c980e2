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
type Asked = { among(ids: readonly bigint[]): Promise<Listed[]>; all(): AsyncIterable<Listed[]> }
type Told = { repositories: Listed[]; told: OrganisationSettings }

/** Rows that are looked up together: fewer would ask for guards in more queries than they fill. */
const PART = 2_000

/**
 * A part after the other; where GitHub fails to answer it ends, and nothing is known anew of the others. One request for a
 * hundred repositories, and one point for those of which the listing did not tell what guards their branches.
 */
export async function* readOrganisationSettings(
  github: GitHub,
  org: string,
  capabilities: Capabilities,
  asked: Asked,
): AsyncGenerator<Told> {
  const seen = new Set<bigint>()
  const samples = { security: new Sample<SecurityRow>(isShown), guards: new Sample<ProtectionRow>(isAdministered) }
  const tell = async (rows: Answered<SecurityRow[]>, repositories: Listed[]): Promise<Told | null> => {
    const guards = await guardsOf(github, capabilities, repositories)
    samples.guards.take(guards.value ?? [])
    const told = together(github, rows, guards)
    return told && { repositories, told }
  }
  const parts = inParts(listSecurity(github, org))
  let none: Answered<SecurityRow[]> = { value: [], reason: null }
  for (;;) {
    const part = await capabilities.ask('Security settings', () => parts.next())
    if (part.value === null) none = part
    if (part.value === null || part.value.done === true) break
    const rows = part.value.value
    samples.security.take(rows)
    for (const { id } of rows) seen.add(id)
    const told = await tell({ value: rows, reason: null }, await asked.among(rows.map(({ id }) => id)))
    if (told === null) return
    yield told
  }
  for await (const part of asked.all()) {
    // What the listing by REST does not name may have guards all the same.
    const others = part.filter(({ id }) => !seen.has(id))
    const told = others.length === 0 ? undefined : await tell(none, others)
    if (told === null) return
    if (told !== undefined) yield told
  }
  tellProtection(capabilities, samples.guards.rows, tellSecurity(capabilities, samples.security.rows))
}

/** One row for all of them: one that has what is looked for, where any has. */
class Sample<Row> {
  readonly #isHit: (row: Row) => boolean
  rows: Row[] = []

  constructor(isHit: (row: Row) => boolean) {
    this.#isHit = isHit
  }

  take(rows: readonly Row[]): void {
    const [kept] = this.rows
    if (kept !== undefined && this.#isHit(kept)) return
    const row = rows.find(this.#isHit) ?? kept ?? rows[0]
    this.rows = row === undefined ? [] : [row]
  }
}

async function guardsOf(
  github: GitHub,
  capabilities: Capabilities,
  repositories: readonly Listed[],
): Promise<Answered<ProtectionRow[]>> {
  const told = repositories.flatMap(({ id, protection }) => (protection ? [{ id, ...protection }] : []))
  const untold = repositories.filter(({ protection }) => !protection).map(({ nodeId }) => nodeId)
  return capabilities.ask('Branch protection', async () => [...told, ...(await readProtection(github, untold))])
}

async function* inParts(pages: AsyncIterable<SecurityRow[]>): AsyncGenerator<SecurityRow[]> {
  let part: SecurityRow[] = []
  for await (const page of pages) {
    part.push(...page)
    if (part.length < PART) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
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
  const shown = rows.some(isShown)
  if (rows.length > 0 && !shown) capabilities.tell('Security settings', 'denied', FOR_ADMINISTRATORS)
  return shown
}

/** Whoever administers nothing sees some guards and not others: none of them says that there are no more. */
export function tellProtection(
  capabilities: Capabilities,
  rows: readonly ProtectionRow[],
  isAdministrator: boolean,
): void {
  if (rows.length > 0 && !isAdministrator && !rows.some(isAdministered))
    capabilities.tell('Branch protection', 'denied', FOR_ADMINISTRATORS)
}

function isShown({ secretScanning, securityUpdates }: SecurityRow): boolean {
  return secretScanning !== null || securityUpdates !== null
}

function isAdministered({ administers }: ProtectionRow): boolean {
  return administers
}
