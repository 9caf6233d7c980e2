import { defineCheck, type Finding, type Patch, type Verdict } from '../check.ts'
import { type EcosystemPlace, ecosystemsOf } from '../snapshot/ecosystems.ts'
import { evidenceOf, evidenceOfFile, lineAt } from '../snapshot/lines.ts'
import { renovateOf } from '../snapshot/renovate.ts'
import type { Snapshot, Unread } from '../snapshot/snapshot.ts'
import { isBotConfig } from '../snapshot/update-bots.ts'
import { dependabotOf } from '../snapshot/update-config.ts'
import { type Coverage, coverageOf } from '../snapshot/update-coverage.ts'
import { entriesEdit, newDependabotFile } from '../snapshot/update-entries.ts'

type Judged = { place: EcosystemPlace; coverage: Coverage }
type Configs = { dependabot: ReturnType<typeof dependabotOf>; renovate: ReturnType<typeof renovateOf> }

const WORKFLOW = `on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
`
const CODE = { 'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n', '.github/workflows/ci.yml': WORKFLOW }

export const updatesAutomated = defineCheck({
  id: 'updates-automated',
  item: 'automate-updates',
  title: 'Dependabot or Renovate covers every ecosystem here',
  severity: 'medium',
  version: 2,
  rationale:
    'Pinned dependencies stay where they are until somebody moves them. Without a bot the fix for a known vulnerability waits until a person remembers each folder of each repository.',
  remediation:
    'Give `.github/dependabot.yml` one entry for each ecosystem and directory that holds a manifest, or configure Renovate and leave no manager or path switched off.',
  mapsTo: { scorecard: ['Dependency-Update-Tool'], zizmor: [], osps: [], slsa: [], cis: [] },
  references: [
    {
      id: 'dependabot-options',
      url: 'https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference',
    },
    { id: 'renovate-options', url: 'https://docs.renovatebot.com/configuration-options/' },
  ],
  reads: ['tree'],
  facts: { securityUpdates: 'adds' },

  run(repo) {
    const places = ecosystemsOf(repo)
    const unread = repo.unread.filter(decides)
    const configs = { dependabot: dependabotOf(repo), renovate: renovateOf(repo) }
    const notes = notesOn(configs, repo)
    if (places.length === 0) return { examined: 0, findings: [], notes, unread }
    // Without the configuration nothing can be told of any place: that is no finding.
    if (unread.some(one => one.path === null || isBotConfig(one.path)))
      return { examined: places.length, findings: [], notes, unread }
    const judged = places.map(place => ({ place, coverage: coverageOf(place, configs.dependabot, configs.renovate) }))
    return { ...verdictOn(judged, configs, repo), notes, unread }
  },

  example: {
    failing: CODE,
    fixed: {
      ...CODE,
      '.github/dependabot.yml': newDependabotFile([
        { ecosystem: 'github-actions', directory: '/' },
        { ecosystem: 'npm', directory: '/' },
      ]),
    },
  },
})

/** Files that make others members of a workspace. */
const ROOT = /(?:^|\/)(?:package\.json|pnpm-workspace\.yaml|Cargo\.toml|pyproject\.toml|pom\.xml|[^/]+\.slnx?)$/

/** Unread files that matter here; a lockfile too large to be read does not. */
function decides({ part, path }: Unread): boolean {
  return part === 'files' && (path === null || isBotConfig(path) || ROOT.test(path))
}

function verdictOn(
  judged: readonly Judged[],
  configs: Configs,
  repo: Snapshot,
): Pick<Verdict, 'examined' | 'findings'> {
  const invalid = invalidFiles(configs)
  const uncovered = judged.filter(({ coverage }) => coverage.kind !== 'covered')
  const patch = invalid.length === 0 ? patchFor(uncovered, configs) : null
  // One patch for all missing places, at the first of them: each its own would create the same file twice.
  const first = uncovered.find(({ coverage }) => coverage.kind === 'missing')
  const found = uncovered.flatMap(one =>
    findingOf(one, configs, repo).map(finding => (patch && one === first ? { ...finding, patch } : finding)),
  )
  return { examined: judged.length + invalid.length, findings: [...invalid, ...found] }
}

function invalidFiles({ dependabot, renovate }: Configs): Finding[] {
  return [dependabot, renovate].flatMap(config => {
    if (!config?.invalid) return []
    const { words, place } = config.invalid
    const line = /\(line \d+\)/.test(words) ? '' : ` (line ${lineAt(place.file, place.start)})`
    const message = `\`${config.file.path}\` is invalid and covers nothing: ${words}${line}. Mend it, and check it with its bot's own validator.`
    return [{ message, evidence: evidenceOf(place) }]
  })
}

function findingOf({ place, coverage }: Judged, { renovate }: Configs, repo: Snapshot): Finding[] {
  const what = `${place.ecosystem} in \`${place.directory}\``
  if (coverage.kind === 'off') {
    return [
      {
        message: `The Dependabot entry for ${what} is switched off by ${coverage.why}. Take that out.`,
        evidence: evidenceOf(coverage.entry.place),
      },
    ]
  }
  const file = repo.files.get(place.path)
  const evidence = file ? evidenceOfFile(file) : { path: place.path, startLine: 1, endLine: 1, excerpt: '' }
  if (coverage.kind === 'skipped') {
    return [
      {
        message: `Renovate does not update ${what}: switched off by ${coverage.why} in \`${renovate?.file.path}\`. ${takeIn(coverage.why)}, or add a Dependabot entry with \`package-ecosystem: ${place.ecosystem}\` and \`directory: ${place.directory}\`.`,
        evidence,
      },
    ]
  }
  const message = `No update bot covers ${what}. Add a Dependabot entry with \`package-ecosystem: ${place.ecosystem}\` and \`directory: ${place.directory}\`.`
  return [{ message, evidence }]
}

/** What to change in the configuration of Renovate, by what it is switched off by. */
function takeIn(why: string): string {
  if (why.includes('ignorePaths')) return 'Write `ignorePaths` there without this path (`[]` lifts that of a preset)'
  if (why.includes('enabledManagers')) return 'Name its manager in `enabledManagers`'
  if (why.includes('includePaths')) return 'Name the path in `includePaths`'
  return 'Set `enabled` to true for it'
}

function patchFor(uncovered: readonly Judged[], { dependabot, renovate }: Configs): Patch | null {
  const missing = uncovered.filter(({ coverage }) => coverage.kind === 'missing').map(({ place }) => place)
  if (missing.length === 0 || renovate) return null
  const title = `Let Dependabot cover ${missing.length === 1 ? 'one more place' : `${missing.length} more places`}`
  const edit = entriesEdit(dependabot, missing)
  return edit && { title, safety: 'safe', edits: [edit] }
}

function notesOn({ dependabot }: Configs, repo: Snapshot): string[] {
  const notes: string[] = []
  if (dependabot?.ignored)
    notes.push(`\`${dependabot.ignored}\` is ignored: \`${dependabot.file.path}\` is the one that is read.`)
  const security = repo.settings?.securityUpdates
  if (typeof security === 'boolean')
    notes.push(`Dependabot security updates are switched ${security ? 'on' : 'off'} in the settings.`)
  return notes
}
