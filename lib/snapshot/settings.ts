/** How settings are judged: one that is off needs a place in the files that shows why it should be on. */
import { evidenceOf, type Place } from './lines.ts'
import type { SettingName, Settings, Snapshot, Unread } from './snapshot.ts'
import { workflowsOf } from './workflow.ts'
import { entryOf } from './yaml.ts'

type Demand = {
  /** null: nothing in the repository needs the setting. */
  need: Place | null
  /** Said where it is off. */
  finding(settings: Settings): { message: string; weight?: 0.5 }
}

/**
 * Whether a setting that is on or off is on. Nothing is examined where settings cannot be asked for (a folder, an archived
 * repository) or nothing needs it; a setting that may not be seen is unread, with the reason.
 */
export function judgeSetting(repo: Snapshot, name: SettingName, { need, finding }: Demand) {
  const { settings } = repo
  if (settings === null) return { examined: 0, findings: [] }
  // What was not listed may hold the need: then "nothing needs it" is not known.
  if (need === null) return { examined: 0, findings: [], unread: repo.unread.filter(({ part }) => part === 'tree') }
  const value = settings[name]
  if (value === null) return { examined: 1, findings: [], unread: [unreadSetting(settings, name)] }
  return { examined: 1, findings: value === false ? [{ ...finding(settings), evidence: evidenceOf(need) }] : [] }
}

function unreadSetting({ reasons }: Settings, name: SettingName): Unread {
  return { part: 'settings', path: null, reason: reasons?.[name] ?? 'It could not be asked for.' }
}

/** Where the first regular workflow says when it runs. */
export function firstWorkflow(repo: Snapshot): Place | null {
  const [workflow] = workflowsOf(repo).workflows
  if (!workflow) return null
  const { file, root } = workflow
  const on = entryOf(root, 'on') ?? entryOf(root, 'jobs')
  return on ? { file, start: on.keyStart, end: on.keyEnd } : { file, start: root.start, end: root.start + 1 }
}

/** The first line of the file that lies nearest to the root. */
export function nearestFile(repo: Snapshot, fits: (path: string) => boolean = () => true): Place | null {
  const depth = (path: string) => path.split('/').length
  const [file] = [...repo.files.values()]
    .filter(({ path, mode, text }) => mode !== '120000' && /\S/.test(text) && fits(path))
    .sort((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1))
  if (!file) return null
  const start = file.text.search(/\S/)
  return { file, start, end: start + 1 }
}
