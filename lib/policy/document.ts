/** Policies as they are written, laid over each other: what is demanded of a repository. */
import type { Severity } from '../check.ts'
import { defaultPolicy, type Policy } from './policy.ts'
import type { PolicyDocument, PolicyGroup } from './schema.ts'

export const EMPTY_DOCUMENT: PolicyDocument = { version: 1 }

/** What of a repository says which groups it belongs to. */
export type Traits = {
  topics: readonly string[]
  teams: readonly string[]
  visibility: string
  /** The values of its custom properties; one without a value is not there. */
  properties: Readonly<Record<string, readonly string[]>>
}

/** Every kind of trait that the group names is there; of topics, of teams and of a property's values one is enough. */
export function isIn({ match }: PolicyGroup, { topics, teams, visibility, properties }: Traits): boolean {
  if (match.topics && !match.topics.some(topic => topics.includes(topic))) return false
  if (match.teams && !match.teams.some(team => teams.includes(team))) return false
  for (const [name, values] of Object.entries(match.properties ?? {})) {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!values.some(value => own?.includes(value))) return false
  }
  return match.visibility === undefined || match.visibility === visibility
}

/**
 * What is demanded of a repository: the defaults, over them the organisation's, over those each group's in their order. Of
 * repositories in the same groups it is the same object.
 */
export function policyFor(document: PolicyDocument, traits: Traits): Policy {
  const layers = [document, ...(document.groups ?? []).filter(group => isIn(group, traits))]
  const policies = made.get(document) ?? new Map<string, Policy>()
  made.set(document, policies)
  const key = layers.map(layer => ('name' in layer ? document.groups?.indexOf(layer) : '')).join()
  const policy = policies.get(key) ?? layers.reduce<Policy>(laidOver, defaultPolicy)
  policies.set(key, policy)
  return policy
}

const made = new WeakMap<PolicyDocument, Map<string, Policy>>()

function laidOver(below: Policy, layer: PolicyDocument | PolicyGroup): Policy {
  const weights = Object.entries(layer.checks ?? {}).flatMap(([id, { weight: own }]) =>
    own === undefined ? [] : [[id, own]],
  )
  const named = new Set(layer.actions?.map(trust => trust.pattern.toLowerCase()))
  return {
    itemWeights: { ...below.itemWeights, ...layer.items },
    checkWeights: { ...below.checkWeights, ...Object.fromEntries(weights) },
    actionTrust: [
      ...(layer.actions ?? []),
      ...below.actionTrust.filter(trust => !named.has(trust.pattern.toLowerCase())),
    ],
    trustedRegistries: { ...below.trustedRegistries, ...layer.registries },
    leftOut: {
      ...below.leftOut,
      segments: [...new Set([...below.leftOut.segments, ...(layer['left-out'] ?? [])])],
    },
    longestWaiverDays: layer['longest-waiver-days'] ?? below.longestWaiverDays,
  }
}

/** How severe a check is said to be here; `own` is what it says itself. */
export function severityOf({ checks }: PolicyDocument, id: string, own: Severity): Severity {
  return checks?.[id]?.severity ?? own
}

/** How many days a waiver lasts at most in any of the repositories. */
export function longestWaiver({ groups = [], ...document }: PolicyDocument): number {
  const days = [document, ...groups].flatMap(layer => layer['longest-waiver-days'] ?? [])
  return Math.max(document['longest-waiver-days'] ?? defaultPolicy.longestWaiverDays, ...days)
}
