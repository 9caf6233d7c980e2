import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Content as it is kept: zstd. */
export function compress(text: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zstdCompressSync(text))
}

export function decompress(content: Uint8Array): Buffer {
  return zstdDecompressSync(content)
}
