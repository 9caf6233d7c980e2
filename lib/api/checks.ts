import type { Counts } from './overview.ts'

export type CheckCounts = { checkId: string; counts: Counts; findings: number }

export type FailingRepository = { name: string; failing: number; examined: number; since: Date | null }
