import { describe, expect, test } from 'vitest'
import { createLog, redact } from '#lib/log.ts'

const LETTERS = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789'
const SECRETS = {
  classic: `ghp_${LETTERS}`,
  oauth: `gho_${LETTERS}`,
  user: `ghu_${LETTERS}`,
  refresh: `ghr_${LETTERS}${LETTERS}`,
  'fine-grained': `github_pat_11ABCDEFG0${LETTERS}_${LETTERS}${LETTERS}`,
  installation: `ghs_${LETTERS}`,
  'long installation': `ghs_${`${LETTERS}.${LETTERS}-_`.repeat(9)}`,
  'old installation': `v1.${'0123456789abcdef'.repeat(3).slice(0, 40)}`,
  'app key': `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.${LETTERS}`,
}

describe('redact', () => {
  test.each(Object.entries(SECRETS))('a %s token is cut out wherever it stands', (_, secret) => {
    for (const text of [
      secret,
      `https://x-access-token:${secret}@github.com/a/b`,
      `"authorization":"token ${secret}"`,
      `fail: ${secret}, again`,
    ]) {
      expect(redact(text)).not.toContain(secret.slice(8))
    }
  })

  test('a password in an address is cut out, the host stays', () => {
    expect(redact('postgresql://plumb:p%40ss@db.example:5432/x')).toBe('postgresql://[secret]@db.example:5432/x')
  })

  test('a private key is cut out, also where it is cut short', () => {
    expect(redact(`-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- after`)).toBe('[key] after')
    expect(redact(`-----BEGIN PRIVATE KEY-----\nabc`)).toBe('[key]')
  })

  test('words that only look a little like it stay', () => {
    const text =
      'high_risk ghp_ token bearer of news, github_pat_, actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1'
    expect(redact(text)).toBe(text)
  })
})

test('no line of the log holds a secret, in message, field, error or nested', () => {
  const lines: string[] = []
  const log = createLog('info', { write: line => lines.push(line) })
  const secret = SECRETS['long installation']
  log.info(
    { token: 'short', request: { headers: { authorization: 'odd' } }, url: `https://a:${secret}@x` },
    `said ${secret}`,
  )
  log.error(new Error(`failed with ${secret}`))
  expect(lines).toHaveLength(2)
  expect(lines.join('')).not.toContain(secret.slice(4, 20))
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    token: '[secret]',
    request: { headers: { authorization: '[secret]' } },
  })
})
