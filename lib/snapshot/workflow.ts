/** Workflows and composite actions: jobs, steps, triggers and permissions, each with its place. */
import type { Place } from './lines.ts'
import type { Snapshot, SourceFile, Unread } from './snapshot.ts'
import { childOf, entryOf, itemsOf, readYaml, textOf, valuesOf, type YamlMap, type YamlNode } from './yaml.ts'

/** `declared: false` where the key is absent or null: GitHub then takes the repository's default. */
type Permissions =
  | { declared: false }
  | { declared: true; all: 'read' | 'write' | null; writes: string[]; place: Place }
export type Step = { node: YamlMap; name: string | undefined; uses: string | undefined; run: string | undefined }
export type Job = {
  id: string
  idPlace: Place
  node: YamlMap
  uses: string | undefined
  permissions: Permissions
  steps: Step[]
}
/** `node`: what stands under the trigger (`branches`, `paths`, `types` …), undefined where only its name is given. */
export type Trigger = { name: string; node: YamlNode | undefined }
export type Workflow = { file: SourceFile; root: YamlMap; triggers: Trigger[]; permissions: Permissions; jobs: Job[] }
/** The metadata of an action; steps only where it is composite. */
export type Action = { file: SourceFile; root: YamlMap; runs: YamlNode | undefined; steps: Step[] }

export function isWorkflowPath(path: string): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)
}

export function isActionPath(path: string): boolean {
  return /(?:^|\/)action\.ya?ml$/.test(path) && !isWorkflowPath(path)
}

/** A file with content of its own: a symbolic link's text is only where it points. */
export function isRegular(entry: { mode: string }): boolean {
  return entry.mode === '100644' || entry.mode === '100755'
}

/** The workflows that can be read, by path; `unread` says which cannot, and why. */
export function workflowsOf(repo: Snapshot): { workflows: Workflow[]; unread: Unread[] } {
  const workflows: Workflow[] = []
  const unread: Unread[] = []
  for (const file of filesWhere(repo, isWorkflowPath)) {
    const read = readWorkflow(file)
    if (read === null) continue
    if ('reason' in read) unread.push(read)
    else workflows.push(read)
  }
  return { workflows, unread }
}

export function actionsOf(repo: Snapshot): { actions: Action[]; unread: Unread[] } {
  const actions: Action[] = []
  const unread = repo.unread.filter(({ path }) => path !== null && isActionPath(path))
  for (const file of filesWhere(repo, isActionPath)) {
    const read = readAction(file)
    if (read === null) continue
    if ('reason' in read) unread.push(read)
    else actions.push(read)
  }
  return { actions, unread }
}

/** The workflow in a file; null where the file is empty. */
export function readWorkflow(file: SourceFile): Workflow | Unread | null {
  const read = readRoot(file)
  return 'reason' in read ? read : read.root && workflowOf(file, read.root)
}

/** The action in a file; null where the file is empty. */
export function readAction(file: SourceFile): Action | Unread | null {
  const read = readRoot(file)
  if ('reason' in read || !read.root) return 'reason' in read ? read : null
  const runs = childOf(read.root, 'runs')
  return { file, root: read.root, runs, steps: stepsOf(runs) }
}

/** The regular files whose path fits, in the order of their paths. */
export function filesWhere(repo: Snapshot, fits: (path: string) => boolean): SourceFile[] {
  const found = [...repo.files.values()].filter(file => isRegular(file) && fits(file.path))
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function readRoot(file: SourceFile): Unread | { root: YamlMap | null } {
  const read = readYaml(file)
  if (!read.ok) return { part: 'workflows', path: file.path, reason: `not readable as YAML: ${read.reason}` }
  // An empty file is no workflow and hides nothing; any other value is a mistake that hides what was meant.
  if (read.root.kind === 'map') return { root: read.root }
  if (read.root.kind === 'scalar' && read.root.value === null) return { root: null }
  return { part: 'workflows', path: file.path, reason: 'not a YAML mapping' }
}

function workflowOf(file: SourceFile, root: YamlMap): Workflow {
  const jobs: Job[] = []
  for (const map of valuesOf(root, 'jobs')) {
    if (map.kind !== 'map') continue
    for (const entry of map.entries) {
      const node = entry.value
      if (node.kind !== 'map') continue
      const idPlace = { file, start: entry.keyStart, end: entry.keyEnd }
      const uses = textOf(childOf(node, 'uses'))
      jobs.push({ id: entry.key, idPlace, node, uses, permissions: permissionsOf(file, node), steps: stepsOf(node) })
    }
  }
  return { file, root, triggers: triggersOf(root), permissions: permissionsOf(file, root), jobs }
}

function stepsOf(node: YamlNode | undefined): Step[] {
  const steps: Step[] = []
  for (const list of valuesOf(node, 'steps')) {
    if (list.kind !== 'seq') continue
    for (const step of list.items) {
      if (step.kind !== 'map') continue
      const [name, uses, run] = ['name', 'uses', 'run'].map(key => textOf(childOf(step, key)))
      steps.push({ node: step, name, uses, run })
    }
  }
  return steps
}

function triggersOf(root: YamlMap): Trigger[] {
  // YAML 1.1 reads a bare `on` as true; the parser keeps the word as written, so only `on` occurs here.
  const on = childOf(root, 'on')
  if (on?.kind === 'map')
    return on.entries.map(({ key, value }) => ({
      name: key,
      node: textOf(value) === undefined && value.kind === 'scalar' ? undefined : value,
    }))
  return itemsOf(on).flatMap(item => {
    const name = textOf(item)
    return name === undefined ? [] : [{ name, node: undefined }]
  })
}

function permissionsOf(file: SourceFile, node: YamlMap): Permissions {
  const entry = entryOf(node, 'permissions')
  if (!entry) return { declared: false }
  const { value } = entry
  const place = { file, start: entry.keyStart, end: Math.max(entry.keyEnd, value.end) }
  if (value.kind === 'map') {
    const writes = value.entries.filter(({ value: level }) => textOf(level) === 'write').map(({ key }) => key)
    return { declared: true, all: null, writes, place }
  }
  const text = textOf(value)
  if (text === undefined) return { declared: false }
  return { declared: true, all: text === 'write-all' ? 'write' : 'read', writes: [], place }
}
