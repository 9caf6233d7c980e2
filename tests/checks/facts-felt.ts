/** What a check hangs on beside the files, found by taking one fact after the other away from it. */
import type { FactName } from '#lib/check.ts'
import type { CheckResult } from '#lib/scan.ts'
import type { Settings, Snapshot } from '#lib/snapshot/snapshot.ts'

const SETTINGS: readonly (keyof Settings & FactName)[] = [
  'vulnerabilityAlerts',
  'securityUpdates',
  'secretScanning',
  'shaPinningRequired',
  'defaultBranchProtected',
  'protectedEnvironments',
]

function known(repo: Snapshot, on: boolean): Snapshot {
  const settings: Settings = {
    vulnerabilityAlerts: on,
    securityUpdates: on,
    secretScanning: on,
    shaPinningRequired: on,
    defaultBranchProtected: on,
    protectedEnvironments: [],
  }
  return { ...repo, settings, releases: [released(on)] }
}

function released(attested: boolean | null): NonNullable<Snapshot['releases']>[number] {
  const assets = [{ name: 'app.zip', digest: `sha256:${'a'.repeat(64)}`, attested }]
  return { tag: 'v1', publishedAt: '2026-05-01T00:00:00Z', immutable: false, url: null, assets, attested }
}

function without(repo: Snapshot, fact: FactName): Snapshot {
  if (fact === 'attestations') return { ...repo, releases: [released(null)] }
  return { ...repo, settings: repo.settings && { ...repo.settings, [fact]: null } }
}

export function factsFelt(
  repos: readonly Snapshot[],
  judge: (repo: Snapshot) => CheckResult,
): Partial<Record<FactName, 'decides' | 'adds'>> {
  const felt = ([...SETTINGS, 'attestations'] as const).flatMap((fact): [FactName, 'decides' | 'adds'][] => {
    const pairs = repos
      .flatMap(repo => [known(repo, true), known(repo, false)])
      .map(repo => ({ told: judge(repo), untold: judge(without(repo, fact)) }))
    if (pairs.some(({ told, untold }) => told.outcome !== 'unknown' && untold.outcome === 'unknown'))
      return [[fact, 'decides']]
    return pairs.some(({ told, untold }) => JSON.stringify(told) !== JSON.stringify(untold)) ? [[fact, 'adds']] : []
  })
  return Object.fromEntries(felt)
}
