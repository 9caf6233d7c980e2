import { defineCheck, type Finding, type Patch } from '../check.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import {
  type EntryAtWork,
  entryName,
  judgeUpdates,
  type RenovateAtWork,
  renovatePlace,
} from '../snapshot/update-bots.ts'
import type { UpdateEntry } from '../snapshot/update-config.ts'
import { linesInto } from '../snapshot/update-edits.ts'
import { assigneesBeside, unreviewedByRenovate, unreviewedManifest } from '../snapshot/update-reviewers.ts'
import { childOf } from '../snapshot/yaml.ts'

const NPM = '  - package-ecosystem: npm\n    directory: /\n    schedule:\n      interval: weekly\n'
const ACTIONS =
  '  - package-ecosystem: github-actions\n    directory: /\n    schedule:\n      interval: weekly\n    assignees:\n      - ada\n'
const CODE = {
  'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n',
  '.github/workflows/ci.yml': 'on: push\npermissions: {}\njobs: {}\n',
}

export const updatesReviewed = defineCheck({
  id: 'updates-reviewed',
  item: 'update-strategy',
  title: 'Updates reach a person who reviews them',
  severity: 'low',
  version: 2,
  rationale:
    'A pull request that is nobody’s business stays open until it is stale, or is merged by whoever is annoyed by it. An owner reads what changed.',
  remediation:
    'Name owners of the manifests in CODEOWNERS, or give each Dependabot entry `assignees` (its `reviewers` is no longer read since August 2025). Leave `labels` out or name some: an empty list takes away the ones that Dependabot sets by itself.',
  mapsTo: { scorecard: ['Code-Review'], zizmor: [], osps: [], slsa: [], cis: ['1.1.6'] },
  references: [
    {
      id: 'codeowners',
      url: 'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners',
    },
  ],
  reads: ['tree'],

  run(repo) {
    const unread = repo.unread.filter(({ path }) => path !== null && /(?:^|\/)CODEOWNERS$/.test(path))
    if (unread.length > 0) return { examined: 0, findings: [], unread }
    return judgeUpdates(
      repo,
      one => ofEntry(one, repo),
      one => ofRenovate(one, repo),
    )
  },

  example: {
    failing: { ...CODE, '.github/dependabot.yml': `version: 2\nupdates:\n${ACTIONS}${NPM}` },
    fixed: {
      ...CODE,
      '.github/dependabot.yml': `version: 2\nupdates:\n${ACTIONS}${NPM}    assignees:\n      - ada\n`,
    },
  },
})

function ofEntry(one: EntryAtWork, repo: Snapshot): Finding | null {
  const { entry } = one
  const { file, start } = entry.place
  const manifest = unreviewedManifest(repo, one)
  if (manifest !== null) {
    const message = `Updates by ${entryName(entry)} reach nobody: \`${manifest}\` has no owner in CODEOWNERS and the entry no \`assignees\`. Name one or the other.`
    const patch = patchFor(entry, assigneesBeside(repo))
    return { message, evidence: evidenceOf({ file, start, end: start + 1 }), ...(patch ? { patch } : {}) }
  }
  const labels = childOf(entry.node, 'labels')
  if (labels?.kind !== 'seq' || labels.items.length > 0) return null
  return {
    message: `\`labels: []\` takes every label from the updates by ${entryName(entry)}. Leave it out, or name some.`,
    evidence: evidenceOf({ file, start: labels.start, end: labels.end }),
  }
}

/** Those who are assigned in other entries are asked here too; whether they are the right ones a person has to say. */
function patchFor(entry: UpdateEntry, assignees: readonly string[]): Patch | null {
  if (assignees.length === 0 || childOf(entry.node, 'assignees')) return null
  const lines = [
    'assignees:',
    ...assignees.map(name => `  - ${JSON.stringify(name).replace(/^"([A-Za-z][\w-]*)"$/, '$1')}`),
  ]
  const edit = linesInto(entry.place.file, entry.node, lines)
  return edit && { title: 'Assign who is assigned in the other entries', safety: 'review', edits: [edit] }
}

function ofRenovate(renovate: RenovateAtWork, repo: Snapshot): Finding | null {
  const manifest = unreviewedByRenovate(repo, renovate)
  if (manifest === null) return null
  return {
    message: `Renovate’s updates reach nobody: \`${manifest}\` has no owner in CODEOWNERS, and \`assignees\` or \`reviewers\` name nobody. Name one or the other.`,
    evidence: evidenceOf(renovatePlace(renovate.config, ['reviewers', 'assignees', 'extends'])),
  }
}
