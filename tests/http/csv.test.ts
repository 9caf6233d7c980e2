import { expect, test } from 'vitest'
import { csvLine } from '#lib/http/csv.ts'

test('fields are quoted as RFC 4180 says, and lines end with CRLF', () => {
  expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', '', null])).toBe('a,"b,c","say ""x""","two\nlines",,\r\n')
})

test('numbers, dates and truths are written plainly', () => {
  expect(csvLine([-1.5, 0, true, new Date(Date.UTC(2026, 0, 2))])).toBe('-1.5,0,true,2026-01-02T00:00:00.000Z\r\n')
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\uFF1D1', '=HYPERLINK("http://x","y")'])(
  'the text %j is no formula in a spreadsheet',
  text => {
    const [field = ''] = csvLine([text]).split('\r\n').slice(-2)
    const read = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field
    expect((csvLine([text]).startsWith('"') ? read || csvLine([text]).slice(1) : read).startsWith("'")).toBe(true)
  },
)

test('an ordinary text is left as it is', () => {
  expect(csvLine(['payments-api', 'a@b', '1-2', "it's"])).toBe("payments-api,a@b,1-2,it's\r\n")
})
