import { defineCheck } from '../check.ts'
import { ecosystemsOf } from '../snapshot/ecosystems.ts'
import { judgeSetting, nearestFile } from '../snapshot/settings.ts'

/** What GitHub's advisory database knows of, by Dependabot's names. */
const ADVISED = new Set(
  'npm bun pip uv gomod cargo bundler composer nuget maven gradle pub mix swift github-actions'.split(' '),
)
const FILES = { 'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n' }
const SETTINGS = {
  securityUpdates: false,
  secretScanning: true,
  shaPinningRequired: true,
  defaultBranchProtected: true,
  protectedEnvironments: [],
}

export const alertsEnabled = defineCheck({
  id: 'alerts-enabled',
  item: 'settings',
  title: 'Dependabot alerts are on',
  severity: 'medium',
  version: 1,
  rationale:
    'A vulnerability that is published tomorrow in a dependency of today is told by no build that ran yesterday. With alerts GitHub compares the dependencies of the default branch with every new advisory, and tells.',
  remediation:
    'Switch on Dependabot alerts under Settings, Advanced Security, or for all repositories by a security configuration of the organisation.',
  mapsTo: {
    scorecard: ['Vulnerabilities'],
    zizmor: [],
    osps: ['OSPS-VM-05.03'],
    slsa: ['dependency-track'],
    cis: ['1.5.5', '3.2.2'],
  },
  references: [
    {
      id: 'dependabot-alerts',
      url: 'https://docs.github.com/en/code-security/dependabot/dependabot-alerts/configuring-dependabot-alerts',
    },
  ],
  reads: ['settings'],
  facts: { vulnerabilityAlerts: 'decides' },

  run(repo) {
    const places = ecosystemsOf(repo).filter(({ ecosystem }) => ADVISED.has(ecosystem))
    // A manifest shows more than a workflow: there is always an action in a workflow.
    const own = places.filter(({ ecosystem }) => ecosystem !== 'github-actions')
    const paths = new Set((own.length > 0 ? own : places).flatMap(place => place.paths))
    const ecosystems = [...new Set(places.map(({ ecosystem }) => ecosystem))].join(', ')
    return judgeSetting(repo, 'vulnerabilityAlerts', {
      need: nearestFile(repo, path => paths.has(path)),
      finding: () => ({
        message: `Dependabot alerts are off, so that nobody is told of new vulnerabilities in what is used here (${ecosystems}). Switch them on: \`gh api --method PUT repos/${repo.repository}/vulnerability-alerts\`.`,
      }),
    })
  },

  example: {
    failing: FILES,
    fixed: FILES,
    facts: {
      failing: { settings: { ...SETTINGS, vulnerabilityAlerts: false } },
      fixed: { settings: { ...SETTINGS, vulnerabilityAlerts: true } },
    },
  },
})
