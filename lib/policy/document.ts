/** A policy as people write it: what differs from the defaults, for the organisation and for groups of its repositories. */
import { z } from 'zod'
import { ITEMS, type Severity } from '../check.ts'
import { defaultPolicy, type Policy } from './policy.ts'

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Severity[]
export const MOST_WEIGHT = 10

const weight = z
  .int('A weight is a whole number.')
  .min(0, 'A weight is 0 at least: 0 leaves it out of the score.')
  .max(MOST_WEIGHT, `A weight is ${MOST_WEIGHT} at most.`)
const ITEM_IDS = ITEMS.map(({ id }) => id)
const demand = z.enum(['sha', 'tag', 'any'], 'Write sha, tag or any.')
const pattern = z
  .string()
  .max(200)
  .regex(/^(?:\*|[\w.-]+\/(?:\*|[\w.-]+(?:\/[\w./-]+)?))$/, 'Write *, owner/*, owner/repo or owner/repo/path.')
const host = z
  .string()
  .max(200)
  .regex(
    /^[a-z0-9][a-z0-9.-]*(?::\d{1,5})?(?:\/[\w./-]*)?$/,
    'Write a host in small letters, with or without a path, and no https://.',
  )
const folder = z
  .string()
  .max(200)
  .regex(
    /^[^/\s*?][^*?]*[^/*?]$|^[^/\s*?]$/,
    'Write the name of a folder, or a run of them: examples, or docs/old. No * is understood here.',
  )
const checkId = z.string().max(100)

const demands = {
  items: z.partialRecord(z.enum(ITEM_IDS, `The items are ${ITEM_IDS.join(', ')}.`), weight).optional(),
  actions: z.array(z.strictObject({ pattern, demand })).max(200).optional(),
  registries: z.record(z.string().max(40), z.array(host).min(1, 'Name one host at least.').max(50)).optional(),
  'left-out': z.array(folder).max(100).optional(),
  'longest-waiver-days': z.int().min(1).max(730, 'Two years at most.').optional(),
}

const words = z.array(z.string().min(1).max(100)).min(1).max(100)
const match = z
  .strictObject({
    topics: words.optional(),
    teams: words.optional(),
    visibility: z.enum(['public', 'private', 'internal'], 'Write public, private or internal.').optional(),
  })
  .refine(one => Object.values(one).some(value => value !== undefined), 'Say which: topics, teams or visibility.')

export const policyDocument = z.strictObject({
  version: z.literal(1, 'Write version: 1.'),
  ...demands,
  checks: z
    .record(
      checkId,
      z.strictObject({
        weight: weight.optional(),
        severity: z.enum(SEVERITIES, 'Write critical, high, medium or low.').optional(),
      }),
    )
    .optional(),
  groups: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(100),
        match,
        ...demands,
        checks: z.record(checkId, z.strictObject({ weight })).optional(),
      }),
    )
    .max(50)
    .optional(),
})
export type PolicyDocument = z.output<typeof policyDocument>
export type PolicyGroup = NonNullable<PolicyDocument['groups']>[number]

export const EMPTY_DOCUMENT: PolicyDocument = { version: 1 }

/** What of a repository says which groups it belongs to. */
export type Traits = { topics: readonly string[]; teams: readonly string[]; visibility: string }

/** Every kind of trait that the group names is there; of topics and of teams one is enough. */
export function isIn({ match }: PolicyGroup, { topics, teams, visibility }: Traits): boolean {
  if (match.topics && !match.topics.some(topic => topics.includes(topic))) return false
  if (match.teams && !match.teams.some(team => teams.includes(team))) return false
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
