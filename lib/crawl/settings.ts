/** Settings as they are told in parts: by the organisation for a hundred repositories at once, by a repository for itself. */
import type { BranchAct, SettingName, Settings } from '../snapshot/snapshot.ts'
import { type HostProperties, propertiesTold } from './properties.ts'
import type { ToldByOrganisation } from './source.ts'

/** What one look told: every name in it replaces what was known, its reason included. */
export type ToldSettings = Partial<Settings>

/** `null` where GitHub shows it to administrators only. */
export type SecurityTold = { secretScanning: boolean | null; securityUpdates: boolean | null }
export type ProtectionTold = {
  /** Whether all that there is was seen: else "no" may be "not shown". */
  administers: boolean
  alerts: boolean | null
  guards: { forcePush: boolean; deletion: boolean; directPush: boolean } | null
}
type Reasons = { alerts: string; security: string; protection: string }

const UNASKED = 'It is read once a day, and this repository has not had its turn.'
const NAMES: readonly SettingName[] = [
  'vulnerabilityAlerts',
  'securityUpdates',
  'secretScanning',
  'shaPinningRequired',
  'defaultBranchProtected',
  'protectedEnvironments',
]

/** By repository id; `why`: sentences for what is null or only seems to be off. */
type Told = {
  security: ReadonlyMap<bigint, SecurityTold & { topics: readonly string[] | null; properties: HostProperties | null }>
  protection: ReadonlyMap<bigint, ProtectionTold>
  why: Reasons
}

/**
 * What the host's answers say of these repositories; nothing where it failed to answer. `ownerProperties`: names of the
 * custom properties that say who owns a repository.
 */
export function allTold(
  told: Told | null,
  { org, ownerProperties }: { org: string; ownerProperties: readonly string[] },
  repositories: readonly { id: bigint }[],
): ToldByOrganisation {
  if (told === null) return { settings: new Map(), topics: new Map(), properties: new Map() }
  const { security, protection, why } = told
  return {
    settings: new Map(
      repositories.map(({ id }) => [id, toldByOrganisation(security.get(id), protection.get(id), why)] as const),
    ),
    topics: new Map([...security].flatMap(([id, { topics }]) => (topics === null ? [] : [[id, topics] as const]))),
    properties: new Map(
      [...security].flatMap(([id, { properties }]) => {
        return properties === null ? [] : [[id, propertiesTold(properties, org, ownerProperties)] as const]
      }),
    ),
  }
}

/** The same, a part after the other. */
export async function* eachTold(
  parts: AsyncIterable<{ told: Told; repositories: readonly { id: bigint }[] }>,
  naming: Parameters<typeof allTold>[1],
): AsyncGenerator<ToldByOrganisation> {
  for await (const { told, repositories } of parts) yield allTold(told, naming, repositories)
}

/** What the organisation-wide answers say of one repository. A "no" that may only be hidden is not known. */
export function toldByOrganisation(
  security: SecurityTold | undefined,
  protection: ProtectionTold | undefined,
  why: Reasons,
): ToldSettings {
  const { secretScanning = null, securityUpdates = null } = security ?? {}
  const administers = protection?.administers === true || secretScanning !== null || securityUpdates !== null
  const alerts = protection?.alerts ?? null
  // Security updates are made from alerts, so that they cannot be on without them.
  const vulnerabilityAlerts = alerts === true || securityUpdates === true ? true : administers ? alerts : null
  const { defaultBranchProtected, defaultBranchAllows } = branchTold(protection, administers)
  return {
    vulnerabilityAlerts,
    secretScanning,
    securityUpdates,
    defaultBranchProtected,
    defaultBranchAllows,
    reasons: {
      ...(vulnerabilityAlerts === null ? { vulnerabilityAlerts: why.alerts } : {}),
      ...(secretScanning === null ? { secretScanning: why.security } : {}),
      ...(securityUpdates === null ? { securityUpdates: why.security } : {}),
      ...(defaultBranchProtected === null ? { defaultBranchProtected: why.protection } : {}),
    },
  }
}

/**
 * Whether what a wide listing told of a branch is to be asked again: GitHub shortens lists within it without a word, and a
 * guard that was there yesterday is more likely left out than taken away.
 */
export function isDoubtful(
  told: ProtectionTold,
  before: Pick<Settings, 'defaultBranchProtected'> | undefined,
): boolean {
  const { forcePush = false, deletion = false, directPush = false } = told.guards ?? {}
  return before?.defaultBranchProtected === true && !(forcePush && deletion && directPush)
}

function branchTold(
  told: ProtectionTold | undefined,
  administers: boolean,
): Required<Pick<Settings, 'defaultBranchAllows'>> & Pick<Settings, 'defaultBranchProtected'> {
  const guards = told?.guards
  if (!guards) return { defaultBranchProtected: null, defaultBranchAllows: [] }
  const acts: readonly [BranchAct, boolean][] = [
    ['force-push', guards.forcePush],
    ['deletion', guards.deletion],
    ['direct-push', guards.directPush],
  ]
  const allowed = acts.filter(([, guarded]) => !guarded).map(([act]) => act)
  if (allowed.length === 0) return { defaultBranchProtected: true, defaultBranchAllows: [] }
  return administers
    ? { defaultBranchProtected: false, defaultBranchAllows: allowed }
    : { defaultBranchProtected: null, defaultBranchAllows: [] }
}

/** Settings with every name in them: what nobody told yet is not known, and says so. */
export function wholeSettings(told: ToldSettings): Settings {
  const missing = NAMES.filter(name => told[name] === undefined)
  const unknown = Object.fromEntries(missing.map(name => [name, null])) as Partial<Settings>
  const reasons = { ...Object.fromEntries(missing.map(name => [name, UNASKED])), ...told.reasons }
  return { ...(unknown as Settings), ...told, reasons }
}
