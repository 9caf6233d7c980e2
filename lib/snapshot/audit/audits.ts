/** Every use of an audit tool by the workflows of a repository, with what it looks at and whether it can stop a build. */
import { calledUnits } from '../called-units.ts'
import type { CalledAction, Command, Unit } from '../commands.ts'
import { commandsOf } from '../commands.ts'
import type { EcosystemPlace } from '../ecosystems.ts'
import type { Place } from '../lines.ts'
import { matrixTurns } from '../matrix.ts'
import { type Occasion, occasionsOf } from '../occasions.ts'
import type { Snapshot } from '../snapshot.ts'
import { parseUses } from '../uses.ts'
import { workflowsOf } from '../workflow.ts'
import { jobUnit, readerOf } from '../workflow-commands.ts'
import { folderOf } from '../workspaces.ts'
import { childOf, entryOf, textOf } from '../yaml.ts'
import { actionAudit, osvWorkflow } from './actions.ts'
import { commandAudit } from './commands.ts'
import { type Found, PYTHON, type ToothFix } from './tool.ts'

/**
 * `call`: null for a job that is a reusable workflow by itself. `silenced`: why its failure goes unseen, from the
 * shell, the step or the job; `toothless`: from the tool's own options.
 */
export type Audit = Found & {
  unit: Unit
  call: Command | CalledAction | null
  conditions: readonly string[]
  place: Place
  silenced: string | null
}

export type Audits = { audits: readonly Audit[]; missing: ReturnType<typeof calledUnits>['missing'] }

export function auditsOf(repo: Snapshot): Audits {
  const { units, missing } = calledUnits(repo, unit => mayAudit(repo, unit))
  const own = commandsOf(repo).units.filter(({ kind }) => kind === 'job')
  const audits = [...own, ...units].flatMap(unit => auditsIn(repo, unit))
  return { audits: [...audits, ...osvWorkflows(repo)], missing }
}

/** It audits as it stands, or runs what its caller tells it to. */
function mayAudit(repo: Snapshot, unit: Unit): boolean {
  const isTold = unit.commands.some(({ argv }) =>
    argv.slice(0, 2).some(word => word.includes('${{') && word.includes('inputs.')),
  )
  return isTold || auditsOfUnit(repo, unit).length > 0
}

function auditsIn(repo: Snapshot, unit: Unit): Audit[] {
  const found = auditsOfUnit(repo, unit)
  const { job, workflow } = unit
  if (found.length === 0 || !job || !workflow || unit.caller || !usesMatrix(found)) return found
  const turns = matrixTurns(job)
  if (turns.length === 0) return found
  return turns.flatMap(turn => {
    const world = (path: string) => {
      const text = turn.get(path)
      return text === undefined ? ('unknown' as const) : { oneOf: [text] }
    }
    return auditsOfUnit(repo, jobUnit(readerOf(repo), workflow, job, { world, caller: null, shownAt: null }))
  })
}

function usesMatrix(audits: readonly Audit[]): boolean {
  return audits.some(({ unit }) => {
    const { start, end } = unit.job?.node ?? { start: 0, end: 0 }
    return unit.file.text.slice(start, end).includes('matrix.')
  })
}

function auditsOfUnit(repo: Snapshot, unit: Unit): Audit[] {
  const commands = unit.commands.flatMap(command => {
    const found = commandAudit(repo, command)
    if (!found) return []
    // Of a list whose output is tested, the test decides.
    const isTested = found.tool === 'dotnet list package' && found.toothless === null && unheard(command.canFail)
    return [auditBy(found, unit, command, isTested || seenAfterAll(command))]
  })
  const actions = unit.actions.flatMap(action => {
    const found = actionAudit(repo, action)
    return found ? [auditBy(found, unit, action, reportedLater(unit, action))] : []
  })
  return [...commands, ...actions]
}

function auditBy(found: Found, unit: Unit, call: Command | CalledAction, canFail: true | string): Audit {
  const { conditions, place } = call
  return { ...found, unit, call, conditions, place, silenced: canFail === true ? null : canFail }
}

/** With errexit off the status still counts where what follows asks for it and can leave by it. */
function seenAfterAll({ canFail, script, place, exact }: Command): true | string {
  const after = exact ? script.file.text.slice(place.end, script.end) : ''
  const kept = /^[^\n]*?\|\|\s*(\w+)=["']?\$\?/.exec(after)?.[1]
  if (canFail === true)
    return kept === undefined || after.slice(after.indexOf('$?') + 2).includes(`$${kept}`) || after.includes(`{${kept}`)
      ? true
      : `its status is kept in \`${kept}\` and never looked at`
  const asked = /\$\?|\$\{\?\}|PIPESTATUS/.test(after) && /\b(?:exit|return)\b(?!\s+0\b)/.test(after)
  return asked && unheard(canFail) ? true : canFail
}

/** The shell goes on after it; what it leaves behind can still be asked for. */
function unheard(canFail: true | string): boolean {
  return canFail !== true && /errexit|pipe/.test(canFail)
}

/** OSV-Scanner's own action is let pass where its reporter decides afterwards. */
function reportedLater(unit: Unit, action: CalledAction): true | string {
  if (action.canFail === true || !action.name.endsWith('/osv-scanner-action')) return action.canFail
  const reporter = unit.actions.find(
    ({ name, order }) => order > action.order && name.endsWith('/osv-scanner-action/osv-reporter-action'),
  )
  if (!reporter || /--fail-on-vuln=false/.test(reporter.inputs.get('scan-args') ?? '')) return action.canFail
  return reporter.canFail
}

/** Jobs that call Google's reusable workflow: what it does is known without its file. */
function osvWorkflows(repo: Snapshot): Audit[] {
  return workflowsOf(repo).workflows.flatMap(workflow =>
    workflow.jobs.flatMap(job => {
      const parsed = parseUses(job.uses?.trim() ?? '')
      const isOsv = parsed.kind === 'action' && `${parsed.owner}/${parsed.repo}` === 'google/osv-scanner-action'
      if (!isOsv) return []
      const handed = childOf(job.node, 'with')
      const inputs = new Map(
        handed?.kind === 'map' ? handed.entries.map(({ key, value }) => [key, textOf(value) ?? ''] as const) : [],
      )
      const { file } = workflow
      const value = entryOf(job.node, 'uses')?.value ?? job.node
      const unit: Unit = {
        kind: 'job',
        file,
        name: job.id,
        job,
        workflow,
        stage: null,
        actions: [],
        commands: [],
        unread: [],
      }
      const place = { file, start: value.start, end: value.end }
      return [{ ...osvWorkflow(inputs), unit, call: null, conditions: [], place, silenced: null }]
    }),
  )
}

/** Ecosystems whose locks no scanner of all ecosystems reads. */
const UNREAD_BY_SCANNERS: ReadonlySet<string> = new Set(['deno'])

/** Null where it cannot be told which folder the audit looks at. */
export function coversPlace(audit: Audit, place: EcosystemPlace, places: readonly EcosystemPlace[]): boolean | null {
  const { scope, ecosystems } = audit
  if (ecosystems === 'all' ? UNREAD_BY_SCANNERS.has(place.ecosystem) : !ecosystems.has(place.ecosystem)) return false
  if (scope.kind === 'files')
    return scope.paths.some(path => place.paths.includes(path) || nearest(folderOf(path), place, places) === place)
  if (scope.folder === null) return null
  if (scope.kind === 'tree') return `${place.directory}/`.startsWith(`/${scope.folder}/`.replace('//', '/'))
  if (nearest(scope.folder, place, places) === place) return true
  return PYTHON.has(place.ecosystem) && isInstalledBefore(audit, place)
}

/** The place of the same ecosystem that a folder belongs to: its own, or the nearest above. */
function nearest(
  folder: string,
  { ecosystem }: EcosystemPlace,
  places: readonly EcosystemPlace[],
): EcosystemPlace | null {
  const above = places.filter(
    ({ ecosystem: other, directory }) =>
      other === ecosystem && `/${folder}/`.startsWith(directory === '/' ? '/' : `${directory}/`),
  )
  return above.sort((a, b) => b.directory.length - a.directory.length)[0] ?? null
}

/** An audit of the environment sees what the job installed before. */
function isInstalledBefore({ unit, call }: Audit, place: EcosystemPlace): boolean {
  return unit.commands.some(
    ({ order, argv, cwd }) =>
      call !== null &&
      order < call.order &&
      cwd !== null &&
      argv.some(word => place.paths.includes(cwd === '' ? word.replace(/^\.\//, '') : `${cwd}/${word}`)),
  )
}

export function occasionsFor(audit: Audit, paths: readonly string[]): Set<Occasion> {
  const found = occasionsOf(audit, paths)
  if (audit.changesOnly) found.delete('schedule')
  return found
}

/** What keeps the audit from failing the build, as words and with the fix that its tool knows; null where it can. */
export function harmless({ silenced, toothless }: Audit): { reason: string; advice: string; fix?: ToothFix } | null {
  if (!silenced && !toothless) return null
  const reason = [toothless?.reason, silenced ?? undefined].filter(one => one !== undefined).join(', and ')
  const advice = [toothless?.advice, silenced ? 'Let its failure fail the job.' : undefined]
  return {
    reason,
    advice: advice.filter(one => one !== undefined).join(' '),
    ...(toothless?.fix ? { fix: toothless.fix } : {}),
  }
}
