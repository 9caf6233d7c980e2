import { pick } from './digest.ts'
import type { Posture } from './posture.ts'
import type { RepositoryDescription } from './repository.ts'

/** The settings of a repository at a posture, as the sidecar holds them; an empty one has none. */
export function settingsOf(repository: RepositoryDescription, last: Posture | undefined) {
  const outside = repository.archived || repository.fork || !last
  return {
    vulnerabilityAlerts: !outside && (last.updates !== 'none' || pick(`${repository.name} alerts`, 3) > 0),
    securityUpdates: !outside && last.updates !== 'none' && last.updates !== 'renovate',
    secretScanning: !outside && pick(`${repository.name} secrets`, 5) > 0,
    shaPinningRequired: !outside && last.actions === 'pinned' && pick(`${repository.name} policy`, 3) === 0,
    defaultBranchProtected: !outside && pick(`${repository.name} branch`, 6) > 0,
    protectedEnvironments: last?.gated && repository.deploys ? ['production'] : [],
  }
}
