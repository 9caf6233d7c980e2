/** The commands of jobs and composite actions, with the environment and folder that their steps run in. */
import { type Checkouts, inRepository, inWorkspace } from './checkouts.ts'
import type { Caller, Unit } from './commands.ts'
import { filled, holds, type World } from './condition.ts'
import type { Place } from './lines.ts'
import { enterRepository, type Run, runScript } from './run-script.ts'
import { type Script, yamlScript } from './shell/script.ts'
import type { Snapshot, SourceFile, Unread } from './snapshot.ts'
import { parseUses } from './uses.ts'
import { type Action, actionsOf, type Job, type Step, type Workflow, workflowsOf } from './workflow.ts'
import { folderOf, resolved } from './workspaces.ts'
import { childOf, textOf, type YamlNode } from './yaml.ts'

export function workflowUnits(repo: Snapshot): { units: Unit[]; unread: Unread[] } {
  const { workflows, unread } = workflowsOf(repo)
  const { actions, unread: unreadActions } = actionsOf(repo)
  const { called, ...reader } = readerOf(repo, actions)
  const units = workflows.flatMap(workflow => workflow.jobs.map(job => jobUnit({ ...reader, called }, workflow, job)))
  // An action that nobody here calls is run by others; its own environment is all that is known.
  for (const action of actions) if (!called.has(action.file.path)) units.push(actionUnit({ ...reader, called }, action))
  return { units, unread: [...unread, ...unreadActions] }
}

type Reader = { repo: Snapshot; actions: Map<string, Action>; called: Set<string> }

export function readerOf(repo: Snapshot, actions = actionsOf(repo).actions): Reader {
  return { repo, actions: new Map(actions.map(action => [folderOf(action.file.path), action])), called: new Set() }
}

/**
 * What is known beforehand where a workflow or action is read for one that calls it, or for one turn of a matrix.
 * `shownAt`: the place that stands for everything inside, where the file is of another repository.
 */
export type Given = { world: World; caller: Caller | null; shownAt: Place | null }

const NOTHING_GIVEN: Given = { world: () => 'unknown', caller: null, shownAt: null }
type Around = {
  file: SourceFile
  unit: Unit
  env: Map<string, string>
  cwd: string | null
  shell: string
  fate: true | string
  checkouts: Checkouts
  depth: number
  actionFolder: string | null
  conditions: readonly string[]
  given: Given
}

/** Actions that run what an input says. */
const RUNS_INPUT: Readonly<Record<string, string>> = {
  'nick-fields/retry': 'command',
  'nick-invision/retry': 'command',
  'changesets/action': 'publish',
}

export function jobUnit(reader: Reader, workflow: Workflow, job: Job, given = NOTHING_GIVEN): Unit {
  const unit: Unit = {
    kind: 'job',
    file: workflow.file,
    name: job.id,
    job,
    workflow,
    stage: null,
    actions: [],
    commands: [],
    unread: [],
    ...(given.caller ? { caller: given.caller } : {}),
  }
  const defaults = [workflow.root, job.node].map(node => childOf(childOf(node, 'defaults'), 'run'))
  const env = new Map(
    [workflow.root, childOf(job.node, 'container'), job.node].flatMap(node => envOf(childOf(node, 'env'), given)),
  )
  const runsOn = textOf(childOf(job.node, 'runs-on')) ?? ''
  const shell =
    defaults.map(one => textOf(childOf(one, 'shell'))).findLast(one => one !== undefined) ??
    (/^windows/i.test(runsOn) ? 'pwsh' : '')
  const written = defaults.map(one => textOf(childOf(one, 'working-directory'))).findLast(one => one !== undefined)
  const cwd = written === undefined ? '' : inWorkspace(filledBy(written, given), null)
  const around: Around = {
    file: workflow.file,
    unit,
    env,
    cwd,
    shell,
    fate: ignoredBy(job.node, 'job', given),
    checkouts: { own: null, foreign: [] },
    depth: 0,
    actionFolder: null,
    conditions: [],
    given,
  }
  for (const step of job.steps) runStep(reader, around, step)
  return unit
}

function actionUnit(reader: Reader, action: Action): Unit {
  const unit: Unit = {
    kind: 'action',
    file: action.file,
    name: folderOf(action.file.path),
    job: null,
    workflow: null,
    stage: null,
    actions: [],
    commands: [],
    unread: [],
  }
  const around: Around = {
    file: action.file,
    unit,
    env: new Map(),
    cwd: null,
    shell: '',
    fate: true,
    checkouts: { own: null, foreign: [] },
    depth: 1,
    actionFolder: folderOf(action.file.path),
    conditions: [],
    given: NOTHING_GIVEN,
  }
  for (const step of action.steps) runStep(reader, around, step)
  return unit
}

/** The steps of an action of another repository, as they run for the step that calls it. */
export function actionSteps(
  reader: Reader,
  unit: Unit,
  action: Action,
  from: Pick<Around, 'env' | 'fate'>,
  given: Given,
): void {
  const around: Around = {
    ...from,
    file: action.file,
    unit,
    cwd: '',
    shell: '',
    checkouts: { own: null, foreign: [] },
    depth: 1,
    actionFolder: null,
    conditions: given.caller?.conditions ?? [],
    given,
  }
  for (const step of action.steps) runStep(reader, around, step)
}

function ignoredBy(node: YamlNode, what: string, { world }: Given): true | string {
  const ignores = textOf(childOf(node, 'continue-on-error'))
  if (ignores !== undefined && holds(ignores, world) === true)
    return `the ${what} has \`continue-on-error: ${ignores}\``
  const condition = textOf(childOf(node, 'if'))
  return holds(condition, world) === false ? `the ${what} never runs (\`if: ${condition}\`)` : true
}

function filledBy(text: string, { world }: Given): string {
  return filled(text, world)
}

function envOf(node: YamlNode | undefined, given: Given): [string, string][] {
  return node?.kind === 'map' ? node.entries.map(({ key, value }) => [key, filledBy(textOf(value) ?? '', given)]) : []
}

function runStep(reader: Reader, around: Around, step: Step): void {
  const { given } = around
  const own = ignoredBy(step.node, 'step', given)
  const condition = textOf(childOf(step.node, 'if'))
  const inner: Around = {
    ...around,
    env: new Map([...around.env, ...envOf(childOf(step.node, 'env'), given)]),
    fate: around.fate === true ? own : around.fate,
    conditions: condition === undefined ? around.conditions : [...around.conditions, condition],
  }
  const inputs = new Map(envOf(childOf(step.node, 'with'), given))
  if (step.uses !== undefined) {
    callAction(reader, around, inner, step.uses.trim(), inputs, step)
    return
  }
  const script = scriptOf(around, childOf(step.node, 'run'))
  if (script) runIn(reader, around, inner, script, step)
}

function scriptOf({ file, given }: Around, node: YamlNode | undefined): Script | undefined {
  const script = yamlScript(file, node)
  if (!script) return undefined
  const text = filledBy(script.text, given)
  // What was filled in moves everything behind it.
  const placed = text === script.text ? script : { ...script, text, at: () => null }
  return given.shownAt ? { ...placed, file: given.shownAt.file, whole: given.shownAt, at: () => null } : placed
}

function callAction(
  reader: Reader,
  around: Around,
  inner: Around,
  uses: string,
  inputs: Map<string, string>,
  step: Step,
): void {
  const parsed = parseUses(uses)
  const { unit, checkouts } = around
  if (parsed.kind === 'local') {
    const action = reader.actions.get(resolved('', parsed.path.replace(/^\$\//, './')) ?? '')
    if (!action || around.depth > 4) return
    reader.called.add(action.file.path)
    const folder = folderOf(action.file.path)
    // A composite action's steps start in the workspace, whatever the job's defaults say.
    const within: Around = {
      ...inner,
      given: NOTHING_GIVEN,
      file: action.file,
      cwd: '',
      shell: '',
      depth: around.depth + 1,
      actionFolder: folder,
    }
    for (const one of action.steps) runStep(reader, within, one)
    return
  }
  if (parsed.kind !== 'action') return
  const name = [parsed.owner, parsed.repo, ...(parsed.path ? [parsed.path] : [])].join('/').toLowerCase()
  const value = childOf(step.node, 'uses')
  unit.actions.push({
    name,
    ref: parsed.ref,
    inputs,
    order: unit.commands.length + unit.actions.length,
    place: around.given.shownAt ?? {
      file: around.file,
      start: value?.start ?? step.node.start,
      end: value?.end ?? step.node.end,
    },
    env: inner.env,
    canFail: inner.fate,
    step,
    conditions: inner.conditions,
    cwd: inRepository('', checkouts),
    unit,
  })
  if (name === 'actions/checkout') {
    const path = resolved('', inputs.get('path') ?? '') ?? ''
    if (inputs.has('repository') && !/github\.repository\b/.test(inputs.get('repository') ?? ''))
      checkouts.foreign.push(path)
    else checkouts.own = path
  }
  const input = Object.hasOwn(RUNS_INPUT, name) ? RUNS_INPUT[name] : undefined
  const script = input ? scriptOf(around, childOf(childOf(step.node, 'with'), input)) : undefined
  if (script) runIn(reader, around, inner, script, step)
}

function runIn({ repo }: Reader, around: Around, inner: Around, script: Script, step: Step): void {
  const shell = textOf(childOf(step.node, 'shell')) ?? around.shell
  if (/^(?:python|node|perl|ruby|deno|bun|rscript)/i.test(shell)) return
  const written = textOf(childOf(step.node, 'working-directory'))
  const cwd = written === undefined ? around.cwd : inWorkspace(filledBy(written, around.given), around.actionFolder)
  const { unit, checkouts } = around
  // GitHub runs `bash -e`, and with `shell: bash` also with pipefail.
  const errexit =
    shell === '' || /^(?:bash|sh)$/.test(shell) || /\s-\w*e/.test(shell) || /^(?:pwsh|powershell)$/.test(shell)
  const pipefail = shell === 'bash' || shell.includes('pipefail')
  const folder = (path: string | null) => inRepository(path, checkouts)
  const run: Run = {
    repo,
    unit,
    env: inner.env,
    cwd,
    errexit,
    pipefail,
    enter: enterRepository(null),
    folder,
    taken: null,
    fate: inner.fate,
    step,
    conditions: inner.conditions,
    called: [],
  }
  const first = unit.commands.length
  runScript(run, script)
  for (const command of unit.commands.slice(first)) {
    if (!command.redirects.some(target => target.includes('GITHUB_ENV'))) continue
    for (const [, name = '', value = ''] of command.argv
      .slice(1)
      .join('\n')
      .matchAll(/^\s*([A-Za-z_]\w*)=(.*)$/gm))
      around.env.set(name, value)
  }
}
