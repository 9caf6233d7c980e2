/** What judging one repository may take. Seconds are those that the judging thread computed, where the system tells them. */

export type Bounds = {
  /** Longer without coming to another file or check, and the file, or the check, is set aside. */
  fileSeconds: number
  /** Longer over all, and nothing that its files decide is known. */
  repositorySeconds: number
  /** What a judge may hold in objects. */
  heapMb: number
}

export const BOUNDS: Bounds = { fileSeconds: 2, repositorySeconds: 20, heapMb: 768 }

/** Of the clock for one of computing: a machine that is busy with other things is no fault of a file. */
export const CLOCK_FOR_COMPUTING = 10

/** What a judge may hold at all: besides objects its code, buffers and the grammar of shell. */
export const MEMORY_MB = 2_048

/** Reports of giants have tens of megabytes; what is larger is none. */
export const MOST_ANSWER_BYTES = 128 * 1024 * 1024

/** Small files are kept in a judge, read, until they were not used for so many bytes of others. */
export const LARGEST_HELD_BYTES = 64_000
export const MOST_HELD_BYTES = 2_000_000
