/**
 * Globs as package managers and update bots write them, matched without regular expressions: a pattern comes from a
 * file that nobody vouches for, and must not be able to cost more than its length times the path's.
 */

const MOST_ALTERNATIVES = 64

/** `*` and `?` stay within a segment, `**` spans any number of them, `{a,b}` are alternatives. Dots are no exception. */
export function globMatches(pattern: string, path: string): boolean {
  const segments = segmentsOf(path)
  return alternatives(pattern).some(one => matchSegments(segmentsOf(one), segments))
}

/** A path without `./`, doubled slashes or slashes at its ends; '' is the root. */
export function plainPath(path: string): string {
  return segmentsOf(path).join('/')
}

/** The parts between the slashes, without empty ones and `.`. */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter(segment => segment !== '' && segment !== '.')
}

function alternatives(pattern: string): string[] {
  const done: string[] = []
  const open = [pattern]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const brace = /^([^{}]*)\{([^{}]*)\}(.*)$/s.exec(next)
    const choices = brace?.[2]?.split(',') ?? []
    if (!brace || choices.length < 2 || done.length + open.length + choices.length > MOST_ALTERNATIVES) done.push(next)
    else open.push(...choices.map(choice => `${brace[1]}${choice}${brace[3]}`))
  }
  return done
}

/** One row of a table a pattern segment: `reached[n]` tells whether the pattern so far takes the first n segments. */
export function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  let reached = path.map(() => false)
  reached.unshift(true)
  for (const segment of pattern) {
    if (segment === '**') {
      const first = reached.indexOf(true)
      reached = reached.map((_, count) => first !== -1 && count >= first)
    } else {
      reached = reached.map(
        (_, count) => count > 0 && reached[count - 1] === true && matchSegment(segment, path[count - 1] ?? ''),
      )
    }
  }
  return reached[path.length] === true
}

function matchSegment(pattern: string, text: string): boolean {
  let at = 0
  let star = -1
  let resume = 0
  let from = 0
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at++
      resume = from
    } else if (pattern[at] === '?' || pattern[at] === text[from]) {
      at++
      from++
    } else if (star !== -1) {
      at = star + 1
      from = ++resume
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}
