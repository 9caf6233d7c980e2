import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Text as it is kept: zstd of its UTF-8. */
export function compress(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zstdCompressSync(text))
}

export function decompress(content: Uint8Array): string {
  return zstdDecompressSync(content).toString()
}
