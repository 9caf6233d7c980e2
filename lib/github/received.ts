/** What stands in an answer as it was received. */

export function parseJson(bytes: Buffer): unknown {
  // Only what can be an object or a list: a file's raw bytes pass here too.
  if (bytes[0] !== 0x7b && bytes[0] !== 0x5b) return null
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    // The caller takes what is no JSON for an answer that is not GitHub's, or needs only the bytes.
    return null
  }
}

export function textual(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
}

export function costOf(data: unknown): number {
  if (typeof data !== 'object' || data === null || !('rateLimit' in data)) return 0
  const { rateLimit } = data
  const cost = typeof rateLimit === 'object' && rateLimit !== null && 'cost' in rateLimit ? rateLimit.cost : 0
  return typeof cost === 'number' ? cost : 0
}
