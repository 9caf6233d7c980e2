import { defineCheck } from '../check.ts'
import type { Place } from '../snapshot/lines.ts'
import { judgeSetting, nearestFile } from '../snapshot/settings.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { isWorkflowPath } from '../snapshot/workflow.ts'

/** The token that GitHub makes for a run is nobody's to commit. */
const SECRET = /\bsecrets\s*(?:\.\s*(?!GITHUB_TOKEN\b)[A-Za-z_]|\[)/
const FILES = {
  '.github/workflows/deploy.yml': `on: push
permissions:
  contents: read
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: ./deploy.sh
        env:
          DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}
`,
}
const SETTINGS = {
  vulnerabilityAlerts: true,
  securityUpdates: true,
  shaPinningRequired: true,
  defaultBranchProtected: true,
  protectedEnvironments: [],
}

export const secretScanningEnabled = defineCheck({
  id: 'secret-scanning-enabled',
  item: 'settings',
  title: 'Secret scanning is on',
  severity: 'medium',
  version: 1,
  rationale:
    'A key that is committed is in every clone for ever, and strangers find it in minutes where the repository is public. Secret scanning reads each push and the whole history, tells of what it finds, and lets the issuer of a known kind of key revoke it.',
  remediation:
    'Switch on secret scanning under Settings, Advanced Security, and push protection with it, so that a key is stopped before it is in the history. Public repositories have it for nothing; private ones need GitHub Secret Protection.',
  mapsTo: { scorecard: [], zizmor: [], osps: ['OSPS-BR-07.01'], slsa: [], cis: ['1.5.1', '2.3.8'] },
  references: [
    {
      id: 'secret-scanning',
      url: 'https://docs.github.com/en/code-security/secret-scanning/enabling-secret-scanning-features/enabling-secret-scanning-for-your-repository',
    },
  ],
  reads: ['settings'],
  facts: { secretScanning: 'decides' },

  run(repo) {
    const used = firstSecret(repo)
    return judgeSetting(repo, 'secretScanning', {
      need: used ?? nearestFile(repo),
      finding: () => ({
        message: used
          ? 'Secret scanning is off, in a repository that works with secrets: one that is committed by mistake stays unseen. Switch it on under Settings, Advanced Security (a private repository needs GitHub Secret Protection for it).'
          : 'Secret scanning is off: a key that is committed by mistake stays unseen. Switch it on under Settings, Advanced Security (a private repository needs GitHub Secret Protection for it).',
      }),
    })
  },

  example: {
    failing: FILES,
    fixed: FILES,
    facts: {
      failing: { settings: { ...SETTINGS, secretScanning: false } },
      fixed: { settings: { ...SETTINGS, secretScanning: true } },
    },
  },
})

function firstSecret(repo: Snapshot): Place | null {
  const workflows = [...repo.files.values()].filter(({ path }) => isWorkflowPath(path))
  for (const file of workflows.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const at = file.text.search(SECRET)
    if (at !== -1) return { file, start: at, end: at + 1 }
  }
  return null
}
