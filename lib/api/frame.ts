/** The repositories that a viewer sees: all, or the public ones and those that GitHub shows to this person. */
export type Sees = { all: true } | { all: false; userId: string }

/** What a question to the store is about: an organisation, and the repositories of it that the asker sees. */
export type Scope = { orgId: number; sees: Sees }

/** Whose repositories a page shows. */
export type Place = {
  scope: Scope
  org: string
  /** The logins of all organisations that the asker sees, this one among them. */
  orgs: string[]
  /** Where links to lines go, without a final slash. */
  webUrl: string
  demo: boolean
}

/** What every page shows around itself: whose repositories these are, and how much of them has been looked at. */
export type Frame = Place & { coverage: Coverage }

/** Counts of repositories that still exist. `crawled` were read whole or in part; the rest of `total` stands in `missing`. */
export type Coverage = {
  total: number
  archived: number
  crawled: number
  scanned: number
  /** The number of the newest scan; null before the first. */
  newestScan: number | null
  /** Outcomes other than read, with their counts, e.g. `{ outcome: 'denied', count: 2 }`. */
  missing: { outcome: string; count: number }[]
  /** When the repository that was looked at longest ago was looked at; null before the first look. */
  oldest: Date | null
}
