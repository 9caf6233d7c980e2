import { createHash } from 'node:crypto'

/** Git's id of a blob with these bytes; SHA-256 where the id to compare with is 64 digits long. */
export function blobId(bytes: Uint8Array, digits = 40): string {
  return createHash(digits === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.byteLength}\0`)
    .update(bytes)
    .digest('hex')
}

/** True where the bytes are exactly the blob: catches truncation, lossy conversion and mix-ups. */
export function isBlob(bytes: Uint8Array, oid: string): boolean {
  return blobId(bytes, oid.length) === oid
}
