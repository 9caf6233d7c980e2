/** Logs: one JSON object a line on stderr, with secrets cut out of everything that is written, wherever it stands. */
import { type DestinationStream, type Logger, pino } from 'pino'

// GitHub's token shapes: classic (ghp_ and the like; installation tokens, ghs_, may be JWT-like and longer than 520
// characters, with dots), fine-grained, bare JWTs of an app, and credentials inside an address or a header.
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\bgh[a-z]_[A-Za-z0-9_.=-]{16,}/g, '[token]'],
  // Keys of our own API.
  [/\bplb_[A-Za-z0-9_-]{16,}/g, '[token]'],
  [/\bgithub_pat_[A-Za-z0-9_]{16,}/g, '[token]'],
  [/\bv1\.[0-9a-f]{40}\b/g, '[token]'],
  [/(?<![\w-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g, '[token]'],
  [/\b((?:basic|bearer|token)\s+)[A-Za-z0-9_.=+/~-]{12,}/gi, '$1[token]'],
  [/((?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@"'\\]+@/gi, '$1[secret]@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs, '[key]'],
]

/** The text without anything that looks like a token, a password in an address, or a private key. */
export function redact(text: string): string {
  return SECRETS.reduce((clean, [shape, instead]) => clean.replace(shape, instead), text)
}

/** Makes everything that this process prints pass `redact`, also what a library prints past the log. */
export function redactOutput(
  streams: readonly Pick<NodeJS.WriteStream, 'write'>[] = [process.stdout, process.stderr],
): void {
  for (const stream of streams) {
    const write = stream.write.bind(stream) as (text: string, ...more: unknown[]) => boolean
    stream.write = (chunk: string | Uint8Array, ...more: unknown[]) =>
      write(redact(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')), ...more)
  }
}

const FIELDS = ['token', 'authorization', 'password', 'secret', 'privateKey', 'DATABASE_URL', 'GITHUB_TOKEN']

/** A logger whose every line passes `redact`; `destination` is for tests. */
export function createLog(level: string, destination: DestinationStream = process.stderr): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: { paths: FIELDS.flatMap(field => [field, `*.${field}`, `*.*.${field}`]), censor: '[secret]' },
    },
    { write: line => destination.write(plain(redact(line))) },
  )
}

// JSON leaves these as they are, and whoever reads the log may take them for a new line or an order to the terminal.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function plain(line: string): string {
  const end = line.endsWith('\n') ? '\n' : ''
  const code = (character: string) =>
    character.split('').reduce((all, unit) => `${all}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`, '')
  return line.slice(0, line.length - end.length).replace(UNSEEN, code) + end
}

export type { Logger } from 'pino'
