/** The most used names of a registry: what a squat imitates, and what is never taken for one. */
import npm from './npm.json' with { type: 'json' }
import pypi from './pypi.json' with { type: 'json' }

export type NamedEcosystem = 'npm' | 'pypi'

/** `targets`: names that are worth imitating, the most used first. `source` and `date`: where the list is from, and its day. */
export type UsedNames = { targets: readonly string[]; source: string; date: string }

const LISTS = { npm, pypi }

export function usedNames(ecosystem: NamedEcosystem): UsedNames {
  const { targets, source, date } = LISTS[ecosystem]
  return { targets: targets.split(' '), source, date }
}

/**
 * Whether a name has many downloads itself; of npm's scopes that no target has only `@scope/` is listed. The list is searched as the text that it is:
 * nothing is unpacked.
 */
export function isMuchUsed(ecosystem: NamedEcosystem, name: string): boolean {
  return firstFrom(LISTS[ecosystem].used, name) === name
}

/** Whether at least two much used names have this as one of their parts (`css` in `css-loader`): a word that is meant. */
export function isWord(ecosystem: NamedEcosystem, word: string): boolean {
  const { used } = LISTS[ecosystem]
  let found = 0
  for (let at = used.indexOf(word); at !== -1 && found < 2; at = used.indexOf(word, at + word.length))
    if (isEdge(used[at - 1]) && isEdge(used[at + word.length])) found++
  return word !== '' && found >= 2
}

function isEdge(letter: string | undefined): boolean {
  return letter === undefined || ' -_./@'.includes(letter)
}

/** Whether npm's scope (`@scope`) has any name with many downloads. */
export function isUsedScope(scope: string): boolean {
  return firstFrom(npm.used, `${scope}/`).startsWith(`${scope}/`)
}

/** The first name of a sorted text, separated by spaces, that is not below the one given; '' past the end. */
function firstFrom(text: string, wanted: string): string {
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = (low + high) >> 1
    const start = text.lastIndexOf(' ', middle - 1) + 1
    const end = endOfName(text, middle)
    if (text.slice(start, end) < wanted) low = end + 1
    else high = start
  }
  return text.slice(low, endOfName(text, low))
}

function endOfName(text: string, at: number): number {
  const end = text.indexOf(' ', at)
  return end === -1 ? text.length : end
}
