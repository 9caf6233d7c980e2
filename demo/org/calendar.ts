import { pick } from './digest.ts'

const DAY = 86_400_000
const PUSHED_AT_HOUR = 18

/** Weeks of the year that is told; the last working day of the last one lies at or before `end`. */
export const WEEKS = 52

/** Turns week numbers into dates. Week 0 is the first of the year; a negative week lies before it. */
export type Calendar = {
  start: Date
  /** The evening on which a repository's change of that week was pushed. Few days a week, so that repositories share them. */
  pushed(repository: string, week: number): Date
}

export function calendarUntil(end: Date): Calendar {
  const monday = mondayOfLastWholeWeek(end) - (WEEKS - 1) * 7 * DAY
  return {
    start: new Date(monday + PUSHED_AT_HOUR * 3_600_000),
    pushed: (repository, week) =>
      new Date(monday + (week * 7 + weekday(repository, week)) * DAY + PUSHED_AT_HOUR * 3_600_000),
  }
}

/** Most pushes are on Tuesdays and Thursdays; now and then somebody works on a Saturday. */
function weekday(repository: string, week: number): number {
  if (week % 7 === 3 && pick(`${repository} weekend`, 5) === 0) return 5
  return pick(`${repository} ${week}`, 2) === 0 ? 1 : 3
}

/** The last Monday whose Saturday evening is not after `end`. */
function mondayOfLastWholeWeek(end: Date): number {
  const latest = new Date(end.getTime() - 5 * DAY - PUSHED_AT_HOUR * 3_600_000)
  const midnight = Date.UTC(latest.getUTCFullYear(), latest.getUTCMonth(), latest.getUTCDate())
  return midnight - ((latest.getUTCDay() + 6) % 7) * DAY
}
