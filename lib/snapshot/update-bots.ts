/** The update bots that are at work in a repository: each Dependabot entry that makes updates, and Renovate for what it takes. */
import { type EcosystemPlace, ecosystemsOf } from './ecosystems.ts'
import { type RenovateConfig, renovateOf, whyRenovateSkips } from './renovate.ts'
import type { Snapshot, SourceFile, Unread } from './snapshot.ts'
import { unreadAmong } from './unread.ts'
import { dependabotOf, type UpdateEntry } from './update-config.ts'
import { fitsPlace, managersOf } from './update-coverage.ts'

/** A Dependabot entry for version updates, and the manifests here that it is about. */
export type EntryAtWork = { entry: UpdateEntry; places: EcosystemPlace[] }

/** Renovate, and each manifest that it updates with the managers that do. */
export type RenovateAtWork = {
  config: RenovateConfig
  manifests: { path: string; ecosystem: string; directory: string; managers: readonly string[] }[]
}

const CONFIG =
  /^(?:\.github\/dependabot\.ya?ml|(?:\.github\/|\.gitlab\/)?renovate\.json[5c]?|\.renovaterc(?:\.json[5c]?)?|package\.json)$/

/** A file in which an update bot is configured. */
export function isBotConfig(path: string): boolean {
  return CONFIG.test(path)
}

type Bots = { entries: EntryAtWork[]; renovate: RenovateAtWork | null; unread: Unread[] }

// Four checks ask the same; a snapshot never changes.
const botsOfRepo = new WeakMap<Snapshot, Bots>()

function updateBotsOf(repo: Snapshot): Bots {
  const known = botsOfRepo.get(repo)
  if (known) return known
  const bots = botsIn(repo)
  botsOfRepo.set(repo, bots)
  return bots
}

function botsIn(repo: Snapshot): Bots {
  const unread = unreadAmong(repo, isBotConfig)
  // Without the configuration nothing can be told of what it says.
  if (unread.length > 0) return { entries: [], renovate: null, unread }
  const places = ecosystemsOf(repo)
  const entries = (dependabotOf(repo)?.entries ?? []).filter(entry => entry.off === null)
  return {
    entries: entries.map(entry => ({ entry, places: places.filter(place => fitsPlace(entry, place)) })),
    renovate: renovateAtWork(repo, places),
    unread,
  }
}

function renovateAtWork(repo: Snapshot, places: readonly EcosystemPlace[]): RenovateAtWork | null {
  const config = renovateOf(repo)
  if (!config || config.invalid) return null
  const manifests = places.flatMap(({ ecosystem, directory, paths }) =>
    paths.flatMap(path => {
      const managers = managersOf(ecosystem, path).filter(one => whyRenovateSkips(config, [one], path) === null)
      return managers.length === 0 ? [] : [{ path, ecosystem, directory, managers }]
    }),
  )
  return manifests.length === 0 ? null : { config, manifests }
}

/**
 * A demand made of every entry, and of Renovate as one: null where it is met. `isSaid`: false where it is met by what
 * Renovate does when nothing is said, so that a preset may still say otherwise.
 */
export function judgeUpdates<Finding>(
  repo: Snapshot,
  ofEntry: (one: EntryAtWork) => Finding | null,
  ofRenovate: (one: RenovateAtWork) => Finding | null,
  isSaid: (one: RenovateAtWork) => boolean = () => true,
): { examined: number; findings: Finding[]; unread: Unread[] } {
  const { entries, renovate, unread } = updateBotsOf(repo)
  const found = renovate ? ofRenovate(renovate) : null
  // What a preset of others says may be what is missing here: that is no fault, and not known to be right.
  const isOpen = found !== null || (renovate !== null && !isSaid(renovate))
  const [preset] = isOpen ? (renovate?.config.unopened ?? []) : []
  const unknown: Unread[] =
    renovate && preset !== undefined
      ? [
          {
            part: 'files',
            path: renovate.config.file.path,
            reason: `extends \`${preset}\`, whose content is not known`,
          },
        ]
      : []
  const judged = [...entries.map(ofEntry), ...(renovate && unknown.length === 0 ? [found] : [])]
  return {
    examined: judged.length,
    findings: judged.filter(one => one !== null),
    unread: [...unread, ...unknown],
  }
}

/** An entry by its ecosystem and folders, for a sentence. */
export function entryName({ ecosystem, directories }: UpdateEntry): string {
  const [first = '/', ...more] = directories
  return `the Dependabot entry for ${ecosystem} in \`${first}\`${more.length === 0 ? '' : ` and ${more.length} more`}`
}

/** Where Renovate's file names a key or preset; its first line where it names none. JSON5 has no parser with places. */
export function renovatePlace({ file }: RenovateConfig, named: readonly string[]) {
  for (const name of named) {
    const at = placeOfWord(file, name)
    if (at !== -1) return { file, start: at, end: at + name.length }
  }
  const start = Math.max(0, file.text.search(/\S/))
  return { file, start, end: start + 1 }
}

function placeOfWord({ text }: SourceFile, name: string): number {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const around = `${text[at - 1] ?? ''}${text[at + name.length] ?? ''}`
    if (!/[\w:-]/.test(around.replace(/:$/, ''))) return at
  }
  return -1
}
