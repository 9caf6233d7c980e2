/**
 * What a worker holds besides what it works on. It works in batches, of which little is alive at a time; of the whole
 * organisation it holds ids alone. V8 by itself lets garbage grow to a multiple of that on a machine with much memory.
 */
import { setFlagsFromString } from 'node:v8'

/** How far the heap grows over what is held before it is collected, in percent of that. */
const MOST_GARBAGE = 50

/**
 * Collects garbage sooner than V8 would. A limit of the heap would do that too, and would end a worker that once needs
 * more. V8 reads this flag at each collection, so that it counts however the worker was started.
 */
export function collectSooner(): void {
  setFlagsFromString(`--heap-growing-percent=${MOST_GARBAGE}`)
}
