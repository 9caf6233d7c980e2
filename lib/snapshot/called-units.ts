/**
 * What jobs here run that is written elsewhere, once for each call and with its inputs: reusable workflows of this
 * repository, as deep as GitHub lets them call each other, and reusable workflows and actions of other repositories of
 * the organisation, one level deep.
 */
import { type Caller, commandsOf, type Unit } from './commands.ts'
import type { Known, World } from './condition.ts'
import type { Place } from './lines.ts'
import type { Snapshot, SourceFile } from './snapshot.ts'
import { type ParsedUses, parseUses } from './uses.ts'
import { type Action, type Job, readAction, readWorkflow, type Workflow, workflowsOf } from './workflow.ts'
import { actionSteps, type Given, jobUnit, readerOf } from './workflow-commands.ts'
import { resolved } from './workspaces.ts'
import { childOf, entryOf, textOf, type YamlNode } from './yaml.ts'

/** `missing`: calls into the organisation whose files are not known, by what they are written as. */
export type CalledUnits = { units: readonly Unit[]; missing: readonly { caller: Caller; uses: string }[] }

type Foreign = Extract<ParsedUses, { kind: 'action' }>

/**
 * Places are of this repository: for a file of another one, the `uses:` that calls it stands for all that is in it.
 * `isWanted`: asked of a job of this repository as it stands by itself, so that the others are not read again for each call.
 */
export function calledUnits(repo: Snapshot, isWanted: (unit: Unit) => boolean): CalledUnits {
  const made: Made = { units: [], missing: [], isWanted, calls: 0 }
  for (const workflow of workflowsOf(repo).workflows)
    for (const job of workflow.jobs)
      if (job.uses !== undefined) callWorkflow(repo, workflow, job, job.uses.trim(), made)
  for (const unit of commandsOf(repo).units) callActions(repo, unit, made)
  return { units: made.units, missing: made.missing }
}

/** Workflows of this repository that call each other before it is enough; GitHub allows as many. */
const DEEPEST = 10
/** Calls that are followed in all; workflows that all call each other would be as many as there are ways through them. */
const MOST_CALLS = 500

type Made = {
  units: Unit[]
  missing: { caller: Caller; uses: string }[]
  isWanted: (unit: Unit) => boolean
  calls: number
}

function callWorkflow(
  repo: Snapshot,
  workflow: Workflow,
  job: Job,
  uses: string,
  made: Made,
  outer: readonly Caller[] = [],
): void {
  const parsed = parseUses(uses)
  const place = placeOf(workflow.file, job.node)
  const handed = textsOf(childOf(job.node, 'with'))
  const around = outer.at(-1)
  const caller: Caller = {
    workflow,
    job,
    place,
    inputs: () => 'unknown',
    conditions: [],
    ...(around ? { outer: around } : {}),
  }
  const isForeign = parsed.kind === 'action' && (isOfOrg(repo, parsed) || mayBeOfOrg(repo, parsed))
  const file =
    parsed.kind === 'local'
      ? repo.files.get(resolved('', parsed.path.slice(2)) ?? '')
      : isForeign
        ? foreignFile(repo, parsed, [parsed.path ?? ''])
        : undefined
  if (!file || made.calls++ >= MOST_CALLS) {
    if (isForeign || file) made.missing.push({ caller, uses })
    return
  }
  const called = readWorkflow(file)
  if (called === null || 'reason' in called) return
  const trigger = called.triggers.find(({ name }) => name === 'workflow_call')
  const declared = childOf(trigger?.node, 'inputs')
  const inputs = worldOf(inputsOf(declared, handed), declared, around?.inputs)
  const isOwn = repo.files.get(file.path) === file
  const calling: Caller = { ...caller, inputs }
  const given: Given = { world: inputs, caller: calling, shownAt: isOwn ? null : place }
  for (const inner of called.jobs) {
    if (isOwn && inner.uses !== undefined && outer.length < DEEPEST && !outer.some(one => one.job.node === inner.node))
      callWorkflow(repo, called, inner, inner.uses.trim(), made, [...outer, calling])
    const own = commandsOf(repo).units.find(({ file: at, job: one }) => at === file && one?.id === inner.id)
    if (!own || made.isWanted(own)) made.units.push(jobUnit(readerOf(repo), called, inner, given))
  }
}

function callActions(repo: Snapshot, unit: Unit, made: Made): void {
  const { workflow, job } = unit
  if (!workflow || !job) return
  for (const { step, inputs: handed, env, canFail, conditions, place } of unit.actions) {
    const uses = step.uses?.trim() ?? ''
    const parsed = parseUses(uses)
    if (parsed.kind !== 'action' || !isOfOrg(repo, parsed)) continue
    const caller: Caller = { workflow, job, place, inputs: () => 'unknown', conditions }
    const below = parsed.path === null ? '' : `${parsed.path}/`
    const file = foreignFile(repo, parsed, [`${below}action.yml`, `${below}action.yaml`])
    const action = file ? readAction(file) : null
    if (!file) made.missing.push({ caller, uses })
    if (!action || 'reason' in action) continue
    const inputs = worldOf(inputsOf(childOf(action.root, 'inputs'), handed))
    const inner: Unit = {
      ...unit,
      kind: 'action',
      name: uses,
      actions: [],
      commands: [],
      unread: [],
      caller: { ...caller, inputs },
    }
    const given: Given = { world: inputs, caller: inner.caller ?? null, shownAt: place }
    actionSteps(readerOf(repo), inner, action as Action, { env: new Map(env), fate: canFail }, given)
    made.units.push(inner)
  }
}

function isOfOrg(repo: Snapshot, { owner }: Foreign): boolean {
  const [own, name] = repo.repository.split('/')
  return name !== undefined && own?.toLowerCase() === owner.toLowerCase()
}

/** Of a folder whose owner is not known, a reusable workflow may be the organisation's own: one whose name says that it audits counts. */
function mayBeOfOrg(repo: Snapshot, { owner, repo: name, path }: Foreign): boolean {
  if (repo.repository.includes('/') || /^(?:google|slsa-framework|actions|github)$/i.test(owner)) return false
  return /audit|secur|scan|vuln|snyk|trivy|grype|osv|depend|deps/i.test(`${name}/${path}`)
}

const foreign = new WeakMap<Snapshot, Map<string, SourceFile>>()

function foreignFile(repo: Snapshot, { owner, repo: name }: Foreign, paths: readonly string[]): SourceFile | undefined {
  if (`${owner}/${name}`.toLowerCase() === repo.repository.toLowerCase()) {
    const own = paths.map(path => repo.files.get(path)).find(file => file !== undefined)
    if (own) return own
  }
  const files = foreign.get(repo) ?? new Map<string, SourceFile>()
  foreign.set(repo, files)
  for (const path of paths.map(one => `${owner}/${name}/${one}`)) {
    const text = repo.called.get(path)
    if (text === undefined) continue
    const file = files.get(path) ?? { path, mode: '100644' as const, oid: '', text }
    files.set(path, file)
    return file
  }
  return undefined
}

function placeOf(file: SourceFile, node: YamlNode): Place {
  const value = entryOf(node, 'uses')?.value ?? node
  return { file, start: value.start, end: value.end }
}

function textsOf(node: YamlNode | undefined): Map<string, string> {
  return new Map(node?.kind === 'map' ? node.entries.map(({ key, value }) => [key, textOf(value) ?? '']) : [])
}

/** What is handed over, and the default of each input that is not; one without either is empty. */
function inputsOf(declared: YamlNode | undefined, handed: ReadonlyMap<string, string>): Map<string, string> {
  const inputs = new Map<string, string>()
  for (const { key, value } of declared?.kind === 'map' ? declared.entries : [])
    inputs.set(key, textOf(childOf(value, 'default')) ?? '')
  return new Map([...inputs, ...handed])
}

/** Inputs are texts, but for those that a workflow declares as boolean. */
function worldOf(inputs: ReadonlyMap<string, string>, declared?: YamlNode, outer: World = () => 'unknown'): World {
  const byPath = new Map<string, Known>()
  for (const [name, text] of inputs) {
    const value = textOf(childOf(childOf(declared, name), 'type')) === 'boolean' ? text === 'true' : text
    const passedOn = /^\$\{\{\s*(inputs\.[\w-]+)\s*\}\}$/.exec(text)?.[1]?.toLowerCase()
    const isTold = !text.includes('${{')
    byPath.set(
      `inputs.${name.toLowerCase()}`,
      isTold ? { oneOf: [value] } : passedOn === undefined ? 'unknown' : outer(passedOn),
    )
  }
  return path => byPath.get(path) ?? 'unknown'
}
