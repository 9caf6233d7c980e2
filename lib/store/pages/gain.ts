import { ITEMS, type ItemId } from '../../check.ts'
import type { Weights } from '../../policy/policy.ts'

const MINIMUM = new Set<ItemId>(ITEMS.map(item => item.id))

type Valued = { checkId: string; item: ItemId; value: number | null }

/**
 * The points that a repository gains when a check passes: an item is the weighted mean of its checks that applied, the
 * score that of the items. A check beyond the minimum moves the hardening score alike.
 */
export function gainOf(checkId: string, results: readonly Valued[], { itemWeights, checkWeights }: Weights): number {
  const check = results.find(result => result.checkId === checkId)
  const weightOf = (id: string) => checkWeights[id] ?? 1
  const itemWeightOf = (item: ItemId) => (MINIMUM.has(item) ? (itemWeights[item as keyof typeof itemWeights] ?? 1) : 1)
  if (check === undefined || check.value === null || weightOf(checkId) === 0) return 0
  const applied = results.filter(result => result.value !== null && weightOf(result.checkId) > 0)
  const beside = sum(applied.filter(({ item }) => item === check.item).map(result => weightOf(result.checkId)))
  const minimum = MINIMUM.has(check.item)
  const items = new Set(applied.map(({ item }) => item).filter(item => MINIMUM.has(item) === minimum))
  const all = sum([...items].map(itemWeightOf))
  if (all === 0) return 0
  return (1 - check.value) * (weightOf(checkId) / beside) * (itemWeightOf(check.item) / all) * 100
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
