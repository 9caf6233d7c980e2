/** What a judge is asked, as one frame: this as JSON, then the tree and the contents of the files, one after the other. */

import type { Policy } from '../policy/policy.ts'
import type { PackedFile, PackedSnapshot, SnapshotFacts } from '../snapshot/packed.ts'
import type { FileMode } from '../snapshot/snapshot.ts'
import { frameOf } from './frames.ts'
import type { Held } from './held.ts'

export type Ask = {
  number: number
  /** Whether the judge tells which check it comes to and which file it reads, before it does. */
  careful: boolean
  /** Whether the report lists the inventory by place; that by content comes always. */
  inventory: boolean
  now: string
  policy: Policy
  facts: SnapshotFacts
  treeBytes: number
  files: AskedFile[]
  /** Keys of held files that it is to let go. */
  forget: string[]
  /** Index of a check → why it is not run. */
  aside: [number, string][]
}

/** `bytes` null: the judge holds it. `keep`: it is to hold it from now on. */
export type AskedFile = { path: string; mode: FileMode; oid: string; bytes: number | null; keep: boolean }

/** What is told before each step of a careful judgement: three numbers of four bytes. */
export const STEP_BYTES = 12
export const NO_FILE = 0xffffffff

type What = Pick<Ask, 'number' | 'careful' | 'inventory' | 'now' | 'policy' | 'aside'>

/** A careful judge starts from nothing and keeps nothing, so that it comes to every file anew. */
export function askFrame({ facts, tree, files }: PackedSnapshot, held: Held, what: What): Buffer {
  const contents: Uint8Array[] = []
  const forget: string[] = []
  const asked = files.map(file => {
    const { path, mode, oid, content } = file
    if (!what.careful && held.has(file)) return { path, mode, oid, bytes: null, keep: false }
    contents.push(content)
    const { kept: keep, forget: gone } = what.careful ? { kept: false, forget: [] } : held.keep(file)
    forget.push(...gone)
    return { path, mode, oid, bytes: content.byteLength, keep }
  })
  const ask: Ask = { ...what, facts, treeBytes: tree.byteLength, files: asked, forget }
  return frameOf(JSON.stringify(ask), [tree, ...contents])
}

/** The same on the judge's side; of a file that it holds there is no content here. */
export function packedOf(ask: Ask, bytes: Buffer): PackedSnapshot {
  let at = ask.treeBytes
  const files = ask.files.map(({ path, mode, oid, bytes: length }): PackedFile => {
    const content = bytes.subarray(at, at + (length ?? 0))
    at += length ?? 0
    return { path, mode, oid, size: 0, content }
  })
  return { facts: ask.facts, tree: bytes.subarray(0, ask.treeBytes), files }
}
