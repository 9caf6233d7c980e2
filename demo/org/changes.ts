import type { Posture } from './posture.ts'

type Change = { messages: readonly string[]; to: Partial<Posture> }

/** Every kind of change that happens in the year, by name: what people write about it, and what becomes of the posture. */
export const CHANGES = {
  // Actions and the token
  pinActions: {
    messages: ['Pin actions by commit SHA', 'ci: pin all actions to full SHAs'],
    to: { actions: 'pinned' },
  },
  pinThirdParty: {
    messages: ['Pin third-party actions', 'ci: pin actions outside actions/*'],
    to: { actions: 'mixed' },
  },
  unpinActions: {
    messages: ['ci: go back to v4 tags, the pinned ones were outdated', 'Refresh workflows from the old template'],
    to: { actions: 'tags' },
  },
  followBranch: { messages: ['ci: use the fix on main until it is released'], to: { actions: 'branch' } },
  readToken: {
    messages: ['Give the workflow token read access only', 'ci: add permissions: contents: read'],
    to: { permissions: 'read' },
  },
  writeAll: { messages: ['ci: allow the release job to comment on pull requests'], to: { permissions: 'write-all' } },
  dropCredentials: {
    messages: ['Do not leave the token in the checkout', 'ci: persist-credentials: false'],
    to: { keepsCredentials: false },
  },
  addTriage: { messages: ['Label new issues by their title'], to: { triage: 'unsafe' } },
  safeTriage: { messages: ['Pass the issue title through the environment'], to: { triage: 'safe' } },
  // Locks and installs
  lock: { messages: ['Commit a lockfile', 'Lock dependencies with hashes'], to: { lock: 'hashed' } },
  lockExact: {
    messages: ['Pin requirements to exact versions', 'Pin versions after the broken nightly build'],
    to: { lock: 'exact' },
  },
  loseHashes: {
    messages: ['Regenerate the lockfile after merge conflict', 'Resolve conflicts in the lockfile'],
    to: { lock: 'gaps' },
  },
  staleLock: { messages: ['Add request tracing', 'Try out a new HTTP client'], to: { lock: 'stale' } },
  mendLock: { messages: ['Restore lockfile hashes', 'Rebuild the lockfile from scratch'], to: { lock: 'hashed' } },
  exactVersions: { messages: ['Save exact versions'], to: { ranges: 'exact' } },
  mirror: { messages: ['Fetch packages from our mirror'], to: { registry: 'mirror' } },
  mistype: { messages: ['Retry requests that time out', 'Read settings from the environment'], to: { mistyped: true } },
  mendName: { messages: ['Remove a dependency that nobody meant to add'], to: { mistyped: false } },
  frozenInstall: {
    messages: ['Install from the lockfile in CI', 'ci: fail when the lockfile is out of date'],
    to: { install: 'frozen' },
  },
  looseInstall: { messages: ['ci: plain install, the lockfile breaks on the new runner'], to: { install: 'loose' } },
  scriptsOff: {
    messages: ['Install without running scripts', 'ci: --ignore-scripts everywhere'],
    to: { install: 'scripts-off' },
  },
  scriptsOn: { messages: ['Allow install scripts again for the image codec'], to: { install: 'frozen' } },
  // Audit
  auditOnPulls: { messages: ['Audit dependencies on pull requests'], to: { audit: 'pull-requests' } },
  auditWeekly: {
    messages: ['Audit dependencies every week and on pull requests', 'Add audit workflow'],
    to: { audit: 'weekly' },
  },
  auditIgnored: {
    messages: ['Do not fail the build on advisories while we upgrade', 'ci: make the audit informational'],
    to: { audit: 'ignored' },
  },
  // Updates
  dependabot: {
    messages: ['Add Dependabot', 'Let Dependabot open update pull requests'],
    to: { updates: 'some', updatePace: 'monthly' },
  },
  dependabotAll: {
    messages: ['Extend Dependabot to every ecosystem', 'dependabot: cover actions and images too'],
    to: { updates: 'all', updatePace: 'weekly' },
  },
  dependabotBroken: { messages: ['dependabot: tidy up the configuration'], to: { updates: 'invalid' } },
  dependabotPaused: { messages: ['Pause Dependabot during the feature freeze'], to: { updates: 'paused' } },
  groupUpdates: {
    messages: ['Group minor updates and let new versions settle for a week'],
    to: { updatePace: 'grouped' },
  },
  renovate: { messages: ['Move to Renovate'], to: { updates: 'renovate' } },
  owners: { messages: ['Add CODEOWNERS'], to: { owners: true } },
  bump: {
    messages: ['Bump dependencies', 'Monthly dependency update', 'build(deps): bump the minor group'],
    to: { generation: 1 },
  },
  // Images and clusters
  baseTag: { messages: ['Name the version of the base image'], to: { base: 'tag' } },
  baseDigest: { messages: ['Pin the base image by digest', 'docker: pin base image'], to: { base: 'digest' } },
  baseLatest: { messages: ['docker: follow the newest base image'], to: { base: 'latest' } },
  dropRoot: { messages: ['Run the container as an unprivileged user'], to: { user: true } },
  clusterDigest: { messages: ['Deploy images by digest'], to: { cluster: 'digest' } },
  clusterTag: { messages: ['deploy: back to tags, the digest bot is down'], to: { cluster: 'tag' } },
  policyAudit: { messages: ['Add an image policy in audit mode'], to: { policy: 'audit' } },
  policyEnforce: { messages: ['Enforce the image policy'], to: { policy: 'enforce' } },
  readOnlyRoot: { messages: ['Mount the root file system read-only'], to: { readOnlyRoot: true } },
  // Releases and deployments
  signReleases: {
    messages: ['Sign releases', 'release: sign artifacts and attest their provenance'],
    to: { release: 'signed' },
  },
  unsigned: { messages: ['release: skip signing until the runner image is fixed'], to: { release: 'plain' } },
  oidc: {
    messages: ['Use OIDC in place of stored credentials', 'Remove long-lived cloud keys'],
    to: { credentials: 'oidc' },
  },
  gate: { messages: ['Deploy through a protected environment'], to: { gated: true } },
  verify: { messages: ['Verify signatures before deploying'], to: { verified: true } },
  sbom: { messages: ['Publish an SBOM with each build'], to: { sbom: true } },
} as const satisfies Record<string, Change>

export type ChangeName = keyof typeof CHANGES

/** The posture after a change; an update of dependencies raises the generation, every other change replaces values. */
export function applyChange(posture: Posture, name: ChangeName): Posture {
  const next: Posture = { ...posture, ...CHANGES[name].to }
  return name === 'bump' ? { ...next, generation: posture.generation + 1 } : next
}
