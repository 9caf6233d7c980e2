import { judgedOf, passShare, type ScorePoint, type StatePoint } from '#lib/api/trends.ts'

/** What is drawn and told: a figure of 0 to 100, and of how many repositories it is. */
export type SeriesPoint = { at: Date; value: number | null; of: number }

export function ofScores(points: readonly ScorePoint[]): SeriesPoint[] {
  return points.map(({ at, score, repositories }) => ({ at, value: score, of: repositories }))
}

export function ofStates(points: readonly StatePoint[]): SeriesPoint[] {
  return points.map(({ at, counts }) => ({ at, value: passShare(counts), of: judgedOf(counts) }))
}
