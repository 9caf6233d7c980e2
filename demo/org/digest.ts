import { createHash } from 'node:crypto'

/** Lower-case hex of `length` digits that depends on nothing but the words given, so that every build is the same. */
export function hex(words: string, length = 64): string {
  return createHash('sha512').update(words).digest('hex').slice(0, length)
}

/** Base64 of a SHA-512 or SHA-256, as lockfiles write it. */
export function base64(words: string, algorithm: 'sha256' | 'sha512' = 'sha512'): string {
  return createHash(algorithm).update(words).digest('base64')
}

/** A whole number in 0 … below − 1 that depends on the words alone: the organisation's dice. */
export function pick(words: string, below: number): number {
  return createHash('sha256').update(words).digest().readUInt32BE(0) % below
}
