/** When a step of a workflow runs: for a change (a pull request or a push to a branch), on a schedule, or neither. */
import type { Caller, Unit } from './commands.ts'
import { asksForStatus, holds, type Known, type World } from './condition.ts'
import { pathFilterTakes } from './path-filter.ts'
import type { Job, Trigger, Workflow } from './workflow.ts'
import { childOf, itemsOf, textOf, valuesOf } from './yaml.ts'

export type Occasion = 'change' | 'schedule'

/** What a command or called action tells of when it runs. */
type Conditional = { unit: Unit; conditions: readonly string[] }

/** `paths`: a change to none of them would not need the step; empty where any change does. */
export function occasionsOf({ unit, conditions }: Conditional, paths: readonly string[]): Set<Occasion> {
  const found = new Set<Occasion>()
  const { workflow, job, caller } = unit
  if (!workflow || !job) return found
  for (const trigger of (caller ? outermost(caller) : { workflow }).workflow.triggers) {
    const occasion = occasionOf(trigger, paths)
    if (occasion === null || found.has(occasion)) continue
    const world = worldOf(trigger)
    if (caller && !callerRuns(caller, world)) continue
    const inside: World = path => (caller && path.startsWith('inputs.') ? caller.inputs(path) : world(path))
    if (jobRuns(workflow, job, inside) && conditions.every(one => holds(one, inside) !== false)) found.add(occasion)
  }
  return found
}

/** The caller whose own triggers start it all. */
export function outermost(caller: Caller): Caller {
  return caller.outer ? outermost(caller.outer) : caller
}

function callerRuns({ workflow, job, conditions, outer }: Caller, world: World): boolean {
  if (outer && !callerRuns(outer, world)) return false
  const inside: World = path => (outer && path.startsWith('inputs.') ? outer.inputs(path) : world(path))
  return jobRuns(workflow, job, inside) && conditions.every(one => holds(one, inside) !== false)
}

/** A job runs where its condition may hold and, unless it asks for it, no job that it needs is skipped. */
export function jobRuns(
  { jobs }: Pick<Workflow, 'jobs'>,
  job: Job,
  world: World,
  seen: readonly string[] = [],
): boolean {
  const condition = textOf(childOf(job.node, 'if'))
  if (holds(condition, world) === false) return false
  if (asksForStatus(condition)) return true
  return itemsOf(childOf(job.node, 'needs')).every(item => {
    const needed = jobs.find(({ id }) => id === textOf(item))
    return !needed || seen.includes(needed.id) || jobRuns({ jobs }, needed, world, [...seen, job.id])
  })
}

const CHANGES = /^(?:pull_request|pull_request_target|merge_group|push)$/
/** What a pull request does by default, and what brings new commits into review. */
const ACTIVITIES = ['opened', 'synchronize', 'reopened', 'ready_for_review']

function occasionOf({ name, node }: Trigger, paths: readonly string[]): Occasion | null {
  if (name === 'schedule') return itemsOf(node).some(one => childOf(one, 'cron')) ? 'schedule' : null
  if (!CHANGES.test(name) || !pathFilterTakes(node, paths)) return null
  const types = textsOf(node, 'types')
  if (name.startsWith('pull_request') && types.length > 0 && !types.some(type => ACTIVITIES.includes(type))) return null
  const has = (key: string) => valuesOf(node, key).length > 0
  const onlyTags = (has('tags') || has('tags-ignore')) && !has('branches') && !has('branches-ignore')
  return name === 'push' && onlyTags ? null : 'change'
}

function textsOf(node: Trigger['node'], key: string): string[] {
  return itemsOf(childOf(node, key)).flatMap(item => textOf(item) ?? [])
}

const NONE: Known = { oneOf: [null] }

function worldOf({ name, node }: Trigger): World {
  const isPull = name.startsWith('pull_request')
  const types = textsOf(node, 'types')
  const crons = itemsOf(node).flatMap(one => textOf(childOf(one, 'cron')) ?? [])
  return path => {
    if (path === 'github.event_name') return { oneOf: [name] }
    if (path === 'github.ref') return { prefix: name === 'pull_request' ? 'refs/pull/' : 'refs/heads/' }
    if (path === 'github.ref_type') return { oneOf: ['branch'] }
    if (path === 'github.event.schedule') return name === 'schedule' ? { oneOf: crons } : NONE
    if (path === 'github.event.action')
      return isPull ? { oneOf: types.length > 0 ? types : ACTIVITIES.slice(0, 3) } : NONE
    if (path === 'github.event.pull_request.merged' && isPull) return { oneOf: [false] }
    if (path === 'github.event.pull_request.draft' && isPull) return { oneOf: [false] }
    if (/^github\.(?:head_ref|base_ref)$/.test(path) && !isPull) return { oneOf: [''] }
    if (/^github\.event\.(?:pull_request|number)\b/.test(path) && !isPull) return NONE
    return /^(?:github\.event\.)?inputs\b/.test(path) ? NONE : 'unknown'
  }
}
