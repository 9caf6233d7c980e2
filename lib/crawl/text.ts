/** Bytes of a repository's file to the text that checks read. Files are untrusted: nothing here throws. */

/** `text` without its byte order mark, or the sentence that says why there is none. */
export type Decoded = { text: string; unread: null } | { text: null; unread: string }

/** UTF-8 where it is valid, UTF-16 where it shows, else Latin-1, in which every byte is a character. */
export function decodeText(bytes: Uint8Array): Decoded {
  const wide = wideEncoding(bytes)
  if (wide !== null) return { text: new TextDecoder(wide).decode(bytes), unread: null }
  if (bytes.includes(0)) return { text: null, unread: 'It is not text: it holds NUL bytes.' }
  return { text: utf8(bytes) ?? Buffer.from(bytes).toString('latin1'), unread: null }
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // The decoder's only way to say "not UTF-8"; the caller reads it as Latin-1 then.
    return null
  }
}

function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes.length < 4 || bytes.length % 2 !== 0) return null
  // Without a mark: configuration is mostly ASCII, so in UTF-16 nearly every second byte is zero and the others are not.
  const sample = bytes.subarray(0, 512)
  const zeros = [0, 0]
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  })
  const most = (sample.length / 2) * 0.9
  const [even = 0, odd = 0] = zeros
  if (odd >= most && even === 0) return 'utf-16le'
  if (even >= most && odd === 0) return 'utf-16be'
  return null
}
