import { defineCheck, type Finding, type Patch } from '../check.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import { withSetting } from '../snapshot/renovate-fix.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import {
  type EntryAtWork,
  entryName,
  judgeUpdates,
  type RenovateAtWork,
  renovatePlace,
} from '../snapshot/update-bots.ts'
import type { UpdateEntry } from '../snapshot/update-config.ts'
import { entryWaits, managersWait, unwaitedByRenovate } from '../snapshot/update-cooldown.ts'
import { linesInto } from '../snapshot/update-edits.ts'
import { childOf } from '../snapshot/yaml.ts'

const ENTRY =
  'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule:\n      interval: weekly\n'
const DAYS = 7
const TITLE = 'Let new versions wait for a week'

export const updatesCooledDown = defineCheck({
  id: 'updates-cooled-down',
  item: 'update-strategy',
  title: 'New versions wait before they are taken',
  severity: 'medium',
  version: 2,
  rationale:
    'A hijacked release is mostly found and withdrawn within days. A bot that takes it in its first hour brings it in before anybody has looked.',
  remediation:
    'Give every Dependabot entry a `cooldown` with `default-days: 7`, Renovate a `minimumReleaseAge`, or the package manager of the folder its own (`min-release-age` of npm, `minimumReleaseAge` of pnpm). Security updates do not wait.',
  mapsTo: { scorecard: [], zizmor: ['dependabot-cooldown'], osps: [], slsa: [], cis: ['3.1.8'] },
  references: [
    {
      id: 'dependabot-cooldown',
      url: 'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference#cooldown-',
    },
    { id: 'renovate-minimum-release-age', url: 'https://docs.renovatebot.com/key-concepts/minimum-release-age/' },
  ],
  reads: ['tree'],

  run(repo) {
    return judgeUpdates(
      repo,
      one => ofEntry(one, repo),
      one => ofRenovate(one, repo),
    )
  },

  example: {
    failing: { '.github/dependabot.yml': ENTRY },
    fixed: { '.github/dependabot.yml': `${ENTRY}    cooldown:\n      default-days: ${DAYS}\n` },
  },
})

function ofEntry(one: EntryAtWork, repo: Snapshot): Finding | null {
  const { entry } = one
  if (entryWaits(entry) || managersWait(repo, one)) return null
  const { file, start } = entry.place
  const cooldown = childOf(entry.node, 'cooldown')
  const what = cooldown ? 'has a `cooldown` that lets some versions through at once' : 'takes new versions at once'
  const name = entryName(entry)
  const message = `T${name.slice(1)} ${what}. Give it \`cooldown\` with \`default-days: ${DAYS}\`.`
  const patch = patchFor(entry)
  const at = cooldown?.start ?? start
  return { message, evidence: evidenceOf({ file, start: at, end: at + 1 }), ...(patch ? { patch } : {}) }
}

function patchFor(entry: UpdateEntry): Patch | null {
  const { file } = entry.place
  const cooldown = childOf(entry.node, 'cooldown')
  const days = childOf(cooldown, 'default-days')
  // Lists of names were written for a reason; only the days are ours to set.
  if (childOf(cooldown, 'include') || childOf(cooldown, 'exclude')) return null
  if (days?.kind === 'scalar' && days.value !== null) {
    const { start, end } = days
    return {
      title: TITLE,
      safety: 'safe',
      edits: [{ kind: 'replace', path: file.path, start, end, text: String(DAYS) }],
    }
  }
  if (days || (cooldown && cooldown.kind !== 'map')) return null
  const edit = cooldown
    ? linesInto(file, cooldown, [`default-days: ${DAYS}`])
    : linesInto(file, entry.node, ['cooldown:', `  default-days: ${DAYS}`])
  return edit && { title: TITLE, safety: 'safe', edits: [{ ...edit, anyOrder: true }] }
}

function ofRenovate(renovate: RenovateAtWork, repo: Snapshot): Finding | null {
  const ecosystems = unwaitedByRenovate(repo, renovate)
  if (ecosystems.length === 0) return null
  const fix = withSetting(renovate.config, 'minimumReleaseAge', `${DAYS} days`)
  const isEnough =
    fix && unwaitedByRenovate(repo, { ...renovate, config: { ...renovate.config, layers: fix.layers } }).length === 0
  return {
    message: `Renovate takes new versions of ${ecosystems.join(', ')} at once. Set \`minimumReleaseAge\` to \`${DAYS} days\` for everything.`,
    evidence: evidenceOf(renovatePlace(renovate.config, ['minimumReleaseAge', 'extends'])),
    ...(isEnough && { patch: { title: TITLE, safety: 'safe', edits: fix.edits } }),
  }
}
