/**
 * The contract of a check. A check is a pure, synchronous decision over a snapshot: it does no I/O, reads no clock and
 * knows no other check. It never states an outcome; the runner in `lib/scan.ts` derives it from what the check examined.
 */
import type { Edit } from './patch/patch.ts'
import type { SettingName, Snapshot, SnapshotPart, Unread } from './snapshot/snapshot.ts'

/** The six items of the minimum-viable checklist, in the order of the page. */
export const ITEMS = [
  { id: 'pin-dependencies', number: 1, title: 'Pin dependencies with hashes' },
  { id: 'audit-in-ci', number: 2, title: 'Audit dependencies in CI' },
  { id: 'install-without-scripts', number: 3, title: 'Install without running scripts' },
  { id: 'pin-actions', number: 4, title: 'Pin Actions by SHA' },
  { id: 'automate-updates', number: 5, title: 'Keep dependencies up to date by machine' },
  { id: 'sign-releases', number: 6, title: 'Sign releases' },
] as const

/** The sections beyond the minimum; they make the hardening score and are never mixed with the six items. */
export const SECTIONS = [
  { id: 'dependencies', title: 'Dependencies' },
  { id: 'build-pipeline', title: 'Build pipeline' },
  { id: 'container-images', title: 'Container images' },
  { id: 'runtime-integrity', title: 'Runtime integrity' },
  { id: 'update-strategy', title: 'Update strategy' },
  { id: 'settings', title: 'Settings' },
] as const

export type MinimumItemId = (typeof ITEMS)[number]['id']
export type SectionId = (typeof SECTIONS)[number]['id']
/** Where a check counts: one of the six items, or a hardening section. */
export type ItemId = MinimumItemId | SectionId

export type Severity = 'critical' | 'high' | 'medium' | 'low'

/** The field's own catalogues, to which every check is mapped; `address` is where an id of theirs is explained. */
export const CATALOGUES = [
  {
    id: 'scorecard',
    title: 'OpenSSF Scorecard',
    address: id => `https://github.com/ossf/scorecard/blob/main/docs/checks.md#${id.toLowerCase()}`,
  },
  { id: 'zizmor', title: 'zizmor', address: id => `https://docs.zizmor.sh/audits/#${id}` },
  { id: 'osps', title: 'OSPS Baseline', address: () => 'https://baseline.openssf.org/' },
  { id: 'slsa', title: 'SLSA', address: slsaPage },
  { id: 'cis', title: 'CIS', address: cisPage },
] as const satisfies readonly { id: string; title: string; address: (id: string) => string }[]

type CatalogueId = (typeof CATALOGUES)[number]['id']

/** A page that explains more. `catalogue` is `docs` where it is nobody's catalogue. */
export type Reference = { catalogue: CatalogueId | 'docs'; id: string; url: string }

function slsaPage(id: string): string {
  const track = /^(build|source)-l\d$/.exec(id)?.[1]
  const pages = { build: 'build-track-basics', source: 'source-requirements' }
  if (track === 'build' || track === 'source') return `https://slsa.dev/spec/v1.2/${pages[track]}#${id}`
  // The one track that no release of SLSA holds yet.
  return `https://slsa.dev/spec/${id === 'dependency-track' ? 'draft' : 'v1.2'}/${id}`
}

/** Plain numbers are of the Software Supply Chain Security Guide; `docker-` and `kubernetes-` of those benchmarks. */
function cisPage(id: string): string {
  const benchmark = /^(docker|kubernetes)-/.exec(id)?.[1]
  if (benchmark) return `https://www.cisecurity.org/benchmark/${benchmark}`
  return 'https://www.cisecurity.org/insights/white-papers/cis-software-supply-chain-security-guide'
}

/** The place that shows the finding. Lines are 1-based and inclusive; `excerpt` is exactly those lines, at most 2,000 characters. */
export type Evidence = { path: string; startLine: number; endLine: number; excerpt: string }

/** A fix as data. `safe`: applying it cannot change what the build does but for the finding; otherwise `review`. */
export type Patch = { title: string; safety: 'safe' | 'review'; edits: Edit[] }

/**
 * One wrong place. `message` names the thing and says what to do. `weight` 1 unless given: ½ where the checklist says
 * "half", more where it lets one place weigh as much as several (then `Verdict.outOf` says of how much in all).
 */
export type Finding = { message: string; evidence: Evidence; weight?: number; patch?: Patch }

/**
 * `examined`: how many places were judged (0 → not applicable); `findings`: those of them that are wrong. `outOf`: what
 * the places weigh together, where that is not their number. `unread`: files that the check found it could not
 * understand; with no finding they make the outcome unknown.
 */
export type Verdict = { examined: number; findings: Finding[]; outOf?: number; notes?: string[]; unread?: Unread[] }

/** Path → text of a small made-up repository, for examples and tests. */
export type FileMap = Readonly<Record<string, string>>

/** What no file says, one by one: each needs a right of the token that the others may not need. */
export type FactName = SettingName | 'attestations'

/** What no file of a repository says. */
export type ExampleFacts = Partial<Pick<Snapshot, 'settings' | 'releases'>>

/** What the organisation demands where a check can be told; the defaults stand in `lib/policy/policy.ts`. */
export type CheckOptions = {
  actionTrust: readonly { pattern: string; demand: 'sha' | 'tag' | 'any' }[]
  /**
   * Ecosystem → hosts (or `host/path`) that packages may be fetched from, each with what lies below it. Of an ecosystem
   * that is not named only the scheme is judged.
   */
  trustedRegistries: Readonly<Record<string, readonly string[]>>
}

export type Check = {
  /** = file name = URL = key in the store. */
  id: string
  item: ItemId
  /** A sentence that is true when the check passes. */
  title: string
  severity: Severity
  /** Raised when the meaning changes; stored with every scan. */
  version: number
  rationale: string
  remediation: string
  /** What each catalogue calls it; an empty list says that it has nothing of the kind. */
  mapsTo: Readonly<Record<CatalogueId, readonly string[]>>
  /** What to read beside the catalogues. */
  references: readonly { id: string; url: string }[]
  /** The parts of the snapshot that it needs; one of them unreadable and nothing found → unknown. */
  reads: readonly SnapshotPart[]
  /** What no file says and the verdict hangs on: without it the outcome is unknown (`decides`), or told with less (`adds`). */
  facts?: Readonly<Partial<Record<FactName, 'decides' | 'adds'>>>
  run(repo: Snapshot, options: CheckOptions): Verdict
  /**
   * Shown on the check's page and run by the conformance test. `facts`: what is known beside the files, where that makes
   * the difference.
   */
  example: { failing: FileMap; fixed: FileMap; facts?: { failing: ExampleFacts; fixed: ExampleFacts } }
}

/** Gives a check its type and freezes it, so that no check can change another's data sheet. */
export function defineCheck(check: Check): Check {
  return Object.freeze(check)
}

/** The catalogues' ids first, in their order. */
export function referencesOf({ mapsTo, references }: Pick<Check, 'mapsTo' | 'references'>): Reference[] {
  const mapped = CATALOGUES.flatMap(({ id: catalogue, address }) =>
    mapsTo[catalogue].map(id => ({ catalogue, id, url: address(id) })),
  )
  return [...mapped, ...references.map(one => ({ catalogue: 'docs' as const, ...one }))]
}

/** For examples: a workflow that runs on the main branch with a token that reads. `jobs`: the mapping, indented by two. */
export function workflowOnMain(name: string, jobs: string): string {
  return `name: ${name}\non:\n  push:\n    branches: [main]\npermissions:\n  contents: read\njobs:\n${jobs}`
}

/** For examples: a workflow that tests every change. `steps`: the list, indented by six. */
export function workflowOfTests(steps: string): string {
  return `name: CI\non: [push, pull_request]\npermissions:\n  contents: read\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}`
}
