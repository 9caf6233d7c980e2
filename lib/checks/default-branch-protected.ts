import { defineCheck } from '../check.ts'
import { firstWorkflow, judgeSetting, nearestFile } from '../snapshot/settings.ts'
import type { BranchAct, Settings } from '../snapshot/snapshot.ts'

const ACTS: Readonly<Record<BranchAct, string>> = {
  'force-push': 'rewrite it by a force push',
  deletion: 'delete it',
  'direct-push': 'push to it past a pull request',
}
const FILES = { '.github/CODEOWNERS': '* @acme/platform\n', 'go.mod': 'module acme.example/app\n\ngo 1.26\n' }
const SETTINGS = {
  vulnerabilityAlerts: true,
  securityUpdates: true,
  secretScanning: true,
  shaPinningRequired: true,
  protectedEnvironments: [],
}

export const defaultBranchProtected = defineCheck({
  id: 'default-branch-protected',
  item: 'settings',
  title: 'The default branch cannot be rewritten, deleted or pushed to past review',
  severity: 'high',
  version: 1,
  rationale:
    'What is built and released comes from the default branch. Where whoever holds one stolen token can push to it or rewrite it, no review, no check and no pin of the repository stands in the way.',
  remediation:
    'Add a ruleset for the default branch that restricts deletions, blocks force pushes and requires a pull request before merging; one ruleset of the organisation does it for every repository.',
  mapsTo: {
    scorecard: ['Branch-Protection'],
    zizmor: [],
    osps: ['OSPS-AC-03.01', 'OSPS-AC-03.02'],
    slsa: ['source-l3'],
    cis: ['1.1.15', '1.1.16', '1.1.17'],
  },
  references: [
    {
      id: 'rulesets',
      url: 'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository',
    },
  ],
  reads: ['settings'],
  facts: { defaultBranchProtected: 'decides' },

  run(repo) {
    const owners = nearestFile(repo, path => /^(?:\.github\/|docs\/)?CODEOWNERS$/.test(path))
    return judgeSetting(repo, 'defaultBranchProtected', {
      need: owners ?? firstWorkflow(repo) ?? nearestFile(repo),
      finding: openBranch,
    })
  },

  example: {
    failing: FILES,
    fixed: FILES,
    facts: {
      failing: {
        settings: { ...SETTINGS, defaultBranchProtected: false, defaultBranchAllows: ['force-push', 'deletion'] },
      },
      fixed: { settings: { ...SETTINGS, defaultBranchProtected: true, defaultBranchAllows: [] } },
    },
  },
})

/** History that cannot be lost is half of it: then what was pushed without review can at least be found and reverted. */
function openBranch({ defaultBranchAllows: acts = [] }: Settings): { message: string; weight?: 0.5 } {
  const can = acts.map(act => ACTS[act]).join(', or ')
  return {
    message: `Whoever may write to the repository can ${can || 'change the default branch as they like'}. Add a ruleset for the default branch that restricts deletions, blocks force pushes and requires a pull request.`,
    ...(acts.join() === 'direct-push' ? { weight: 0.5 } : {}),
  }
}
