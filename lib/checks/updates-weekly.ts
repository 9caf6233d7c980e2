import { defineCheck, type Finding, type Patch } from '../check.ts'
import { cronIsWeekly, renovateScheduleIsWeekly } from '../snapshot/cron.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import { type RenovateFix, withOtherPreset, withSetting } from '../snapshot/renovate-fix.ts'
import { renovateSetting } from '../snapshot/renovate-rules.ts'
import {
  type EntryAtWork,
  entryName,
  judgeUpdates,
  type RenovateAtWork,
  renovatePlace,
} from '../snapshot/update-bots.ts'
import { stringsOf } from '../snapshot/workspaces.ts'
import { childOf, textOf } from '../snapshot/yaml.ts'

const SLOW_PRESETS = ['schedule:monthly', 'schedule:quarterly', 'schedule:yearly']
const OFTEN = new Set(['daily', 'weekly'])

export const updatesWeekly = defineCheck({
  id: 'updates-weekly',
  item: 'update-strategy',
  title: 'Updates are looked for at least once a week',
  severity: 'low',
  version: 3,
  rationale:
    'A bot that looks once a month leaves a fixed weakness in place for weeks, and then brings so much at once that nobody reads it.',
  remediation:
    'Give every Dependabot entry `interval: weekly` or `daily` (a `cronjob` that comes due every week does too), and Renovate a `schedule` of the same kind or none.',
  mapsTo: { scorecard: ['Dependency-Update-Tool'], zizmor: [], osps: [], slsa: [], cis: [] },
  references: [
    {
      id: 'dependabot-schedule',
      url: 'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference#schedule-',
    },
  ],
  reads: ['tree'],

  run(repo) {
    // Entries may share one schedule, which can be mended once.
    const mended = new Set<number>()
    return judgeUpdates(repo, one => ofEntry(one, mended), ofRenovate, saysWhen)
  },

  example: {
    failing: { '.github/dependabot.yml': entryText('monthly') },
    fixed: { '.github/dependabot.yml': entryText('weekly') },
  },
})

function entryText(interval: string): string {
  return `version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule:\n      interval: ${interval} # when nobody works\n`
}

function ofEntry({ entry }: EntryAtWork, mended: Set<number>): Finding | null {
  const interval = childOf(entry.schedule, 'interval')
  const cron = textOf(childOf(entry.schedule, 'cronjob'))
  const named = textOf(interval) ?? ''
  if (!interval || OFTEN.has(named)) return null
  const byCron = named === 'cron'
  // What is not understood of a cron line is no alarm.
  if (byCron && (cron === undefined || isOften(cron))) return null
  const { file } = entry.place
  const when = byCron ? `\`${cron}\`` : `\`${named}\``
  const message = `${sentence(entryName(entry))} looks for updates ${when}, which is less than once a week. Let it look weekly.`
  const finding: Finding = { message, evidence: evidenceOf({ file, start: interval.start, end: interval.end }) }
  if (byCron || mended.has(interval.start)) return finding
  mended.add(interval.start)
  const patch: Patch = {
    title: 'Look for updates every week',
    safety: 'safe',
    edits: [{ kind: 'replace', path: file.path, start: interval.start, end: interval.end, text: 'weekly' }],
  }
  return { ...finding, patch }
}

function isOften(cron: string): boolean {
  return cronIsWeekly(cron) ?? renovateScheduleIsWeekly(cron)
}

function ofRenovate(renovate: RenovateAtWork): Finding | null {
  const slow = slowerThanWeekly(renovate)
  if (!slow) return null
  const { ecosystem, lines } = slow
  const fix = fixFor(renovate)
  return {
    message: `Renovate updates ${ecosystem} on the schedule \`${lines[0]}\`, which is less than once a week. Let it run weekly.`,
    evidence: evidenceOf(renovatePlace(renovate.config, [...lines, ...SLOW_PRESETS, 'schedule'])),
    ...(fix && { patch: { title: 'Look for updates every week', safety: 'safe', edits: fix.edits } }),
  }
}

/** True where a schedule is named; without one Renovate runs at any time, unless a preset knows better. */
function saysWhen({ config, manifests }: RenovateAtWork): boolean {
  return manifests.every(({ path, managers }) =>
    managers.every(manager => {
      const settings = { manager, path, updateType: 'minor' }
      return stringsOf(renovateSetting(config.layers, 'schedule', settings)).length > 0
    }),
  )
}

/** The first manifest that is updated less often, and the schedule that says so. */
function slowerThanWeekly({ config, manifests }: RenovateAtWork): { ecosystem: string; lines: string[] } | null {
  for (const { path, ecosystem, managers } of manifests) {
    for (const updateType of ['minor', 'patch']) {
      const lines = managers.flatMap(manager => {
        const schedule = stringsOf(renovateSetting(config.layers, 'schedule', { manager, path, updateType }))
        return schedule.length > 0 && !schedule.some(renovateScheduleIsWeekly) ? schedule : []
      })
      if (lines.length > 0) return { ecosystem, lines }
    }
  }
  return null
}

/** The preset that says it, or the schedule at the top, changed; null where that is not all that keeps updates back. */
function fixFor(renovate: RenovateAtWork): RenovateFix | null {
  const { config } = renovate
  const fixes = [
    ...SLOW_PRESETS.map(preset => withOtherPreset(config, preset, 'schedule:weekly')),
    withSetting(config, 'schedule', ['before 6am on monday']),
  ]
  const mends = ({ layers }: RenovateFix) => slowerThanWeekly({ ...renovate, config: { ...config, layers } }) === null
  return fixes.find(fix => fix !== null && mends(fix)) ?? null
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
