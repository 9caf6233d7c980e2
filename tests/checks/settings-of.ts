import type { Settings } from '#lib/snapshot/snapshot.ts'

/** Settings of which everything is as it should be, but for what a test says. */
export function settingsOf(more: Partial<Settings> = {}): Settings {
  return {
    vulnerabilityAlerts: true,
    securityUpdates: true,
    secretScanning: true,
    shaPinningRequired: true,
    defaultBranchProtected: true,
    protectedEnvironments: [],
    ...more,
  }
}
