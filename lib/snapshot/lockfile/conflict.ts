/** Files that were committed half-merged. */

/** The 1-based line of the first conflict marker of git; null where there is none. */
export function conflictLine(text: string): number | null {
  const at = text.startsWith('<<<<<<< ') ? 0 : text.indexOf('\n<<<<<<< ')
  if (at === -1) return null
  return text.slice(0, at + 1).split('\n').length
}
