/** Where what outsiders write reaches code: through expressions, environment, outputs of steps and jobs, matrix and inputs. */
import { type Command, commandsOf } from '../commands.ts'
import { holds } from '../condition.ts'
import { contextsInValue, type Expression, expressionsIn } from '../expression.ts'
import { jobRuns } from '../occasions.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { parseUses } from '../uses.ts'
import { type Action, actionsOf, type Job, type Step, type Workflow, workflowsOf } from '../workflow.ts'
import { folderOf, resolved } from '../workspaces.ts'
import { childOf, itemsOf, textOf, type YamlNode, type YamlScalar } from '../yaml.ts'
import { carriers, outsider } from './contexts.ts'
import { CODE_INPUTS, UNTRUSTED_OUTPUTS } from './sinks.ts'

/** `origin`: the context that the value comes from; the same as `context` where that is written itself. */
export type Tainted = { expression: Expression; context: string; origin: string }
/** A step's code, and the expressions in it that outsiders fill. `input`: null for `run:`. */
export type CodeStep = {
  file: SourceFile
  step: Step
  code: YamlScalar
  input: string | null
  job: Job | null
  tainted: Tainted[]
}

/** Context in small letters → where its value comes from. */
type Scope = ReadonlyMap<string, string>
type Around = {
  file: SourceFile
  workflow: Workflow | null
  job: Job | null
  events: readonly string[]
  conditions: readonly (string | undefined)[]
  depth: number
}

/** Each step of the repository that runs code of its own, once. */
export function codeSteps(repo: Snapshot): CodeStep[] {
  return new Walk(repo).steps()
}

class Walk {
  private readonly found = new Map<string, CodeStep>()
  private readonly byStep = new Map<YamlNode, Command[]>()
  private readonly actions: ReadonlyMap<string, Action>
  private readonly called = new Set<Action>()
  private readonly workflows: readonly Workflow[]
  private readonly handed = new Map<string, { scope: Scope; events: readonly string[] }[]>()

  constructor(repo: Snapshot) {
    this.workflows = workflowsOf(repo).workflows
    this.actions = new Map(actionsOf(repo).actions.map(action => [folderOf(action.file.path), action]))
    for (const command of commandsOf(repo).commands) {
      if (!command.step || !command.redirects.some(target => /GITHUB_(?:OUTPUT|ENV)/.test(target))) continue
      this.byStep.set(command.step.node, [...(this.byStep.get(command.step.node) ?? []), command])
    }
  }

  steps(): CodeStep[] {
    for (const workflow of this.workflows)
      this.workflow(
        workflow,
        new Map(),
        workflow.triggers.map(({ name }) => name),
      )
    // What callers hand over is known only now; a called workflow is one level deep.
    for (const workflow of this.workflows)
      for (const { scope, events } of this.handed.get(workflow.file.path) ?? []) this.workflow(workflow, scope, events)
    for (const action of this.actions.values())
      if (!this.called.has(action)) this.action(action, new Map(), alone(action))
    return [...this.found.values()]
  }

  private workflow(workflow: Workflow, given: Scope, events: readonly string[]): void {
    const scope = new Map(given)
    const around = { file: workflow.file, workflow, job: null, events, conditions: [], depth: 0 }
    this.envInto(scope, childOf(workflow.root, 'env'), around)
    for (const job of inOrder(workflow.jobs)) this.job(job, scope, { ...around, job })
  }

  private job(job: Job, outer: Map<string, string>, above: Around): void {
    const around = { ...above, conditions: [] }
    const scope = new Map(outer)
    const matrix = childOf(childOf(job.node, 'strategy'), 'matrix')
    this.matrixInto(scope, matrix, around)
    this.envInto(scope, childOf(job.node, 'env'), around)
    if (job.uses?.startsWith('./')) {
      const path = resolved('', job.uses) ?? ''
      const inputs = this.inputs(childOf(job.node, 'with'), scope, around)
      if (inputs.size > 0)
        this.handed.set(path, [...(this.handed.get(path) ?? []), { scope: inputs, events: around.events }])
    }
    for (const step of job.steps) this.step(step, scope, around)
    this.outputsInto(outer, `needs.${job.id.toLowerCase()}.outputs`, childOf(job.node, 'outputs'), scope, around)
  }

  private action(action: Action, given: Scope, around: Around): Map<string, string> {
    const scope = new Map(given)
    for (const step of action.steps) this.step(step, scope, around)
    const made = new Map<string, string>()
    const outputs = childOf(action.root, 'outputs')
    for (const { key, value } of outputs?.kind === 'map' ? outputs.entries : []) {
      const origin = this.originOf(textOf(childOf(value, 'value')), scope, around)
      if (origin !== null) made.set(key.toLowerCase(), origin)
    }
    return made
  }

  private step(step: Step, scope: Map<string, string>, above: Around): void {
    const around = { ...above, conditions: [...above.conditions, textOf(childOf(step.node, 'if'))] }
    const inner = new Map(scope)
    this.envInto(inner, childOf(step.node, 'env'), around)
    const name = nameOf(step)
    if (step.run !== undefined) this.code(step, childOf(step.node, 'run'), null, inner, around)
    for (const [action, inputs] of Object.entries(CODE_INPUTS))
      if (name === action) for (const input of inputs) this.codeInput(step, input, inner, around)
    const id = textOf(childOf(step.node, 'id'))?.toLowerCase()
    for (const [output, origin] of this.outputsOf(step, name, inner, around))
      if (id !== undefined) scope.set(`steps.${id}.outputs.${output}`, origin)
    for (const command of this.byStep.get(step.node) ?? []) this.writes(command, id, inner, scope, around)
  }

  private codeInput(step: Step, input: string, scope: Scope, around: Around): void {
    const inputs = childOf(step.node, 'with')
    const entry =
      inputs?.kind === 'map' ? inputs.entries.find(({ key }) => key.toLowerCase() === input.toLowerCase()) : undefined
    if (entry) this.code(step, entry.value, entry.key, scope, around)
  }

  private code(step: Step, code: YamlNode | undefined, input: string | null, scope: Scope, around: Around): void {
    if (code?.kind !== 'scalar') return
    const { file, job } = around
    const key = `${file.path}:${step.node.start}`
    const known = this.found.get(key) ?? { file, step, code, input, job, tainted: [] }
    const tainted = this.taintedIn(code.text, scope, around)
    if (tainted.length > known.tainted.length) this.found.set(key, { ...known, tainted })
    else this.found.set(key, known)
  }

  /** What a step's action hands on: known ones, local ones, and scripts that only return a text of the event. */
  private outputsOf(step: Step, name: string, scope: Scope, around: Around): Map<string, string> {
    const made = new Map<string, string>()
    const outputs = Object.hasOwn(UNTRUSTED_OUTPUTS, name) ? UNTRUSTED_OUTPUTS[name] : undefined
    // Which outputs there are nobody says here; the pattern stands for them.
    if (outputs) made.set(`~${outputs.source}`, `outputs of \`${name}\``)
    if (name === 'actions/github-script') {
      const script = textOf(childOf(childOf(step.node, 'with'), 'script')) ?? ''
      const text =
        /^\s*return\s+context\.payload\.((?:issue|pull_request|comment|review|discussion)\.(?:title|body))\s*;?\s*$/.exec(
          script,
        )?.[1]
      if (text !== undefined) made.set('result', `github.event.${text}`)
    }
    const local = step.uses?.startsWith('./') ? this.actions.get(resolved('', step.uses.trim()) ?? '') : undefined
    if (!local || around.depth > 4) return made
    this.called.add(local)
    const inputs = this.inputs(childOf(step.node, 'with'), scope, around)
    return this.action(local, new Map([...envOnly(scope), ...inputs]), {
      ...around,
      file: local.file,
      depth: around.depth + 1,
    })
  }

  /** `echo "name=$TITLE" >> $GITHUB_OUTPUT`, with nothing between that could clean it. */
  private writes(
    { argv, redirects }: Command,
    id: string | undefined,
    inner: Scope,
    scope: Map<string, string>,
    around: Around,
  ): void {
    const isEnv = redirects.some(target => target.includes('GITHUB_ENV'))
    for (const word of argv.slice(1)) {
      const [, name, value = ''] = /^\s*([A-Za-z_][\w-]*)=([\s\S]*)$/.exec(word) ?? []
      if (name === undefined || /\$\(|`/.test(value)) continue
      const variable = [...value.matchAll(/\$\{?([A-Za-z_]\w*)/g)]
        .map(([, one = '']) => inner.get(`env.${one.toLowerCase()}`))
        .find(Boolean)
      const origin = this.originOf(value, inner, around) ?? variable
      if (origin === undefined) continue
      if (isEnv) scope.set(`env.${name.toLowerCase()}`, origin)
      else if (id !== undefined) scope.set(`steps.${id}.outputs.${name.toLowerCase()}`, origin)
    }
  }

  private inputs(node: YamlNode | undefined, scope: Scope, around: Around): Map<string, string> {
    const made = new Map<string, string>()
    for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
      const origin = this.originOf(textOf(value), scope, around)
      if (origin !== null) made.set(`inputs.${key.toLowerCase()}`, origin)
    }
    return made
  }

  private envInto(scope: Map<string, string>, node: YamlNode | undefined, around: Around): void {
    for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
      const origin = this.originOf(textOf(value), scope, around)
      if (origin !== null) scope.set(`env.${key.toLowerCase()}`, origin)
      else scope.delete(`env.${key.toLowerCase()}`)
    }
  }

  private outputsInto(
    into: Map<string, string>,
    prefix: string,
    node: YamlNode | undefined,
    scope: Scope,
    around: Around,
  ): void {
    for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
      const origin = this.originOf(textOf(value), scope, around)
      if (origin !== null) into.set(`${prefix}.${key.toLowerCase()}`, origin)
    }
  }

  private matrixInto(scope: Map<string, string>, node: YamlNode | undefined, around: Around): void {
    const whole = this.originOf(textOf(node), scope, around)
    if (whole !== null) scope.set('matrix.*', whole)
    for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
      const texts = [value, ...itemsOf(value)].flatMap(item => textOf(item) ?? [])
      const origin = texts.map(text => this.originOf(text, scope, around)).find(one => one !== null)
      if (origin) scope.set(key === 'include' ? 'matrix.*' : `matrix.${key.toLowerCase()}`, origin)
    }
  }

  private originOf(text: string | undefined, scope: Scope, around: Around): string | null {
    return text === undefined ? null : (this.taintedIn(text, scope, around)[0]?.origin ?? null)
  }

  private taintedIn(text: string, scope: Scope, around: Around): Tainted[] {
    if (!text.includes('${{')) return []
    return expressionsIn(text).flatMap(expression => {
      const contexts = expression.tree ? contextsInValue(expression.tree) : []
      const whole = /^to_?json\s*\(/i.test(expression.source)
      for (const context of contexts) {
        const origin = /^github\b/.test(context) ? this.event(context, whole, around) : inScope(context, scope)
        if (origin !== null) return [{ expression, context, origin }]
      }
      return []
    })
  }

  /** The context itself where an outsider can fill it at a time when the step runs. An object comes out only as JSON. */
  private event(context: string, whole: boolean, { events, conditions, workflow, job }: Around): string | null {
    const isObject =
      /^github(?:\.event(?:\.(?:issue|pull_request(?:\.head)?|comment|review|discussion|commits))?)?$/.test(context)
    if (isObject && !whole) return null
    const at = carriers(context, events).filter(event => {
      const world = outsider(event)
      const starts = workflow === null || job === null || jobRuns(workflow, job, world)
      return starts && conditions.every(one => holds(one, world) !== false)
    })
    return at.length > 0 ? context : null
  }
}

/** Jobs after those that they need, so that outputs are known. */
function inOrder(jobs: readonly Job[]): Job[] {
  const done: Job[] = []
  let open = [...jobs]
  while (open.length > 0) {
    const ready = open.filter(job =>
      itemsOf(childOf(job.node, 'needs')).every(need => !open.some(({ id }) => id === textOf(need))),
    )
    const next = ready.length > 0 ? ready : open
    done.push(...next)
    open = open.filter(job => !next.includes(job))
  }
  return done
}

function alone({ file }: Action): Around {
  return { file, workflow: null, job: null, events: ['any'], conditions: [], depth: 1 }
}

function envOnly(scope: Scope): [string, string][] {
  return [...scope].filter(([path]) => path.startsWith('env.'))
}

function inScope(context: string, scope: Scope): string | null {
  const known = scope.get(context)
  if (known !== undefined) return known
  const [, base, last = ''] = /^(.*)\.([^.]+)$/.exec(context) ?? []
  if (context.startsWith('matrix.') && scope.has('matrix.*')) return scope.get('matrix.*') ?? null
  for (const [path, origin] of scope) {
    if (path.startsWith(`${base}.~`) && new RegExp(path.slice(`${base}.~`.length)).test(last)) return origin
    if (path.startsWith('matrix.') && context.startsWith(`${path}.`)) return origin
  }
  return null
}

/** `owner/repo/path` of the action that a step calls, in small letters. */
export function nameOf({ uses }: Step): string {
  const parsed = parseUses(uses?.trim() ?? '')
  if (parsed.kind !== 'action') return ''
  return [parsed.owner, parsed.repo, ...(parsed.path ? [parsed.path] : [])].join('/').toLowerCase()
}
