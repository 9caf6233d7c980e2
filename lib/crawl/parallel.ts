/** Runs `work` over all items, `most` at a time, and gives the results in the items' order. Ends at the first error. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>, most = 6): Promise<R[]> {
  const results: R[] = new Array(items.length)
  const left = items.entries()
  async function worker(): Promise<void> {
    // The iterator is shared: each worker takes the next item that nobody has.
    for (const [index, item] of left) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return results
}
