/** What every GraphQL connection takes. */
export type Paging = { first?: number | null; last?: number | null; after?: string | null; before?: string | null }

const cursorOf = (key: string) => Buffer.from(`cursor:v2:${key}`).toString('base64url')

function keyOf(cursor: string): string {
  return Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .replace(/^cursor:v2:/, '')
}

/**
 * A page of a sorted list. `key` sorts as text in the list's order and is unique, so that a cursor stays right when
 * items come or go before it. `edge` adds what the edges carry beside the node.
 */
export function connectionOf<Item>(
  items: readonly Item[],
  paging: Paging,
  key: (item: Item) => string,
  node: (item: Item) => unknown,
  options: { descending?: boolean; edge?: (item: Item) => object } = {},
) {
  const later = (a: string, b: string) => (options.descending === true ? a < b : a > b)
  const { after, before } = paging
  let from = 0
  let to = items.length
  if (after != null) {
    const wanted = keyOf(after)
    from = boundary(items, item => later(key(item), wanted))
  }
  if (before != null) {
    const wanted = keyOf(before)
    to = boundary(items, item => !later(wanted, key(item)))
  }
  const end = paging.first == null ? to : Math.min(to, from + paging.first)
  const start = paging.first == null && paging.last != null ? Math.max(from, end - paging.last) : from
  const chosen = items.slice(start, Math.max(start, end))
  const [first] = chosen
  const last = chosen.at(-1)
  return {
    totalCount: items.length,
    nodes: () => chosen.map(node),
    edges: () => chosen.map(item => ({ cursor: cursorOf(key(item)), node: node(item), ...options.edge?.(item) })),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: first === undefined ? null : cursorOf(key(first)),
      endCursor: last === undefined ? null : cursorOf(key(last)),
    },
  }
}

/** The first index whose item passes; items that pass stand after all that do not. */
function boundary<Item>(items: readonly Item[], passes: (item: Item) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && passes(item)) high = middle
    else low = middle + 1
  }
  return low
}
