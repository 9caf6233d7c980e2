/** Git's packs, as a fetch brings them: every object is found by the hash of what it is, so that none can be another one. */
import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'

type ObjectKind = 'commit' | 'tree' | 'blob' | 'tag'
type GitObject = { kind: ObjectKind; bytes: Buffer }
/** By oid. */
export type GitObjects = ReadonlyMap<string, GitObject>

const KINDS: Readonly<Record<number, ObjectKind>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' }
const BY_OFFSET = 6
const BY_OID = 7
const OID_BYTES = 20
/** What one object may be, and all of them: a few kilobytes of a hostile pack may unfold to anything. */
const MOST_OBJECT = 100 * 1024 * 1024
const MOST_ALL = 512 * 1024 * 1024

/** The objects of a pack whose ids are SHA-1. Throws an Error where it is none, is cut short or unfolds to too much. */
export function readPack(pack: Buffer): GitObjects {
  if (pack.toString('latin1', 0, 4) !== 'PACK' || pack.readUInt32BE(4) !== 2) throw new Error('It is no pack of git.')
  const byOffset = new Map<number, GitObject>()
  const byOid = new Map<string, GitObject>()
  // Changes to an object that stands later in the pack.
  const open: { offset: number; base: string; delta: Buffer }[] = []
  let all = 0
  let at = 12
  const keep = (offset: number, object: GitObject) => {
    all += object.bytes.length
    if (all > MOST_ALL) throw new Error('The pack unfolds to too much.')
    byOffset.set(offset, object)
    byOid.set(oidOf(object), object)
  }
  for (let left = pack.readUInt32BE(8); left > 0; left -= 1) {
    const offset = at
    const head = headAt(pack, at)
    at = head.next
    let base: GitObject | string | undefined
    if (head.type === BY_OFFSET) {
      const back = distanceAt(pack, at)
      at = back.next
      base = byOffset.get(offset - back.distance)
      if (base === undefined) throw new Error('The pack changes an object that is not there.')
    } else if (head.type === BY_OID) {
      base = pack.toString('hex', at, at + OID_BYTES)
      at += OID_BYTES
    }
    const { bytes, read } = unfold(pack, at, head.size)
    at += read
    const kind = KINDS[head.type]
    if (typeof base === 'string') open.push({ offset, base, delta: bytes })
    else if (base !== undefined) keep(offset, { kind: base.kind, bytes: changed(base.bytes, bytes) })
    else if (kind !== undefined) keep(offset, { kind, bytes })
    else throw new Error('The pack holds what is no object.')
  }
  for (let before = -1; open.length > 0 && open.length !== before; ) {
    before = open.length
    for (const one of open.splice(0)) {
      const base = byOid.get(one.base)
      if (base === undefined) open.push(one)
      else keep(one.offset, { kind: base.kind, bytes: changed(base.bytes, one.delta) })
    }
  }
  return byOid
}

function oidOf({ kind, bytes }: GitObject): string {
  return createHash('sha1').update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex')
}

/** Kind and size of an object: seven bits a byte, of the first one four. */
function headAt(pack: Buffer, start: number): { type: number; size: number; next: number } {
  let at = start
  let byte = pack.readUInt8(at++)
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let unit = 16; byte & 0x80; unit *= 128) {
    byte = pack.readUInt8(at++)
    size += (byte & 0x7f) * unit
  }
  return { type, size, next: at }
}

/** How far back the object stands that is changed. */
function distanceAt(pack: Buffer, start: number): { distance: number; next: number } {
  let at = start
  let byte = pack.readUInt8(at++)
  let distance = byte & 0x7f
  while (byte & 0x80) {
    byte = pack.readUInt8(at++)
    distance = (distance + 1) * 128 + (byte & 0x7f)
  }
  return { distance, next: at }
}

/** Node tells how many bytes it took, which its types leave out. */
type Inflated = { buffer: Buffer; engine: { bytesWritten: number } }

function unfold(pack: Buffer, at: number, size: number): { bytes: Buffer; read: number } {
  if (size > MOST_OBJECT) throw new Error('An object of the pack is too large.')
  const options = { info: true, maxOutputLength: Math.max(1, size) }
  const { buffer, engine } = inflateSync(pack.subarray(at), options) as unknown as Inflated
  if (buffer.length !== size) throw new Error('An object of the pack has not the size that it tells.')
  return { bytes: buffer, read: engine.bytesWritten }
}

/** A delta: the sizes before and after, then what is copied from the base and what is new. */
function changed(base: Buffer, delta: Buffer): Buffer {
  let at = 0
  const number = () => {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = delta.readUInt8(at++)
      value += (byte & 0x7f) * unit
      if (!(byte & 0x80)) return value
    }
  }
  const [before, after] = [number(), number()]
  if (before !== base.length || after > MOST_OBJECT) throw new Error('A change in the pack does not fit its object.')
  const made = Buffer.alloc(after)
  let written = 0
  while (at < delta.length) {
    const order = delta.readUInt8(at++)
    if (order & 0x80) {
      const part = (first: number, count: number) =>
        Array.from({ length: count }, (_, index) => index).reduce(
          (sum, index) => (order & (first << index) ? sum + delta.readUInt8(at++) * 256 ** index : sum),
          0,
        )
      const from = part(0x01, 4)
      const length = part(0x10, 3) || 0x10000
      if (from + length > base.length || written + length > after)
        throw new Error('A change in the pack is out of bounds.')
      written += base.copy(made, written, from, from + length)
    } else {
      if (order === 0 || at + order > delta.length || written + order > after)
        throw new Error('A change in the pack is out of bounds.')
      written += delta.copy(made, written, at, at + order)
      at += order
    }
  }
  if (written !== after) throw new Error('A change in the pack is cut short.')
  return made
}
