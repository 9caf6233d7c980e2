/** What is set aside so that the rest of a repository can be judged: files that end their judges, and checks that do. */
import { partOf } from '../crawl/paths.ts'
import type { PackedSnapshot } from '../snapshot/packed.ts'
import type { SnapshotPart, Unread } from '../snapshot/snapshot.ts'
import type { Step } from './watch.ts'

/** `files`: path → why, and in which check that was; `checks`: index → why. */
export type Blame = {
  files: ReadonlyMap<string, { check: number; reason: string }>
  checks: ReadonlyMap<number, string>
}

export const NO_BLAME: Blame = { files: new Map(), checks: new Map() }

/** A check that is ended over so many files one after the other is at fault itself. */
const MOST_FILES_OF_CHECK = 2

/**
 * What more to set aside after a judge ended at a step, for a reason that follows a subject; null where that does not tell
 * what was at fault. `checks`: how many there are; beyond them the inventory is made.
 */
export function blameFor(blame: Blame, repo: PackedSnapshot, at: Step, reason: string, checks: number): Blame | null {
  const path = at.file === null ? undefined : pathsOf(without(repo, blame))[at.file]
  const before = [...blame.files].filter(([, { check }]) => check === at.check)
  if (path !== undefined && (before.length < MOST_FILES_OF_CHECK || at.check >= checks)) {
    const one = { check: at.check, reason: `Reading it ${reason}` }
    return { ...blame, files: new Map([...blame.files, [path, one]]) }
  }
  if (at.check >= checks) return null
  return {
    files: new Map([...blame.files].filter(([, { check }]) => check !== at.check)),
    checks: new Map([...blame.checks, [at.check, `The check ${reason}`]]),
  }
}

/** The repository without the files that are blamed, which are named as unread instead. */
export function without({ facts, tree, files }: PackedSnapshot, blame: Blame): PackedSnapshot {
  const unread = [...blame.files].map(([path, { reason }]): Unread => ({ part: partOf(path), path, reason }))
  return {
    tree,
    files: files.filter(({ path }) => !blame.files.has(path)),
    facts: {
      ...facts,
      called: facts.called.filter(([path]) => !blame.files.has(path)),
      unread: [...facts.unread, ...unread],
    },
  }
}

const OF_FILES: readonly SnapshotPart[] = ['tree', 'workflows', 'files']

/** What can be said of a repository whatever it holds: nothing that its files decide. */
export function withoutFiles({ facts, files }: PackedSnapshot, emptyTree: Uint8Array, reason: string): PackedSnapshot {
  const unread = OF_FILES.map((part): Unread => ({ part, path: null, reason }))
  return {
    tree: emptyTree,
    files: files.slice(0, 0),
    facts: { ...facts, called: [], unread: [...facts.unread, ...unread] },
  }
}

/** In the order in which a judge counts them. */
function pathsOf({ facts, files }: PackedSnapshot): string[] {
  return [...files.map(({ path }) => path), ...facts.called.map(([path]) => path)]
}
