import type { ChangeName } from './changes.ts'
import type { Part } from './ecosystem/part.ts'
import type { FileMap } from './files.ts'
import type { Posture } from './posture.ts'

export type Team = 'payments' | 'growth' | 'data' | 'platform' | 'identity' | 'developer-experience'

/** What a release workflow puts where others take it from. */
export type Publishes = 'npm' | 'pypi' | 'crate' | 'gem' | 'nuget' | 'maven' | 'image' | 'binary'

/** How a repository reaches production. */
export type Deploys = 'kubernetes' | 'terraform' | 'static'

/** One repository of the company, as data. `story` is week → what happened then; the rest follows from the posture. */
export type RepositoryDescription = {
  name: string
  about: string
  team: Team
  language: string | null
  topics: readonly string[]
  visibility?: 'public' | 'private' | 'internal'
  archived?: boolean
  fork?: boolean
  branch?: 'main' | 'master'
  /** Week in which the repository was made; before the year where absent. */
  created?: number
  parts?: readonly Part[]
  publishes?: Publishes
  deploys?: Deploys
  /** First version and the weeks in which releases are published (negative: before the year). */
  releases?: { first: string; weeks: readonly number[] }
  start?: Partial<Posture>
  tended?: boolean
  /** Files that no template makes, at a posture. */
  extra?(posture: Posture): FileMap
  /** No CI at all, e.g. a repository of documents. */
  withoutCi?: boolean
  story: Readonly<Record<number, ChangeName>>
}
