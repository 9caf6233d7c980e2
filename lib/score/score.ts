/** Results → numbers. The six items and the hardening sections are never mixed. */
import { ITEMS, type ItemId, SECTIONS } from '../check.ts'
import type { Policy } from '../policy/policy.ts'
import type { CheckResult, Grade, ScoredItem } from '../scan.ts'

export type Score = {
  /** 0–100, null where no item applied. */
  score: number | null
  grade: Grade | null
  itemsMet: number
  itemsApplied: number
  /** 0–100 over the sections beyond the minimum, null where nothing of them applied. */
  hardening: number | null
  /** The six items in their order, then the sections in theirs. */
  items: ScoredItem[]
}

/** What of a check's result makes the score. */
type Scored = Pick<CheckResult, 'item' | 'outcome' | 'value'>

/** An item's value is the mean of its checks that applied; the score is the mean of the items, weighted by the policy. */
export function scoreOf(results: readonly Scored[], policy: Pick<Policy, 'itemWeights'>): Score {
  const minimum = ITEMS.map(({ id }) => scoredItem(id, results))
  const sections = SECTIONS.map(({ id }) => scoredItem(id, results))
  const score = percent(minimum, item => policy.itemWeights[item.id as keyof Policy['itemWeights']] ?? 1)
  return {
    score,
    grade: score === null ? null : gradeOf(score),
    itemsMet: minimum.filter(item => item.met).length,
    itemsApplied: minimum.filter(item => item.applied > 0).length,
    hardening: percent(sections, () => 1),
    items: [...minimum, ...sections],
  }
}

export function gradeOf(score: number): Grade {
  if (score >= 90) return 'A'
  if (score >= 75) return 'B'
  if (score >= 60) return 'C'
  if (score >= 40) return 'D'
  return 'F'
}

function scoredItem(id: ItemId, results: readonly Scored[]): ScoredItem {
  const own = results.filter(result => result.item === id)
  const values = own.flatMap(result => (result.value === null ? [] : [result.value]))
  // A check that could not look, or threw, might have failed: then "met" would say more than is known. Nor is one met
  // whose findings are waived.
  const seenWhole = own.every(result => result.outcome === 'pass' || result.outcome === 'not-applicable')
  return { id, value: mean(values), met: values.length > 0 && seenWhole, applied: values.length }
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function percent(items: readonly ScoredItem[], weightOf: (item: ScoredItem) => number): number | null {
  let sum = 0
  let weights = 0
  for (const item of items) {
    if (item.value === null) continue
    const weight = Math.max(0, weightOf(item))
    sum += item.value * weight
    weights += weight
  }
  if (weights === 0) return null
  // Rounded down, so that 100 means that nothing was found and a grade's edge is never reached by rounding.
  return Math.floor((sum / weights) * 100 + 1e-9)
}
