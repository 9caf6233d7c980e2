/**
 * Which files a judge holds, as its parent knows it: what is held is not sent again, and what a reader made of it is used
 * again. The judge follows what it is told, so that both always agree.
 */
import type { PackedFile } from '../snapshot/packed.ts'
import { LARGEST_HELD_BYTES, MOST_HELD_BYTES } from './bounds.ts'

export type Held = {
  /** Whether the judge has the file already; it counts as used. */
  has(file: PackedFile): boolean
  /** Whether the judge is to keep it, and which keys it is to forget for that. */
  keep(file: PackedFile): { kept: boolean; forget: string[] }
}

/** Path and mode belong to what a file is: a reader may ask for either. */
export function keyOf({ oid, mode, path }: Pick<PackedFile, 'oid' | 'mode' | 'path'>): string {
  return `${oid} ${mode} ${path}`
}

export function heldFiles(): Held {
  const sizes = new Map<string, number>()
  let bytes = 0
  return {
    has(file) {
      const key = keyOf(file)
      const size = sizes.get(key)
      if (size === undefined) return false
      sizes.delete(key)
      sizes.set(key, size)
      return true
    },
    keep(file) {
      // Without an id nothing tells that another file has the same content.
      if (file.oid === '' || file.size > LARGEST_HELD_BYTES) return { kept: false, forget: [] }
      sizes.set(keyOf(file), file.size)
      bytes += file.size
      const forget: string[] = []
      for (const [key, size] of sizes) {
        if (bytes <= MOST_HELD_BYTES) break
        sizes.delete(key)
        bytes -= size
        forget.push(key)
      }
      return { kept: true, forget }
    },
  }
}
