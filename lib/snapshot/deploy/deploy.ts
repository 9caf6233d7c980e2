/**
 * The steps of workflows that put something into service, and the jobs that say so by `environment:`. A cluster that
 * the job starts itself, a plan and a dry run are no deployment.
 */
import { type Call, callsOf, commandsOf, isCommand, type Unit } from '../commands.ts'
import type { Place } from '../lines.ts'
import { givesOut, hasOwnCluster, nameOf, neverRuns, publishes } from '../publish/publish.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, entryOf, textOf } from '../yaml.ts'
import { deploysByAction } from './by-action.ts'
import { deploysByCommand } from './by-command.ts'

/** Where it runs. `environment`: only the job's own word says that it deploys. */
export type Target =
  | 'kubernetes'
  | 'infrastructure'
  | 'aws'
  | 'google'
  | 'azure'
  | 'platform'
  | 'host'
  | 'pages'
  | 'environment'

/** `call`: null where only `environment:` says it; then `place` is that key. */
export type DeployStep = { to: Target; by: string; call: Call | null; place: Place; unit: Unit }

/** What a test deploys is taken down again with its cluster. */
const TEST = /(?:^|[^a-z])(?:tests?|e2e|integration|smoke|conformance)(?:[^a-z]|$)/i

/** A copy that is laid aside is not put into service. */
const BACKUP = /(?:^|[^a-z])back-?ups?(?:[^a-z]|$)/i

const known = new WeakMap<Snapshot, readonly DeployStep[]>()

/** In the order of the workflows, their jobs and steps. */
export function deployStepsOf(repo: Snapshot): readonly DeployStep[] {
  const found = known.get(repo)
  if (found) return found
  const made = commandsOf(repo)
    .units.filter(givesOut)
    .flatMap(unit => stepsOf(repo, unit))
  known.set(repo, made)
  return made
}

/** The environment that a job names; `name` null where it is an expression. Undefined where it names none. */
export function environmentOf({ job, file }: Unit): { name: string | null; place: Place } | undefined {
  const entry = entryOf(job?.node, 'environment')
  if (!entry) return undefined
  const name = textOf(entry.value) ?? textOf(childOf(entry.value, 'name'))
  if (name === undefined || name === '') return undefined
  return { name: name.includes('${{') ? null : name, place: { file, start: entry.keyStart, end: entry.keyEnd } }
}

function stepsOf(repo: Snapshot, unit: Unit): DeployStep[] {
  const isTried = hasOwnCluster(unit, repo) || TEST.test(unit.name) || TEST.test(unit.file.path)
  const seen = new Set<number>()
  const steps = callsOf(unit).flatMap((call): DeployStep[] => {
    const to = neverRuns(call) ? null : isCommand(call) ? deploysByCommand(call) : deploysByAction(call)
    if (to === null || (isTried && /^(?:kubernetes|infrastructure|host)$/.test(to))) return []
    if (isCommand(call) && /^(?:aws|google|host)$/.test(to) && isBackup(unit, call.argv)) return []
    if (seen.has(call.place.start)) return []
    seen.add(call.place.start)
    return [{ to, by: nameOf(call), call, place: call.place, unit }]
  })
  const environment = environmentOf(unit)
  // A job that publishes says by its environment who may publish.
  if (steps.length > 0 || !environment || publishes(repo, unit)) return steps
  return [
    { to: 'environment', by: `environment: ${environment.name ?? '…'}`, call: null, place: environment.place, unit },
  ]
}

function isBackup({ name }: Unit, argv: readonly string[]): boolean {
  return (
    /^(?:aws s3|gsutil|rsync|scp)\b/.test(argv.join(' ')) && (BACKUP.test(name) || argv.some(word => BACKUP.test(word)))
  )
}
