/**
 * What a repository does about its supply chain at one moment. The files of a repository follow from it, so a year of
 * history is a list of small changes to this object.
 */
export type Posture = {
  /** How `uses:` are written; `mixed` pins third parties only, `branch` follows a branch of one third party. */
  actions: 'tags' | 'branch' | 'mixed' | 'pinned'
  permissions: 'undeclared' | 'write-all' | 'read'
  /** `gaps`: some entries lost their hash; `stale`: a declared dependency is absent from the lock. */
  lock: 'none' | 'exact' | 'gaps' | 'stale' | 'hashed'
  ranges: 'caret' | 'exact'
  registry: 'own' | 'mirror'
  /** A dependency whose name imitates another's. */
  mistyped: boolean
  install: 'loose' | 'frozen' | 'scripts-off'
  /** `ignored` runs but cannot fail; `weekly` runs on pull requests and on a schedule. */
  audit: 'none' | 'ignored' | 'pull-requests' | 'weekly'
  /** `some` covers the first ecosystem only; `paused` has a limit of 0; `invalid` is a file that GitHub refuses. */
  updates: 'none' | 'invalid' | 'paused' | 'some' | 'all' | 'renovate'
  updatePace: 'monthly' | 'weekly' | 'grouped'
  base: 'latest' | 'tag' | 'digest'
  user: boolean
  /** What is demanded of the release and deploy workflows. */
  release: 'plain' | 'signed'
  credentials: 'secret' | 'oidc'
  gated: boolean
  verified: boolean
  sbom: boolean
  keepsCredentials: boolean
  triage: 'none' | 'unsafe' | 'safe'
  cluster: 'tag' | 'digest'
  policy: 'none' | 'audit' | 'enforce'
  readOnlyRoot: boolean
  owners: boolean
  /** Raised by every dependency update. */
  generation: number
}

/** A repository nobody has looked after yet. */
export const UNTENDED: Posture = {
  actions: 'tags',
  permissions: 'undeclared',
  lock: 'hashed',
  ranges: 'caret',
  registry: 'own',
  mistyped: false,
  install: 'loose',
  audit: 'none',
  updates: 'none',
  updatePace: 'weekly',
  base: 'tag',
  user: false,
  release: 'plain',
  credentials: 'secret',
  gated: false,
  verified: false,
  sbom: false,
  keepsCredentials: true,
  triage: 'none',
  cluster: 'tag',
  policy: 'none',
  readOnlyRoot: false,
  owners: false,
  generation: 0,
}

/** A repository made from the company's template: most of the checklist is there from the first commit. */
export const TENDED: Posture = {
  ...UNTENDED,
  actions: 'pinned',
  permissions: 'read',
  install: 'frozen',
  updates: 'all',
  owners: true,
  user: true,
  credentials: 'oidc',
}
