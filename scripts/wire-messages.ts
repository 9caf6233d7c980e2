/** `bytes` as they came. `startup` is a client's first word, `message` all that the backend answers after it. */
export type WireMessage = {
  kind: 'encryption' | 'cancel' | 'startup' | 'terminate' | 'message'
  bytes: Uint8Array
}

const CODES: Readonly<Record<number, WireMessage['kind']>> = {
  80877103: 'encryption', // SSLRequest
  80877104: 'encryption', // GSSENCRequest
  80877102: 'cancel',
}

// PostgreSQL's own bound; whoever says more is no client of a database.
const LONGEST_STARTUP = 10_000

/**
 * Cuts what a client sent into PostgreSQL's messages (protocol 3). `greeted`: whether its startup message has been; before
 * it messages have no type byte. `rest` is the beginning of one that has not come whole yet.
 */
export function splitMessages(bytes: Buffer, greeted: boolean): { messages: WireMessage[]; rest: Buffer } {
  const messages: WireMessage[] = []
  let started = greeted
  let at = 0
  for (;;) {
    const head = started ? 5 : 8
    if (bytes.length - at < head) break
    const length = started ? 1 + bytes.readInt32BE(at + 1) : bytes.readInt32BE(at)
    if (length < head || (!started && length > LONGEST_STARTUP))
      throw new Error('This is not the protocol of PostgreSQL.')
    if (bytes.length - at < length) break
    const kind = started
      ? bytes[at] === 0x58
        ? 'terminate'
        : 'message'
      : (CODES[bytes.readInt32BE(at + 4)] ?? 'startup')
    messages.push({ kind, bytes: new Uint8Array(bytes.subarray(at, at + length)) })
    started ||= kind === 'startup'
    at += length
  }
  return { messages, rest: bytes.subarray(at) }
}
