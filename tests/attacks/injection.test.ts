import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { auditExportQuery, auditFilter } from '#lib/api/audit.ts'
import { exportQuery } from '#lib/api/exports.ts'
import { patchQuery } from '#lib/api/patches.ts'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import { ENDPOINTS } from '#lib/api/v1/endpoints.ts'
import { csvLine } from '#lib/http/csv.ts'
import { attachment } from '#lib/http/handle.ts'
import { ownPath } from '#lib/http/own-path.ts'
import { tableStream } from '#lib/http/table-stream.ts'
import { createLog, redact, redactOutput } from '#lib/log.ts'

/** Texts that make a careless regular expression take for ever. */
const BOMBS = [
  `${'a'.repeat(50_000)}!`,
  'eyJ'.repeat(20_000),
  'eyJaaaaaaaaa-'.repeat(5_000),
  'ghp_aaaaaaaaa-'.repeat(5_000),
  `eyJ${'a'.repeat(50_000)}.`,
  `${'a+'.repeat(20_000)}://`,
  `a${'.a'.repeat(20_000)}://b`,
  `bearer ${' '.repeat(50_000)}x`,
  `${'bearer '.repeat(10_000)}`,
  '-----BEGIN RSA PRIVATE KEY-----'.repeat(1_000),
  `${'-----BEGIN '.repeat(5_000)}`,
  `gh${'p_'.repeat(20_000)}`,
  `${' '.repeat(50_000)}=`,
  `=${'\t'.repeat(50_000)}`,
  '%'.repeat(50_000),
  '/'.repeat(50_000),
  '\\'.repeat(50_000),
]
const SECOND = 1_000

function timed(work: () => unknown): number {
  const started = performance.now()
  work()
  return performance.now() - started
}

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'the log': redact,
  'a file’s cell': text => csvLine([text]),
  'a file’s name': text => attachment(text, 'text/plain'),
  'the way back after signing in': ownPath,
  'the list’s filters': q => repositoriesQuery.safeParse({ q, only: q, team: q, crawl: q, columns: q }),
  'the exports’ filters': q => exportQuery.safeParse({ q, only: q, format: q }),
  'the audit log’s filters': q =>
    auditFilter.safeParse({ action: q, who: q, which: q, address: q, since: q, until: q }),
  'the fixes’ filters': check => patchQuery.safeParse({ check, finding: check }),
  'the API’s filters': q =>
    Object.values(ENDPOINTS).map(({ query }) => query.safeParse({ q, cursor: q, team: q, limit: q })),
}

test.each(Object.entries(READERS))('no text makes %s take long', (_, read) => {
  for (const bomb of BOMBS)
    expect(
      timed(() => read(bomb)),
      bomb.slice(0, 40),
    ).toBeLessThan(SECOND)
})

test('a filter is a text and no pattern, whatever stands in it', () => {
  expect(repositoriesQuery.parse({ q: '(a+)+$' }).q).toBe('(a+)+$')
  expect(auditExportQuery.parse({ who: `${'a'.repeat(101)}`, format: 'csv' }).who).toBeUndefined()
})

const LINE = '"}\n{"level":"error","msg":"forged"}\r\n\u2028\u0085\u009b1m\u202e\u{e0001}\u001b[2K\u001b[31m'

test('what others wrote cannot begin a line of the log, nor move the cursor of who reads it', () => {
  const lines: string[] = []
  const log = createLog('info', { write: line => lines.push(line) })
  log.info({ name: LINE, nested: { [LINE]: LINE } }, LINE)
  log.error({ error: new Error(LINE) }, LINE)
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
    expect(JSON.parse(line).msg).toBe(LINE)
  }
})

test('what a library prints past the log has its secrets cut out too', () => {
  const printed: string[] = []
  const stream = { write: (text: string | Uint8Array) => printed.push(String(text)) > 0 }
  redactOutput([stream])
  stream.write(`Error: fetch https://x-access-token:ghs_${'a1B2'.repeat(130)}@github.com failed`)
  stream.write(Buffer.from(`-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----`))
  expect(printed).toEqual(['Error: fetch https://[secret]@github.com failed', '[key]'])
})

test.each(['a"b.csv', 'a\r\nSet-Cookie: x=y', '../../etc/passwd', 'ä\u202e', 'a;filename=b', '\0'])(
  'a file named by %j adds nothing to the headers and leads nowhere',
  name => {
    const headers = new Headers(attachment(name, 'text/csv'))
    expect([...headers.keys()].toSorted()).toEqual(['cache-control', 'content-disposition', 'content-type'])
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]*"$/)
    expect(headers.get('content-disposition')).not.toMatch(/[/\\]/)
  },
)

const FORMULAS = ['=cmd|" /C calc"!A0', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', ' =1', '\uFF1D1', '\u00A0=1', '\uFEFF=1']

test.each(FORMULAS)('%j is no formula in any column of a file', async formula => {
  const batches = (async function* () {
    yield [{ name: formula, details: formula }]
  })()
  const table = { columns: ['name', 'details'], format: 'csv', bom: false, batches } as const
  const [, row = ''] = (await new Response(tableStream(table)).text()).split(/(?<=details)\r\n/)
  for (const cell of row.trim().split(/,(?=['"])/)) expect(cell).toMatch(/^"?'/)
})
