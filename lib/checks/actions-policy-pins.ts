import { defineCheck } from '../check.ts'
import { judgeSetting } from '../snapshot/settings.ts'
import { usesOf } from '../snapshot/uses.ts'

const FILES = {
  '.github/workflows/ci.yml': `on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
`,
}
const SETTINGS = {
  vulnerabilityAlerts: true,
  securityUpdates: true,
  secretScanning: true,
  defaultBranchProtected: true,
  protectedEnvironments: [],
}

export const actionsPolicyPins = defineCheck({
  id: 'actions-policy-pins',
  item: 'settings',
  title: 'GitHub refuses to run actions that are not pinned',
  severity: 'low',
  version: 1,
  rationale:
    'Actions that are pinned today are unpinned by the next workflow that somebody adds. With the policy a workflow that calls an action by tag or branch fails before it runs, in pull requests too, and in the actions that its actions call.',
  remediation:
    'Require actions to be pinned to a full-length commit SHA under Settings, Actions, General: for the organisation, or for this repository once its workflows are pinned.',
  mapsTo: { scorecard: ['Pinned-Dependencies'], zizmor: ['unpinned-uses'], osps: [], slsa: [], cis: ['2.4.2'] },
  references: [
    {
      id: 'sha-pinning-required',
      url: 'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository',
    },
  ],
  reads: ['settings'],
  facts: { shaPinningRequired: 'decides' },

  run(repo) {
    const called = usesOf(repo).uses.filter(({ parsed }) => parsed.kind === 'action')
    const [first] = called
    return judgeSetting(repo, 'shaPinningRequired', {
      need: first?.place ?? null,
      finding: () => ({
        message: `GitHub would run an action here by tag or branch; workflows call ${called.length} actions. Require actions to be pinned to a full-length commit SHA under Settings, Actions, General, of the organisation or of this repository.`,
      }),
    })
  },

  example: {
    failing: FILES,
    fixed: FILES,
    facts: {
      failing: { settings: { ...SETTINGS, shaPinningRequired: false } },
      fixed: { settings: { ...SETTINGS, shaPinningRequired: true } },
    },
  },
})
