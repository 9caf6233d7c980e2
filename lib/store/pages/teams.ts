import type { TeamRow } from '../../api/overview.ts'

/** Where one repository stands now and stood a month ago; null where it had no scan, or nothing applied. */
export type Standing = {
  id: bigint
  name: string
  teams: string[]
  score: number | null
  hardening: number | null
  itemsMet: number | null
  itemsApplied: number | null
  findings: number | null
  scoreBefore: number | null
  metBefore: number | null
  appliedBefore: number | null
}

/** A repository of two teams counts in both. Ordered by the number of open findings, most first. */
export function teamsOf(standings: readonly Standing[]): TeamRow[] {
  const members = Map.groupBy(
    standings.flatMap(row => row.teams.map(team => ({ team, row }))),
    ({ team }) => team,
  )
  const teams = [...members].map(([team, entries]) => {
    const rows = entries.map(({ row }) => row)
    const score = mean(rows.map(row => row.score))
    const before = mean(rows.map(row => row.scoreBefore))
    return {
      team,
      repositories: rows.length,
      score,
      change: score === null || before === null ? null : score - before,
      findings: rows.reduce((sum, row) => sum + (row.findings ?? 0), 0),
    }
  })
  return teams.sort((a, b) => b.findings - a.findings || a.team.localeCompare(b.team))
}

export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}
