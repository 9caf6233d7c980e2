/** Whether a schedule comes round at least once in every seven days. */

const NAMES: Readonly<Record<string, number>> = Object.fromEntries(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, at) => [
    name,
    at + 1,
  ]),
)
const MONTH_LENGTHS = [28, 29, 30, 31]

/** Five fields of a cron expression (a sixth in front are seconds, a word behind is a time zone); null where it is none. */
export function cronIsWeekly(expression: string): boolean | null {
  const words = expression.trim().toLowerCase().split(/\s+/)
  const zoned = words.length > 5 && /^[a-z_]+\/[a-z_/]+$|^utc$/.test(words.at(-1) ?? '') ? words.slice(0, -1) : words
  const fields = zoned.length === 6 ? zoned.slice(1) : zoned
  if (fields.length !== 5 || !fields.every(field => /^[\d*?/,#%lw-]+$|^[a-z]{3}[a-z0-9,#%-]*$/.test(field))) return null
  const [, , days = '*', months = '*', weekdays = '*'] = fields
  if (valuesOf(months, 1, 12).size < 12) return false
  const anyDay = /^(?:\*|\?)(?:\/1)?$/.test(days)
  const anyWeekday = /^(?:\*|\?)(?:\/1)?$/.test(weekdays)
  // `mon#2` is the second of the month, `mon%2` every second week, `5L` the last.
  const everyWeek = weekdays.split(',').some(one => !/[#%l]/.test(one))
  if (anyDay) return anyWeekday || everyWeek
  // Where both are given cron comes due on either.
  return (!anyWeekday && everyWeek) || longestPause(valuesOf(days, 1, 31)) <= 7
}

function valuesOf(field: string, first: number, last: number): Set<number> {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/')
    const [from = '', to] = range.split('-')
    const all = from === '*' || from === '?'
    const start = all ? first : numberOf(from)
    const end = all || (to === undefined && step !== undefined) ? last : to === undefined ? start : numberOf(to)
    const stride = step === undefined ? 1 : Math.max(1, Number(step) || 1)
    for (let value = start; value >= first && value <= Math.min(end, last); value += stride) found.add(value)
  }
  return found
}

function numberOf(text: string): number {
  return NAMES[text.slice(0, 3)] ?? Number.parseInt(text, 10)
}

/** The most days from one to the next over months of every length. */
function longestPause(days: ReadonlySet<number>): number {
  const sorted = [...days].sort((a, b) => a - b)
  const [first] = sorted
  if (first === undefined) return Number.POSITIVE_INFINITY
  const pauses = MONTH_LENGTHS.flatMap(length => {
    const inMonth = sorted.filter(day => day <= length)
    return inMonth.map((day, at) => (inMonth[at + 1] ?? length + first) - day)
  })
  return Math.max(...pauses)
}

/** One line of Renovate's `schedule`: cron, or the words that it takes too. Words that are not understood are no alarm. */
export function renovateScheduleIsWeekly(line: string): boolean {
  const cron = cronIsWeekly(line)
  if (cron !== null) return cron
  return !/month|year|quarter|\bday instance\b|\bevery\s+(?:[2-9]|\d\d+|other|second)\b[\w\s]{0,10}\bweek|\b(?:on|in|of) (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i.test(
    line,
  )
}
