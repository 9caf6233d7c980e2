/**
 * What an organisation demands. Plain data: it is stored with its hash beside every scan, so that a trend can say
 * "the policy changed here", and it is always an argument, never read from anywhere.
 */
import { createHash } from 'node:crypto'
import type { CheckOptions, MinimumItemId } from '../check.ts'
import { LEFT_OUT, type LeftOutRule } from '../snapshot/left-out.ts'
import { trustedRegistries } from './registries.ts'

export type Policy = CheckOptions & {
  /** How much each of the six items counts in the score; 0 leaves it out, absent counts 1. */
  itemWeights: Readonly<Partial<Record<MinimumItemId, number>>>
  /** How much a check counts within its item or section; 0: it is shown and leaves the score, absent counts 1. */
  checkWeights: Readonly<Record<string, number>>
  /** Path segments (or runs of segments) whose files are test data or vendored code, and what is kept all the same. */
  leftOut: LeftOutRule
  /** How many days a waiver may last at most. */
  longestWaiverDays: number
}

export const defaultPolicy: Policy = {
  itemWeights: {},
  checkWeights: {},
  actionTrust: [{ pattern: '*', demand: 'sha' }],
  trustedRegistries: trustedRegistries(),
  leftOut: LEFT_OUT,
  longestWaiverDays: 180,
}

/** What of a policy makes numbers of results. */
export type Weights = Pick<Policy, 'itemWeights' | 'checkWeights'>

/**
 * The same for the same demands on repositories, whatever the order in which their keys were written: how long a waiver
 * may last changes no verdict. 16 hex digits.
 */
export function policyHash(policy: Policy): string {
  const known = hashes.get(policy)
  if (known !== undefined) return known
  const { longestWaiverDays: _, ...demands } = policy
  const hash = createHash('sha256').update(canonical(demands)).digest('hex').slice(0, 16)
  hashes.set(policy, hash)
  return hash
}

/** It is asked for every repository, and few are different. */
const hashes = new WeakMap<Policy, string>()

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
}
