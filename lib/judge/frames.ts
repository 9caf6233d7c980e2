/** Messages over a pipe: the length of JSON in four bytes, the length of what follows it, the JSON, and bytes. */
const HEAD_BYTES = 8

export type Frame = { json: string; bytes: Buffer }

export function frameOf(json: string, blobs: readonly Uint8Array[] = []): Buffer {
  const text = Buffer.from(json)
  const length = blobs.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32LE(text.byteLength, 0)
  head.writeUInt32LE(length, 4)
  return Buffer.concat([head, text, ...blobs])
}

/** Reads one; `take` gives exactly so many bytes, waiting for them. */
export function readFrame(take: (bytes: number) => Buffer): Frame {
  const head = take(HEAD_BYTES)
  const json = take(head.readUInt32LE(0)).toString()
  return { json, bytes: take(head.readUInt32LE(4)) }
}

/** Cuts what comes in pieces into frames. Throws at one that says that it is longer than `most` bytes. */
export function frameReader(most: number): (piece: Buffer) => Frame[] {
  let pieces: Buffer[] = []
  let length = 0
  let needed = HEAD_BYTES
  return piece => {
    pieces.push(piece)
    length += piece.byteLength
    const frames: Frame[] = []
    while (length >= needed) {
      const all = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, length)
      const json = all.readUInt32LE(0)
      needed = HEAD_BYTES + json + all.readUInt32LE(4)
      if (needed > most) throw new RangeError(`A message of ${needed} bytes is longer than ${most}.`)
      pieces = [all]
      if (length < needed) break
      const bytes = all.subarray(HEAD_BYTES + json, needed)
      frames.push({ json: all.toString('utf8', HEAD_BYTES, HEAD_BYTES + json), bytes })
      pieces = [all.subarray(needed)]
      length -= needed
      needed = HEAD_BYTES
    }
    return frames
  }
}
