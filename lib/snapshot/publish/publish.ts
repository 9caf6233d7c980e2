/**
 * The steps of workflows that put a package, an image or a release file where others take it from. What pull requests
 * alone run, what never runs, and what goes to a registry of the job itself is no publishing.
 */
import { type Call, callsOf, commandsOf, isCommand, onceForUnit, type Unit } from '../commands.ts'
import { shown } from '../install/verdict.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Step } from '../workflow.ts'
import { childOf, itemsOf, textOf } from '../yaml.ts'
import { putsOfAction } from './by-action.ts'
import { putsOfCommand } from './by-command.ts'
import type { Destination } from './destination.ts'

/**
 * `to` and `host` (the registry as far as it is told, null for the tool's own) of one thing that the call puts; a call
 * that puts several makes several. `by`: the call as people write it.
 */
export type PublishStep = { to: Destination; host: string | null; by: string; call: Call; unit: Unit }

const known = new WeakMap<Snapshot, readonly PublishStep[]>()

/** In the order of the workflows, their jobs and steps. Actions that nobody here calls and image builds are not asked. */
export function publishStepsOf(repo: Snapshot): readonly PublishStep[] {
  const found = known.get(repo)
  if (found) return found
  const { units } = commandsOf(repo)
  const made = units.filter(unit => givesOut(unit)).flatMap(unit => stepsOf(repo, unit))
  known.set(repo, made)
  return made
}

/**
 * One verdict for each place, though several jobs may reach it: the first with a finding, else the first. `judge` gives
 * none where nothing can be told.
 */
export function verdictsByPlace<F>(steps: readonly PublishStep[], judge: (step: PublishStep) => F[] | null): F[][] {
  const places = Map.groupBy(steps, ({ call: { place }, to }) => `${place.file.path}:${place.start}:${to}`)
  return [...places.values()].flatMap(same => {
    const verdicts = same.flatMap(step => {
      const verdict = judge(step)
      return verdict ? [verdict] : []
    })
    const told = verdicts.find(verdict => verdict.length > 0) ?? verdicts[0]
    return told ? [told] : []
  })
}

/** Whether a job puts a package, an image or a release file where others take it from. */
export function publishes(repo: Snapshot, unit: Unit): boolean {
  return publishStepsOf(repo).some(step => step.unit === unit)
}

function stepsOf(repo: Snapshot, unit: Unit): PublishStep[] {
  const seen = new Map<Step | null, Set<Destination>>()
  return callsOf(unit).flatMap(call => {
    if (neverRuns(call)) return []
    const puts = isCommand(call) ? putsOfCommand(repo, call) : putsOfAction(repo, call)
    return puts.flatMap(({ to, host }) => {
      // Where only a run can tell the registry, the job's own is the likely one.
      if (/^(?:container|oci)$/.test(to) && host?.includes('$') && hasOwnCluster(unit, repo)) return []
      // A step that pushes several tags, or publishes a package after the other, is one.
      const put = seen.get(call.step) ?? new Set()
      if (put.has(to)) return []
      seen.set(call.step, put.add(to))
      return [{ to, host, by: nameOf(call), call, unit }]
    })
  })
}

export function nameOf(call: Call): string {
  return isCommand(call) ? shown(call) : call.name
}

/** False for what pull requests alone run; only those that are closed (merged) release or deploy something. */
export function givesOut({ kind, workflow, job }: Unit): boolean {
  if (kind !== 'job') return false
  const triggers = workflow?.triggers ?? []
  const onlyChanges = triggers.every(({ name, node }) => {
    const types = itemsOf(childOf(node, 'types')).map(textOf)
    return name === 'merge_group' || (/^pull_request(?:_target)?$/.test(name) && !types.includes('closed'))
  })
  return !(triggers.length > 0 && onlyChanges) && !isForChanges(job?.node)
}

export function neverRuns({ canFail, step }: Call): boolean {
  return (canFail !== true && canFail.includes('never runs')) || isForChanges(step?.node)
}

/** True where the `if:` lets only pull requests pass. */
function isForChanges(node: Parameters<typeof childOf>[0]): boolean {
  const condition = textOf(childOf(node, 'if')) ?? ''
  return /github\.event_name\s*==\s*'pull_request(?:_target)?'/.test(condition) && !condition.includes('||')
}

const OWN_CLUSTER =
  /(?:^|\/)(?:kind-action|setup-kind\d*|setup-registry|setup-k3d(?:-k3s)?|k3d-action|setup-minikube|setup-local-registry)(?:\/|$)|^sigstore\/scaffolding\//

/** True where the job runs a cluster or a registry of its own to try things on. */
export const hasOwnCluster = onceForUnit(({ job, commands, actions }: Unit): boolean => {
  const services = childOf(job?.node, 'services')
  const images =
    services?.kind === 'map'
      ? services.entries.map(({ value }) => textOf(childOf(value, 'image')) ?? textOf(value))
      : []
  return (
    actions.some(({ name }) => OWN_CLUSTER.test(name)) ||
    images.some(image => isRegistry(image ?? '')) ||
    commands.some(
      ({ argv }) =>
        /^(?:kind|k3d|minikube|ctlptl) (?:create|start|cluster create)\b|\bget\.k3s\.io\b|k3d-io\/k3d|microk8s/.test(
          argv.join(' '),
        ) ||
        (argv[0] === 'docker' && argv[1] === 'run' && argv.some(isRegistry)),
    )
  )
})

function isRegistry(image: string): boolean {
  return /^(?:[\w.-]+\/)*(?:registry|zot)(?::|$)/.test(image)
}
