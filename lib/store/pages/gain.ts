import { ITEMS, type ItemId } from '../../check.ts'

const MINIMUM = new Set<ItemId>(ITEMS.map(item => item.id))

type Valued = { checkId: string; item: ItemId; value: number | null }

/**
 * The points that a repository gains when a check passes, with every item weighing the same: an item is the mean of its
 * checks that applied, the score the mean of the items. A check beyond the minimum moves the hardening score alike.
 */
export function gainOf(checkId: string, results: readonly Valued[]): number {
  const check = results.find(result => result.checkId === checkId)
  if (check === undefined || check.value === null) return 0
  const applied = results.filter(result => result.value !== null)
  const beside = applied.filter(result => result.item === check.item).length
  const minimum = MINIMUM.has(check.item)
  const items = new Set(applied.filter(result => MINIMUM.has(result.item) === minimum).map(result => result.item))
  return ((1 - check.value) / beside / items.size) * 100
}
