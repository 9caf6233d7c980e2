/** What of the files that a decision is about could not be read. */
import type { Snapshot, Unread } from './snapshot.ts'

/**
 * Files that fit and were not read; and what was left unread as a whole, where a file that fits is among what was not
 * taken. Files of other kinds leave the decision known.
 */
export function unreadAmong(repo: Snapshot, fits: (path: string) => boolean): Unread[] {
  const isMissing = () => repo.tree.some(({ path }) => fits(path) && !repo.files.has(path))
  return repo.unread.filter(({ part, path }) => part === 'files' && (path === null ? isMissing() : fits(path)))
}
