/**
 * A policy as people write it: what differs from the defaults, for the organisation and for groups of its repositories.
 * The server reads by it, and so does the form in the browser: what is wrong is the same sentence in both.
 */
import { z } from 'zod'
import { ITEMS, type Severity } from '../check.ts'

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Severity[]
export const MOST_WEIGHT = 10

const weight = z
  .int('A weight is a whole number.')
  .min(0, 'A weight is 0 at least: 0 leaves it out of the score.')
  .max(MOST_WEIGHT, `A weight is ${MOST_WEIGHT} at most.`)
const ITEM_IDS = ITEMS.map(({ id }) => id)
export const DEMANDS = ['sha', 'tag', 'any'] as const
const demand = z.enum(DEMANDS, 'Write sha, tag or any.')
const pattern = z
  .string()
  .max(200, 'A pattern has 200 letters at most.')
  .regex(/^(?:\*|[\w.-]+\/(?:\*|[\w.-]+(?:\/[\w./-]+)?))$/, 'Write *, owner/*, owner/repo or owner/repo/path.')
const host = z
  .string()
  .max(200, 'A host has 200 letters at most.')
  .regex(
    /^[a-z0-9][a-z0-9.-]*(?::\d{1,5})?(?:\/[\w./-]*)?$/,
    'Write a host in small letters, with or without a path, and no https://.',
  )
const folder = z
  .string()
  .max(200, 'A path has 200 letters at most.')
  .regex(
    /^[^/\s*?][^*?]*[^/*?]$|^[^/\s*?]$/,
    'Write the name of a folder, or a run of them: examples, or docs/old. No * is understood here.',
  )
const checkId = z.string().max(100)

const demands = {
  items: z.partialRecord(z.enum(ITEM_IDS, `The items are ${ITEM_IDS.join(', ')}.`), weight).optional(),
  actions: z.array(z.strictObject({ pattern, demand })).max(200, 'Name 200 patterns at most.').optional(),
  registries: z
    .record(
      z.string().max(40, 'The name of an ecosystem has 40 letters at most.'),
      z.array(host).min(1, 'Name one host at least.').max(50, 'Name 50 hosts at most.'),
    )
    .optional(),
  'left-out': z.array(folder).max(100, 'Name 100 paths at most.').optional(),
  'longest-waiver-days': z
    .int('Write a whole number of days.')
    .min(1, 'One day at least.')
    .max(730, 'Two years at most.')
    .optional(),
}

export const VISIBILITIES = ['public', 'private', 'internal'] as const
const words = z
  .array(z.string().min(1, 'Write a name.').max(100, 'A name has 100 letters at most.'))
  .min(1, 'Name one at least.')
  .max(100, 'Name 100 at most.')
// YAML takes true and 1 for something else than text, which is all that GitHub knows; of 1.0 it would keep only the 1.
const propertyValue = z
  .union([z.string(), z.boolean(), z.int()], 'Write a value, in quotes if it is a number with a point.')
  .transform(String)
  .pipe(z.string().min(1, 'Write a value.').max(200, 'A value has 200 letters at most.'))
const properties = z
  .record(
    z.string().regex(/^[\w$#-]{1,75}$/, 'Write the name of a custom property as GitHub shows it.'),
    z.preprocess(
      value => (Array.isArray(value) ? value : [value]),
      z.array(propertyValue).min(1, 'Name one value at least.').max(100, 'Name 100 values at most.'),
    ),
  )
  .refine(named => Object.keys(named).length > 0, 'Name one property at least.')
  .refine(named => Object.keys(named).length <= 20, 'Name 20 properties at most.')
const match = z
  .strictObject({
    topics: words.optional(),
    teams: words.optional(),
    properties: properties.optional(),
    visibility: z.enum(VISIBILITIES, 'Write public, private or internal.').optional(),
  })
  .refine(
    one => Object.values(one).some(value => value !== undefined),
    'Say which: topics, teams, properties or visibility.',
  )

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
        name: z.string().trim().min(1, 'Give the group a name.').max(100, 'A name has 100 letters at most.'),
        match,
        ...demands,
        checks: z.record(checkId, z.strictObject({ weight })).optional(),
      }),
    )
    .max(50, 'There are 50 groups at most.')
    .optional(),
})
export type PolicyDocument = z.output<typeof policyDocument>
export type PolicyGroup = NonNullable<PolicyDocument['groups']>[number]
