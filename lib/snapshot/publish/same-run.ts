/** Which jobs run together, and what their token may write. */
import { commandsOf, onceForUnit, type Unit } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, itemsOf, textOf } from '../yaml.ts'

type Calls = {
  units: readonly Unit[]
  byFile: Map<string, Unit[]>
  called: Map<string, Set<string>>
  callers: Map<string, Unit[]>
}

const known = new WeakMap<Snapshot, Calls>()

/** Workflow → local workflows that it calls, and the jobs that call a workflow. */
function callsIn(repo: Snapshot): Calls {
  const found = known.get(repo)
  if (found) return found
  const units = commandsOf(repo).units.filter(({ kind }) => kind === 'job')
  const byFile = Map.groupBy(units, ({ file }) => file.path)
  const made: Calls = { units, byFile, called: new Map(), callers: new Map() }
  for (const unit of units) {
    const target = /^(?:\.|\$)\/(\.github\/workflows\/[^/@]+)$/.exec(unit.job?.uses?.trim() ?? '')?.[1]
    if (target === undefined) continue
    made.called.set(unit.file.path, (made.called.get(unit.file.path) ?? new Set()).add(target))
    made.callers.set(target, [...(made.callers.get(target) ?? []), unit])
  }
  known.set(repo, made)
  return made
}

/**
 * The jobs of the runs that the job can be part of: its workflow, the local workflows that call it or are called, and
 * the workflows that GitHub starts after it (`workflow_run`).
 */
export function sameRun(repo: Snapshot, unit: Unit): Unit[] {
  const { units, called, callers } = callsIn(repo)
  const paths = reach([unit.file.path], path => (callers.get(path) ?? []).map(({ file }) => file.path))
  const down = reach([...paths], path => [...(called.get(path) ?? [])])
  const names = new Set(units.filter(({ file }) => down.has(file.path)).map(nameOf))
  return units.filter(one => down.has(one.file.path) || followsOn(one, names))
}

function nameOf({ workflow, file }: Unit): string {
  return textOf(childOf(workflow?.root, 'name')) ?? file.path
}

function followsOn({ workflow }: Unit, names: ReadonlySet<string>): boolean {
  const after = workflow?.triggers.find(({ name }) => name === 'workflow_run')
  return itemsOf(childOf(after?.node, 'workflows')).some(item => names.has(textOf(item) ?? ''))
}

function reach(from: readonly string[], next: (path: string) => readonly string[]): Set<string> {
  const seen = new Set(from)
  // A set hands out what is added while it is walked.
  for (const path of seen) for (const one of next(path)) seen.add(one)
  return seen
}

/** The jobs of the same run that are done before this one starts: those that it needs, directly or through others. */
export const neededBy = onceForUnit((unit: Unit, repo: Snapshot): readonly Unit[] => {
  const { byFile, callers } = callsIn(repo)
  const inFile = (path: string) => byFile.get(path) ?? []
  const seen = new Set<Unit>()
  const open = [unit]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const needs = new Set(itemsOf(childOf(one.job?.node, 'needs')).map(textOf))
    const before = needs.size === 0 ? [] : inFile(one.file.path).filter(({ name }) => needs.has(name))
    // What a needed job calls is done too; what the calling job needs was done before all of this.
    const inside = before.flatMap(({ job }) => inFile(job?.uses?.trim().replace(/^(?:\.|\$)\//, '') ?? ''))
    for (const next of [...before, ...inside, ...(callers.get(one.file.path) ?? [])]) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  }
  seen.delete(unit)
  return [...seen]
})

/** Whether the job's token may write that; a called workflow that declares nothing has what its caller has. */
export function mayWrite(repo: Snapshot, unit: Unit, scope: string, depth = 0): boolean {
  const own = [unit.job?.permissions, unit.workflow?.permissions].find(one => one?.declared)
  if (own?.declared) return own.all === 'write' || own.writes.includes(scope)
  const callers = callsIn(repo).callers.get(unit.file.path) ?? []
  if (callers.length > 0 && depth < 4) return callers.some(caller => mayWrite(repo, caller, scope, depth + 1))
  // The token that GitHub gives undeclared never holds this one.
  return scope !== 'id-token'
}
