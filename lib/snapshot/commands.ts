/**
 * Every command that CI or an image build of the repository runs, as one stream: from workflows, composite actions and
 * Dockerfiles, and from the scripts, package.json scripts and Makefile targets that those call.
 */

import type { World } from './condition.ts'
import type { Taken } from './dockerfile/context.ts'
import type { DockerStage } from './dockerfile/read.ts'
import { imageUnits } from './dockerfile/unit.ts'
import type { Place } from './lines.ts'
import type { Word } from './shell/words.ts'
import type { Snapshot, SourceFile, Unread } from './snapshot.ts'
import type { Job, Step, Workflow } from './workflow.ts'
import { workflowUnits } from './workflow-commands.ts'

/**
 * An action that a job calls, `owner/repo/path` in small letters. What came before it in the job has a smaller `order`.
 * `place`: its `uses:` as written. `env`: in force for the step. `canFail` and `step` as of a command.
 */
export type CalledAction = {
  name: string
  ref: string | null
  inputs: ReadonlyMap<string, string>
  order: number
  place: Place
  env: ReadonlyMap<string, string>
  canFail: true | string
  step: Step
  conditions: readonly string[]
  cwd: string | null
  unit: Unit
}

/** Who of this repository calls what a unit is of, where it says so, and what it hands over. */
export type Caller = {
  workflow: Workflow
  job: Job
  place: Place
  /** What it hands over, as the conditions inside ask for it. */
  inputs: World
  conditions: readonly string[]
  /** Who calls the workflow of the caller in its turn. */
  outer?: Caller
}

/** What shares one machine, in order: a job, a stage of an image with the stages below it, an action that nobody here calls. */
export type Unit = {
  kind: 'job' | 'stage' | 'action'
  file: SourceFile
  name: string
  job: Job | null
  workflow: Workflow | null
  stage: DockerStage | null
  actions: CalledAction[]
  commands: Command[]
  /** Scripts of which commands may be missing. */
  unread: Unread[]
  /** Only of units that `calledUnits` makes. */
  caller?: Caller
}

/** `place` and the words' offsets are of the file; `exact` false where only the piece around it can be shown. */
export type Command = {
  argv: readonly string[]
  words: readonly Word[]
  env: ReadonlyMap<string, string>
  /** The folder of the repository that it works in; null where that cannot be told. */
  cwd: string | null
  place: Place
  exact: boolean
  /** True, or why a failure of it goes unseen. */
  canFail: true | string
  into: readonly (readonly string[])[]
  redirects: readonly string[]
  /** The same for all commands of one script. */
  script: Place
  /** The step of the workflow or composite action that runs it; null in an image build. */
  step: Step | null
  /** The `if:` of the step and of the steps that call the actions around it. */
  conditions: readonly string[]
  unit: Unit
  order: number
  /** What an image build has taken in from the repository by now; null outside of one. */
  taken: readonly Taken[] | null
}

/** What a job does, one after the other. */
export type Call = Command | CalledAction

export type Commands = { units: readonly Unit[]; commands: readonly Command[]; unread: readonly Unread[] }

// Several checks ask for it, and a snapshot never changes.
const known = new WeakMap<Snapshot, Commands>()

export function commandsOf(repo: Snapshot): Commands {
  const found = known.get(repo)
  if (found) return found
  const { units: fromWorkflows, unread } = workflowUnits(repo)
  const units = [...fromWorkflows, ...imageUnits(repo)]
  const made: Commands = {
    units,
    commands: units.flatMap(unit => unit.commands),
    unread: [...unread, ...units.flatMap(unit => unit.unread)],
  }
  known.set(repo, made)
  return made
}

/** Asks once for each unit what is needed of every step of it: a hostile job has thousands. */
export function onceForUnit<T>(make: (unit: Unit, repo: Snapshot) => T): (unit: Unit, repo: Snapshot) => T {
  const made = new WeakMap<Unit, { value: T }>()
  return (unit, repo) => {
    const found = made.get(unit) ?? { value: make(unit, repo) }
    made.set(unit, found)
    return found.value
  }
}

// Units do not change once the stream is made.
const inOrder = new WeakMap<Unit, readonly Call[]>()

/** The commands and actions of a unit, in order. */
export function callsOf(unit: Unit): readonly Call[] {
  const found = inOrder.get(unit)
  if (found) return found
  const made = [...unit.commands, ...unit.actions].sort((a, b) => a.order - b.order)
  inOrder.set(unit, made)
  return made
}

export function isCommand(call: Call): call is Command {
  return 'argv' in call
}

/** The file in which the step of a call stands: what a script of another file runs is called from there too. */
export function fileOfStep({ step, unit, place }: Call): SourceFile | null {
  if (step === null) return null
  if (unit.job?.steps.includes(step)) return unit.file
  return /(?:^|\/)action\.ya?ml$/.test(place.file.path) ? place.file : null
}

/**
 * The commands of one kind that ran before in the same unit. Which are of the kind is asked once of each: a hostile job
 * has thousands that each look back.
 */
export function beforeOf(isOfKind: (command: Command) => boolean): (command: Command) => Command[] {
  const ofUnit = new WeakMap<Unit, readonly Command[]>()
  return ({ unit, order: until }) => {
    const found = ofUnit.get(unit) ?? unit.commands.filter(isOfKind)
    ofUnit.set(unit, found)
    return found.filter(({ order }) => order < until)
  }
}
