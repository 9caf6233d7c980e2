/** Readers keep what they made of a file by its object. A file that did not change since the last scan is that object again. */
import type { SourceFile } from '../snapshot/snapshot.ts'

/** In characters of text; what readers made of it takes a multiple of that. */
const MOST_TEXT = 2_000_000
const LARGEST_FILE = 64_000

export type KeptFiles = {
  get(file: Omit<SourceFile, 'text'>): SourceFile | undefined
  keep(file: SourceFile): void
}

/** Small files, those used last. Path and mode belong to what a file is: a reader may ask for either. */
export function keptFiles(): KeptFiles {
  const kept = new Map<string, SourceFile>()
  let text = 0
  const keyOf = ({ oid, mode, path }: Omit<SourceFile, 'text'>) => `${oid} ${mode} ${path}`
  return {
    get(file) {
      const key = keyOf(file)
      const found = kept.get(key)
      if (found === undefined) return undefined
      kept.delete(key)
      kept.set(key, found)
      return found
    },
    keep(file) {
      if (file.text.length > LARGEST_FILE) return
      kept.set(keyOf(file), file)
      text += file.text.length
      for (const [key, oldest] of kept) {
        if (text <= MOST_TEXT) return
        kept.delete(key)
        text -= oldest.text.length
      }
    },
  }
}
