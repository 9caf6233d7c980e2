/** How much to ask for at once: halved where GitHub says that it was too much, and growing back slowly. */
import { GitHubTrouble } from './trouble.ts'

/** Calls with `size`, then half of it and so on while the answer is "too heavy"; gives the answer and the size that worked. */
export async function halving<T>(size: number, call: (size: number) => Promise<T>): Promise<[T, number]> {
  for (let now = size; ; now = Math.floor(now / 2)) {
    try {
      return [await call(now), now]
    } catch (error) {
      if (!(error instanceof GitHubTrouble) || error.kind !== 'too-heavy' || now <= 1) throw error
    }
  }
}

const batches = new WeakMap<object, Map<string, BatchSize>>()

/** The batch size of one kind of query on one connection: what one caller learnt, the next starts with. */
export function batchOf(connection: object, query: string, most: number): BatchSize {
  const known = batches.get(connection) ?? new Map<string, BatchSize>()
  batches.set(connection, known)
  const batch = known.get(query) ?? new BatchSize(most)
  known.set(query, batch)
  return batch
}

/** The size of a batch over many calls: half after trouble, a tenth more after ten calls without. */
export class BatchSize {
  readonly #most: number
  #size: number
  #clean = 0

  constructor(most: number) {
    this.#most = most
    this.#size = most
  }

  get size(): number {
    return this.#size
  }

  shrink(): void {
    this.#size = Math.max(1, Math.floor(this.#size / 2))
    this.#clean = 0
  }

  succeed(): void {
    this.#clean += 1
    if (this.#clean < 10) return
    this.#clean = 0
    this.#size = Math.min(this.#most, this.#size + Math.ceil(this.#size / 10))
  }
}
