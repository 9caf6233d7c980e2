/** A process of its own that holds things for a while, as a worker does: tells the most that its heap was, in MB. */
import { collectSooner } from '#workers/memory.ts'

const HELD = 600
const TURNS = 60

collectSooner()
// Held through a few collections of what is young, so that it is garbage among what is old.
const held: number[][] = new Array(HELD)
let peak = 0
for (let turn = 0; turn < TURNS * HELD; turn += 1) {
  held[turn % HELD] = new Array<number>(12_800).fill(turn)
  if (turn % 50 === 0) peak = Math.max(peak, process.memoryUsage().heapTotal)
}
console.log(Math.round(peak / 1_048_576))
