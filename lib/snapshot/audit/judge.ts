/** Whether each place of a repository is audited: on changes and on a schedule, by something that can stop the build. */
import { type Caller, commandsOf } from '../commands.ts'
import { type EcosystemPlace, ecosystemsOf } from '../ecosystems.ts'
import type { Place } from '../lines.ts'
import { isLockfile } from '../lockfile/read.ts'
import { type Occasion, occasionsOf, outermost } from '../occasions.ts'
import type { Snapshot, Unread } from '../snapshot.ts'
import { type NewTrigger, triggerEdit } from '../trigger-edit.ts'
import { isWorkflowPath } from '../workflow.ts'
import { folderOf } from '../workspaces.ts'
import { type Audit, auditsOf, coversPlace, harmless, occasionsFor } from './audits.ts'
import { type TextEdit, teethEdits } from './fix.ts'
import { WEEKLY } from './new-workflow.ts'

/** `at`: null where nothing audits the place, so that only its manifest can be shown. */
export type PlaceVerdict = { place: EcosystemPlace; needsWorkflow: boolean } & (
  | { state: 'right' | 'unknown' }
  | { state: 'half' | 'wrong'; message: string; at: Place | null; edits: { title: string; edits: TextEdit[] } | null }
)

/** Those for which there are databases of vulnerabilities and tools that ask them. */
const AUDITED = /^(?:npm|bun|pip|uv|gomod|cargo|bundler|composer|nuget|maven|gradle|pub|mix|swift)$/

const ADVICE: Readonly<Record<string, string>> = {
  npm: '`npm audit --audit-level=high` (or that of pnpm or yarn)',
  bun: '`bun audit`',
  pip: '`pip-audit`',
  uv: '`pip-audit`',
  gomod: '`govulncheck ./...`',
  cargo: '`cargo audit`',
  bundler: '`bundle exec bundler-audit check --update`',
  composer: '`composer audit`',
  nuget: 'NuGetAudit with its warnings as errors',
  mix: '`mix deps.audit`',
  deno: '`deno audit`',
}

/** Of Deno's dependencies those from npm: for others no database is known. */
function isAudited(repo: Snapshot, { ecosystem, directory, paths }: EcosystemPlace): boolean {
  if (ecosystem !== 'deno') return AUDITED.test(ecosystem)
  const lock = `${directory}/deno.lock`.replace(/^\/+/, '')
  return [...paths, lock].some(path => /["']npm:/.test(repo.files.get(path)?.text ?? ''))
}

/** Places of package managers for which no tool is known that looks for vulnerabilities. */
export function unauditedPlaces(repo: Snapshot): EcosystemPlace[] {
  return ecosystemsOf(repo).filter(
    place => /^(?:deno|conda|elm|bazel)$/.test(place.ecosystem) && !isAudited(repo, place),
  )
}

const SCHEDULE: NewTrigger = {
  name: 'schedule',
  body: [`- cron: "${WEEKLY}"`],
  flow: `[{ cron: "${WEEKLY}" }]`,
}
const PULL_REQUEST: NewTrigger = { name: 'pull_request', body: [], flow: '' }

export function judgeAudits(repo: Snapshot): { verdicts: PlaceVerdict[]; unread: Unread[] } {
  const places = ecosystemsOf(repo).filter(place => isAudited(repo, place))
  const { unread: unreadFiles } = commandsOf(repo)
  if (places.length === 0) return { verdicts: [], unread: [] }
  const { audits, missing } = auditsOf(repo)
  const hidden = [
    ...unreadFiles.filter(({ path }) => path !== null && isWorkflowPath(path)),
    ...missing
      .filter(({ caller }) => occasionsOf({ unit: unitOf(caller), conditions: caller.conditions }, []).size > 0)
      .map(
        ({ caller, uses }): Unread => ({
          part: 'workflows',
          path: caller.place.file.path,
          reason: `what \`${uses}\` does is not known here`,
        }),
      ),
  ]
  const locks = locksByFolder(repo)
  const unclear: Unread[] = []
  const verdicts = places.map(place => {
    const verdict = judgePlace(place, places, audits, locks)
    const { verdict: made, blind } = verdict
    if (made.state === 'right') return made
    const reasons = [...hidden, ...blind]
    if (reasons.length === 0) return made
    unclear.push(...reasons)
    return { place, needsWorkflow: false, state: 'unknown' as const }
  })
  return { verdicts, unread: [...unreadFiles, ...unclear] }
}

function unitOf({ workflow, job, place, outer }: Caller): Audit['unit'] {
  const called = outer ? { caller: outer } : {}
  return {
    kind: 'job',
    file: place.file,
    name: job.id,
    job,
    workflow,
    stage: null,
    actions: [],
    commands: [],
    unread: [],
    ...called,
  }
}

function locksByFolder(repo: Snapshot): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { path } of repo.tree) {
    if (!isLockfile(path)) continue
    const folder = folderOf(path)
    found.set(folder, [...(found.get(folder) ?? []), path])
  }
  return found
}

function judgePlace(
  place: EcosystemPlace,
  places: readonly EcosystemPlace[],
  audits: readonly Audit[],
  locks: ReadonlyMap<string, string[]>,
): { verdict: PlaceVerdict; blind: Unread[] } {
  const paths = [...place.paths, ...(locks.get(place.directory.slice(1)) ?? [])]
  const covering = audits.filter(audit => coversPlace(audit, place, places) === true)
  const able = covering.filter(audit => harmless(audit) === null)
  const occasions = able.map(audit => occasionsFor(audit, paths))
  const joined = new Set<Occasion>(occasions.flatMap(one => [...one]))
  const blind = audits
    .filter(audit => coversPlace(audit, place, places) === null && harmless(audit) === null)
    .filter(audit => occasionsFor(audit, paths).size > 0)
    .map(
      (audit): Unread => ({
        part: 'workflows',
        path: audit.place.file.path,
        reason: `which folder \`${audit.tool}\` looks at cannot be told`,
      }),
    )
  if (joined.size === 2) return { verdict: { place, needsWorkflow: false, state: 'right' }, blind }
  return {
    verdict: joined.size === 1 ? half(place, able, occasions, joined) : wrong(place, covering, able, paths),
    blind,
  }
}

function named({ ecosystem, directory }: EcosystemPlace): string {
  return `${ecosystem} in \`${directory}\``
}

function half(
  place: EcosystemPlace,
  able: readonly Audit[],
  occasions: readonly Set<Occasion>[],
  joined: ReadonlySet<Occasion>,
): PlaceVerdict {
  const running = able.filter((_, index) => (occasions[index]?.size ?? 0) > 0)
  // One that compares with what was before has nothing to say on a schedule.
  const audit = (running.find(({ changesOnly }) => !changesOnly) ?? running[0]) as Audit
  const onChange = joined.has('change')
  const edit = addTrigger(audit, onChange ? SCHEDULE : PULL_REQUEST)
  const message = onChange
    ? `\`${audit.tool}\` audits ${named(place)} on changes only, so that a vulnerability that becomes known later is not seen. ${audit.changesOnly ? 'Add an audit that runs' : 'Let it run'} on a weekly \`schedule:\` too.`
    : `\`${audit.tool}\` audits ${named(place)} on a schedule only, so that a pull request can bring a known vulnerability in. Let it run on \`pull_request:\` too.`
  const edits = edit && {
    title: `Add \`${onChange ? 'schedule' : 'pull_request'}\` to ${audit.place.file.path}`,
    edits: [edit],
  }
  return { place, needsWorkflow: edits === null, state: 'half', message, at: audit.place, edits }
}

/** A trigger is added only where all that the workflow does is audit: anything else would run more often too. */
function addTrigger({ unit, conditions, place, changesOnly }: Audit, trigger: NewTrigger): TextEdit | null {
  const { workflow, caller, job } = unit
  if (!workflow || caller || changesOnly || conditions.length > 0 || workflow.file !== place.file) return null
  const others = workflow.jobs.filter(({ id }) => id !== job?.id)
  return others.length > 0 || workflow.triggers.some(({ name }) => name === trigger.name)
    ? null
    : triggerEdit(workflow, trigger)
}

function wrong(
  place: EcosystemPlace,
  covering: readonly Audit[],
  able: readonly Audit[],
  paths: readonly string[],
): PlaceVerdict {
  const [idle] = able
  if (idle) {
    const { caller } = idle.unit
    const events = (caller ? outermost(caller).workflow : idle.unit.workflow)?.triggers
      .map(({ name }) => `\`${name}\``)
      .join(', ')
    const message = `\`${idle.tool}\` audits ${named(place)}, but neither on a pull request or push that changes it nor on a schedule (the workflow runs on ${events || 'nothing'}). Let it run on \`pull_request:\` and a weekly \`schedule:\`.`
    return { place, needsWorkflow: true, state: 'wrong', message, at: idle.place, edits: null }
  }
  const [weak] = covering
  const why = weak ? harmless(weak) : null
  if (weak && why) {
    const runs = occasionsFor(weak, paths)
    const lacking = lackingTrigger(runs)
    const also = lacking
      ? ` Let it run ${lacking === SCHEDULE ? 'on a weekly `schedule:`' : 'on `pull_request:`'} too.`
      : ''
    const message = `\`${weak.tool}\` looks for vulnerabilities of ${named(place)}, but cannot fail the build: ${why.reason}. ${why.advice}${also}`
    const edits = runs.size === 0 ? null : wholeFix(weak, lacking)
    const title = `Let \`${weak.tool}\` fail the build${lacking ? `, on \`${lacking.name}\` too` : ''}`
    return {
      place,
      needsWorkflow: edits === null,
      state: 'wrong',
      message,
      at: weak.place,
      edits: edits && { title, edits },
    }
  }
  const tool = ADVICE[place.ecosystem] ?? 'a scanner such as osv-scanner'
  const message = `Nothing in CI looks for known vulnerabilities of ${named(place)}. Run ${tool} in a workflow on pull requests and on a weekly schedule.`
  return { place, needsWorkflow: true, state: 'wrong', message, at: null, edits: null }
}

/** The trigger that makes the occasions whole; null where none is missing, or none alone would do. */
function lackingTrigger(occasions: ReadonlySet<Occasion>): NewTrigger | null {
  if (occasions.size !== 1) return null
  return occasions.has('change') ? SCHEDULE : PULL_REQUEST
}

/** Teeth alone would leave half of it wrong where a trigger lacks too; then a workflow of its own mends both. */
function wholeFix(weak: Audit, lacking: NewTrigger | null): TextEdit[] | null {
  const teeth = teethEdits(weak)
  if (!teeth || !lacking) return teeth
  const trigger = addTrigger(weak, lacking)
  return trigger && [...teeth, trigger]
}
