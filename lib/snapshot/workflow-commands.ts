/** The commands of jobs and composite actions, with the environment and folder that their steps run in. */
import type { Unit } from './commands.ts'
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
  const called = new Set<string>()
  const reader: Reader = { repo, actions: new Map(actions.map(action => [folderOf(action.file.path), action])), called }
  const units = workflows.flatMap(workflow => workflow.jobs.map(job => jobUnit(reader, workflow, job)))
  // An action that nobody here calls is run by others; its own environment is all that is known.
  for (const action of actions) if (!called.has(action.file.path)) units.push(actionUnit(reader, action))
  return { units, unread: [...unread, ...unreadActions] }
}

type Reader = { repo: Snapshot; actions: Map<string, Action>; called: Set<string> }
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
}
/** Folders of the workspace that the job fills: from this repository (`own`) or from another. */
type Checkouts = { own: string | null; foreign: string[] }

/** Actions that run what an input says. */
const RUNS_INPUT: Readonly<Record<string, string>> = {
  'nick-fields/retry': 'command',
  'nick-invision/retry': 'command',
  'changesets/action': 'publish',
}

function jobUnit(reader: Reader, workflow: Workflow, job: Job): Unit {
  const unit: Unit = {
    kind: 'job',
    file: workflow.file,
    name: job.id,
    job,
    workflow,
    stage: null,
    actions: [],
    commands: [],
  }
  const defaults = [workflow.root, job.node].map(node => childOf(childOf(node, 'defaults'), 'run'))
  const env = new Map(
    [workflow.root, childOf(job.node, 'container'), job.node].flatMap(node => envOf(childOf(node, 'env'))),
  )
  const runsOn = textOf(childOf(job.node, 'runs-on')) ?? ''
  const shell =
    defaults.map(one => textOf(childOf(one, 'shell'))).findLast(one => one !== undefined) ??
    (/^windows/i.test(runsOn) ? 'pwsh' : '')
  const written = defaults.map(one => textOf(childOf(one, 'working-directory'))).findLast(one => one !== undefined)
  const cwd = written === undefined ? '' : inWorkspace(written, null)
  const around: Around = {
    file: workflow.file,
    unit,
    env,
    cwd,
    shell,
    fate: ignoredBy(job.node, 'job'),
    checkouts: { own: null, foreign: [] },
    depth: 0,
    actionFolder: null,
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
  }
  for (const step of action.steps) runStep(reader, around, step)
  return unit
}

function ignoredBy(node: YamlNode, what: string): true | string {
  if (textOf(childOf(node, 'continue-on-error')) === 'true') return `the ${what} has \`continue-on-error: true\``
  const condition = (textOf(childOf(node, 'if')) ?? '').replace(/^\$\{\{|\}\}$/g, '').trim()
  return condition === 'false' ? `the ${what} never runs (\`if: false\`)` : true
}

function envOf(node: YamlNode | undefined): [string, string][] {
  return node?.kind === 'map' ? node.entries.map(({ key, value }) => [key, textOf(value) ?? '']) : []
}

function runStep(reader: Reader, around: Around, step: Step): void {
  const own = ignoredBy(step.node, 'step')
  const inner: Around = {
    ...around,
    env: new Map([...around.env, ...envOf(childOf(step.node, 'env'))]),
    fate: around.fate === true ? own : around.fate,
  }
  const inputs = new Map(envOf(childOf(step.node, 'with')))
  if (step.uses !== undefined) {
    callAction(reader, around, inner, step.uses.trim(), inputs, step)
    return
  }
  const script = yamlScript(around.file, childOf(step.node, 'run'))
  if (script) runIn(reader, around, inner, script, step)
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
    place: { file: around.file, start: value?.start ?? step.node.start, end: value?.end ?? step.node.end },
    env: inner.env,
    canFail: inner.fate,
    step,
    unit,
  })
  if (name === 'actions/checkout') {
    const path = resolved('', inputs.get('path') ?? '') ?? ''
    if (inputs.has('repository') && !/github\.repository\b/.test(inputs.get('repository') ?? ''))
      checkouts.foreign.push(path)
    else checkouts.own = path
  }
  const input = Object.hasOwn(RUNS_INPUT, name) ? RUNS_INPUT[name] : undefined
  const script = input ? yamlScript(around.file, childOf(childOf(step.node, 'with'), input)) : undefined
  if (script) runIn(reader, around, inner, script, step)
}

function runIn({ repo }: Reader, around: Around, inner: Around, script: Script, step: Step): void {
  const shell = textOf(childOf(step.node, 'shell')) ?? around.shell
  if (/^(?:python|node|perl|ruby|deno|bun|rscript)/i.test(shell)) return
  const written = textOf(childOf(step.node, 'working-directory'))
  const cwd = written === undefined ? around.cwd : inWorkspace(written, around.actionFolder)
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

function inWorkspace(written: string, actionFolder: string | null): string | null {
  const action = /^\$\{\{\s*github\.action_path\s*\}\}\/?(.*)$/.exec(written)
  if (action) return actionFolder === null ? null : resolved(actionFolder, action[1] ?? '')
  const plain = written.replace(/^\$\{\{\s*github\.workspace\s*\}\}\/?/, '')
  return plain.includes('${{') || /^[/~$]/.test(plain) ? null : resolved('', plain)
}

/** A folder of the workspace as one of the repository; null where another repository, or none, lies there. */
function inRepository(cwd: string | null, { own, foreign }: Checkouts): string | null {
  if (cwd === null) return null
  const isIn = (folder: string) => folder === '' || cwd === folder || cwd.startsWith(`${folder}/`)
  const best = foreign.filter(isIn).sort((a, b) => b.length - a.length)[0]
  if (best !== undefined && best.length >= (own !== null && isIn(own) ? own.length : 0) && best !== own) return null
  if (own === null || own === '') return cwd
  return isIn(own) ? cwd.slice(own.length).replace(/^\//, '') : null
}
