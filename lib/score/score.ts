/** Results → numbers. The six items and the hardening sections are never mixed. */
import { ITEMS, type ItemId, SECTIONS } from '../check.ts'
import type { Weights } from '../policy/policy.ts'
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
type Scored = Pick<CheckResult, 'id' | 'item' | 'outcome' | 'value'>

/** An item's value is the mean of its checks that applied, the score that of the items, both weighted by the policy. */
export function scoreOf(results: readonly Scored[], policy: Weights): Score {
  const weighed = results.map(({ item, outcome, value, id }) => {
    return { item, outcome, value, weight: Math.max(0, policy.checkWeights[id] ?? 1) }
  })
  // What the policy lets not count says nothing of its item either.
  const byItem = Map.groupBy(
    weighed.filter(({ weight }) => weight > 0),
    ({ item }) => item,
  )
  const minimum = ITEMS.map(({ id }) => scoredItem(id, byItem.get(id) ?? []))
  const sections = SECTIONS.map(({ id }) => scoredItem(id, byItem.get(id) ?? []))
  const score = percent(minimum, item => policy.itemWeights[item.id as keyof Weights['itemWeights']] ?? 1)
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

type Weighed = Pick<Scored, 'outcome' | 'value'> & { weight: number }

function scoredItem(id: ItemId, own: readonly Weighed[]): ScoredItem {
  const values = own.flatMap(({ value, weight }) => (value === null ? [] : [{ value, weight }]))
  // A check that could not look, or threw, might have failed: then "met" would say more than is known. Nor is one met
  // whose findings are waived.
  const seenWhole = own.every(({ outcome }) => outcome === 'pass' || outcome === 'not-applicable')
  return { id, value: mean(values), met: values.length > 0 && seenWhole, applied: values.length }
}

function mean(values: readonly { value: number; weight: number }[]): number | null {
  if (values.length === 0) return null
  const weights = values.reduce((sum, { weight }) => sum + weight, 0)
  return values.reduce((sum, { value, weight }) => sum + value * weight, 0) / weights
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
