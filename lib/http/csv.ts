/** Rows as CSV: RFC 4180, with nothing in it that a spreadsheet would run. */

export type Cell = string | number | boolean | Date | null

export const BOM = '\uFEFF'

/** One line with its CRLF. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvField).join(',')}\r\n`
}

/** What begins with a letter, digit, dot or slash is no formula, and without these characters it needs no quotes. */
const PLAIN = /^[\w./](?:[^",\r\n]*[^",\s])?$/

export function csvField(cell: Cell): string {
  if (cell === null) return ''
  if (cell instanceof Date) return cell.toISOString()
  if (typeof cell !== 'string') return String(cell)
  // Nearly all are: one look instead of three.
  if (PLAIN.test(cell)) return cell
  const safe = inert(cell)
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * A text that begins like a formula is given an apostrophe, which spreadsheets take for "this is text". The full-width
 * forms are taken for formulas by some of them, and so is what follows white space.
 */
function inert(text: string): string {
  return /^[\s\u00A0\uFEFF]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) || /^[\t\r\n]/.test(text)
    ? `'${text}`
    : text
}
