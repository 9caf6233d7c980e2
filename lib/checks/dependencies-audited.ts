import { defineCheck, type Finding, type Patch } from '../check.ts'
import type { Edit } from '../patch/patch.ts'
import { judgeAudits, type PlaceVerdict, unauditedPlaces } from '../snapshot/audit/judge.ts'
import { auditWorkflow, NPM_AUDIT, newAuditWorkflow, newWorkflowPath } from '../snapshot/audit/new-workflow.ts'
import { type EcosystemPlace, ecosystemsOf } from '../snapshot/ecosystems.ts'
import { evidenceOf, evidenceOfFile } from '../snapshot/lines.ts'
import { renovateOf } from '../snapshot/renovate.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { dependabotOf } from '../snapshot/update-config.ts'
import { coverageOf } from '../snapshot/update-coverage.ts'
import { entriesEdit } from '../snapshot/update-entries.ts'

const CODE = {
  'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n',
  'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
  '.github/workflows/ci.yml': `on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
`,
}

export const dependenciesAudited = defineCheck({
  id: 'dependencies-audited',
  item: 'audit-in-ci',
  title: 'CI looks for known vulnerabilities and can fail',
  severity: 'high',
  version: 2,
  rationale:
    'A dependency that was fine when it was added may have a known hole tomorrow. An audit that runs on changes alone never sees that, one that runs on a schedule alone lets new ones in, and one that cannot fail is read by nobody.',
  remediation:
    'Run the audit of your package manager, or a scanner that reads all lockfiles, in a workflow with `pull_request:` and a weekly `schedule:`, and let its failure fail the job.',
  mapsTo: {
    scorecard: ['Vulnerabilities'],
    zizmor: [],
    osps: ['OSPS-VM-05.03'],
    slsa: ['dependency-track'],
    cis: ['1.5.5', '3.2.2'],
  },
  references: [],
  reads: ['tree', 'workflows'],
  facts: { vulnerabilityAlerts: 'adds' },

  run(repo) {
    const { verdicts, unread } = judgeAudits(repo)
    const known = verdicts.filter(({ state }) => state !== 'unknown')
    const findings = known.flatMap(verdict => findingOf(verdict, repo))
    const patch = newWorkflowPatch(known, repo)
    const first =
      findings[known.filter(({ state }) => state !== 'right').findIndex(({ needsWorkflow }) => needsWorkflow)]
    // One patch for all places: each its own would create the same file twice.
    if (first && patch) first.patch = patch
    return { examined: known.length, findings: eachPatchOnce(findings), notes: notesOn(repo), unread }
  },

  example: {
    failing: CODE,
    fixed: {
      ...CODE,
      '.github/workflows/audit.yml': auditWorkflow([{ run: NPM_AUDIT, folder: '' }]),
    },
  },
})

function findingOf(verdict: PlaceVerdict, repo: Snapshot): Finding[] {
  if (!('message' in verdict)) return []
  const { at, place, message, edits } = verdict
  const file = repo.files.get(place.path)
  const evidence = at
    ? evidenceOf(at)
    : file
      ? evidenceOfFile(file)
      : { path: place.path, startLine: 1, endLine: 1, excerpt: '' }
  const patch: { patch?: Patch } =
    edits && at
      ? {
          patch: {
            title: edits.title,
            safety: 'review',
            edits: edits.edits.map(edit => ({ kind: 'replace', path: at.file.path, ...edit })),
          },
        }
      : {}
  return [{ message, evidence, ...(verdict.state === 'half' ? { weight: 0.5 as const } : {}), ...patch }]
}

function newWorkflowPatch(verdicts: readonly PlaceVerdict[], repo: Snapshot): Patch | null {
  const places: EcosystemPlace[] = verdicts.filter(({ needsWorkflow }) => needsWorkflow).map(({ place }) => place)
  const path = newWorkflowPath(repo)
  if (places.length === 0 || path === null) return null
  const text = newAuditWorkflow(repo, places)
  const updates = updatesOf(repo, path)
  const title = `Audit ${places.length === 1 ? 'it' : `all ${places.length} places`} in a workflow of its own`
  return {
    title: updates.length === 0 ? title : `${title}, and let Dependabot update its action`,
    safety: 'safe',
    edits: [{ kind: 'create', path, text }, ...updates],
  }
}

/** The first workflow of a repository is a place that an update bot has to cover from then on. */
function updatesOf(repo: Snapshot, path: string): Edit[] {
  const place = { ecosystem: 'github-actions', directory: '/', path, paths: [path] }
  const isKnown = ecosystemsOf(repo).some(
    ({ ecosystem, directory }) => ecosystem === place.ecosystem && directory === place.directory,
  )
  const [dependabot, renovate] = [dependabotOf(repo), renovateOf(repo)]
  if (isKnown || dependabot?.invalid || coverageOf(place, dependabot, renovate).kind !== 'missing') return []
  const edit = renovate ? null : entriesEdit(dependabot, [place])
  return edit ? [edit] : []
}

/** One step may be the fault of many places; its fix is applied once. */
function eachPatchOnce(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>()
  return findings.map(({ patch, ...finding }) => {
    const keys = (patch?.edits ?? []).map(edit => JSON.stringify(edit))
    if (!patch || keys.some(key => seen.has(key))) return finding
    for (const key of keys) seen.add(key)
    return { ...finding, patch }
  })
}

function notesOn(repo: Snapshot): string[] {
  const unaudited = unauditedPlaces(repo).map(({ ecosystem, directory }) => `${ecosystem} in \`${directory}\``)
  const listed = `${unaudited.slice(0, 5).join(', ')}${unaudited.length > 5 ? ` and ${unaudited.length - 5} more` : ''}`
  const notes = unaudited.length === 0 ? [] : [`Not judged, for no tool is known that audits it: ${listed}.`]
  const alerts = repo.settings?.vulnerabilityAlerts
  if (typeof alerts !== 'boolean') return notes
  return [
    ...notes,
    `Dependabot alerts are switched ${alerts ? 'on' : 'off'} in the settings; they tell of holes and stop no build.`,
  ]
}
