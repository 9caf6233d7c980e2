import { defineCheck, type Finding, type Patch } from '../check.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import { withPreset } from '../snapshot/renovate-fix.ts'
import { entryName, judgeUpdates, type RenovateAtWork, renovatePlace } from '../snapshot/update-bots.ts'
import type { UpdateEntry } from '../snapshot/update-config.ts'
import { linesInto } from '../snapshot/update-edits.ts'
import { ungroupedByRenovate, ungroupedTypes } from '../snapshot/update-groups.ts'
import { childOf } from '../snapshot/yaml.ts'

const ENTRY =
  'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule:\n      interval: weekly\n'

export const updatesGrouped = defineCheck({
  id: 'updates-grouped',
  item: 'update-strategy',
  title: 'Minor and patch updates of everything come in groups',
  severity: 'low',
  version: 2,
  rationale:
    'Ten pull requests a week, one a package, are merged unread or not at all. One that holds the small steps together is read and tested once.',
  remediation:
    'Give every Dependabot entry a group with `patterns: ["*"]` and `update-types: [minor, patch]`; in Renovate extend `group:allNonMajor`.',
  mapsTo: { scorecard: ['Dependency-Update-Tool'], zizmor: [], osps: [], slsa: [], cis: [] },
  references: [
    {
      id: 'dependabot-groups',
      url: 'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference#groups--',
    },
    { id: 'renovate-group-presets', url: 'https://docs.renovatebot.com/presets-group/' },
  ],
  reads: ['tree'],

  run(repo) {
    return judgeUpdates(repo, ({ entry }) => ofEntry(entry), ofRenovate)
  },

  example: {
    failing: { '.github/dependabot.yml': ENTRY },
    fixed: {
      '.github/dependabot.yml': `${ENTRY}    groups:\n      minor-and-patch:\n        applies-to: version-updates\n        patterns: ["*"]\n        update-types: [minor, patch]\n`,
    },
  },
})

function ofEntry(entry: UpdateEntry): Finding | null {
  const types = ungroupedTypes(entry)
  if (types.length === 0) return null
  const { file, start } = entry.place
  const message = `No group of ${entryName(entry)} takes every package for ${types.join(' and ')} updates. Add one with \`patterns: ["*"]\`.`
  const patch = patchFor(entry, types)
  return { message, evidence: evidenceOf({ file, start, end: start + 1 }), ...(patch ? { patch } : {}) }
}

function patchFor(entry: UpdateEntry, types: readonly string[]): Patch | null {
  // What joins a group of ecosystems has its patterns beside it, chosen by a person.
  if (entry.joins !== null) return null
  const groups = childOf(entry.node, 'groups')
  if (groups && groups.kind !== 'map') return null
  const taken = new Set(groups?.entries.map(({ key }) => key))
  const name = taken.has('minor-and-patch') ? 'everything-else' : 'minor-and-patch'
  if (taken.has(name)) return null
  const lines = [
    `${name}:`,
    '  applies-to: version-updates',
    '  patterns: ["*"]',
    `  update-types: [${types.join(', ')}]`,
  ]
  const edit = groups
    ? linesInto(entry.place.file, groups, lines)
    : linesInto(entry.place.file, entry.node, ['groups:', ...lines.map(line => `  ${line}`)])
  return edit && { title: 'Bring small updates together', safety: 'safe', edits: [{ ...edit, anyOrder: true }] }
}

function ofRenovate(renovate: RenovateAtWork): Finding | null {
  const ecosystems = ungroupedByRenovate(renovate)
  if (ecosystems.length === 0) return null
  const fix = withPreset(renovate.config, 'group:allNonMajor')
  const isEnough =
    fix && ungroupedByRenovate({ ...renovate, config: { ...renovate.config, layers: fix.layers } }).length === 0
  return {
    message: `Renovate brings minor or patch updates of ${ecosystems.join(', ')} one by one. Extend \`group:allNonMajor\`, or give a rule for everything a \`groupName\`.`,
    evidence: evidenceOf(renovatePlace(renovate.config, ['extends', 'packageRules'])),
    ...(isEnough && { patch: { title: 'Bring small updates together', safety: 'safe', edits: fix.edits } }),
  }
}
