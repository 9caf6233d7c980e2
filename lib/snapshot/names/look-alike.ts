/**
 * Which much used name another name could be mistaken for. Every name that is one edit away shares its first or its last
 * half with the target, so both halves are the index: a name is compared with a handful of targets, never with all.
 */
import { knownSquat } from './known-squats.ts'
import { isMuchUsed, isUsedScope, isWord, type NamedEcosystem, usedNames } from './used-names.ts'

export type LookAlike = { target: string; how: string }

/** Shorter names, and shorter parts of names, are so close to each other that nearness says nothing. */
const SHORTEST = { edit: 7, swap: 6, squash: 6, part: 5 }

type Index = {
  exact: ReadonlySet<string>
  /** The scopes of the targets. */
  scopes: readonly string[]
  /** Length, side and half → targets. */
  halves: ReadonlyMap<string, string[]>
  /** Without separators → target; as it looks → target. */
  squashed: ReadonlyMap<string, string>
  skeletons: ReadonlyMap<string, string>
}

const indexes = new Map<NamedEcosystem, Index>()

/**
 * null where the name is much used itself, or like no other. Names as their registry compares them. `isUsed`: which names
 * are much used, by the lists that come with this unless a measurement wants to know less.
 */
export function lookAlike(
  ecosystem: NamedEcosystem,
  name: string,
  isUsed: (name: string) => boolean = one => isMuchUsed(ecosystem, one),
): LookAlike | null {
  const known = knownSquat(ecosystem, name)
  if (known !== null) return { target: known, how: 'a known imitation' }
  if (isUsed(name)) return null
  const index = indexOf(ecosystem)
  if (!name.startsWith('@')) return byShape(index, name) ?? byEdit(index, name, word => isWord(ecosystem, word))
  const [scope = '', base = ''] = name.split('/')
  return isUsedScope(scope) ? null : byScope(index, scope, base)
}

function indexOf(ecosystem: NamedEcosystem): Index {
  const known = indexes.get(ecosystem)
  if (known) return known
  const { targets } = usedNames(ecosystem)
  const halves = new Map<string, string[]>()
  const squashed = new Map<string, string>()
  const skeletons = new Map<string, string>()
  for (const target of targets) {
    if (!target.startsWith('@')) {
      for (const key of halvesOf(target, target.length)) halves.set(key, [...(halves.get(key) ?? []), target])
      if (!skeletons.has(skeletonOf(target))) skeletons.set(skeletonOf(target), target)
    }
    if (/[-_./]/.test(target) && !squashed.has(squash(target))) squashed.set(squash(target), target)
  }
  const scopes = [
    ...new Set(targets.filter(name => name.startsWith('@')).map(name => name.slice(0, name.indexOf('/')))),
  ]
  const index = { exact: new Set(targets), scopes, halves, squashed, skeletons }
  indexes.set(ecosystem, index)
  return index
}

/** The keys under which a name of that length lies that shares a half with this one. */
function halvesOf(name: string, length: number): [string, string] {
  const half = length >> 1
  return [`${length}<${name.slice(0, half)}`, `${length}>${name.slice(name.length - (length - half))}`]
}

/** Separators left out or put elsewhere, a scope written flat, letters that look alike. */
function byShape({ squashed, skeletons }: Index, name: string): LookAlike | null {
  const flat = squashed.get(squash(name))
  if (flat && flat !== name && squash(flat).length >= SHORTEST.squash && isMoved(flat, name)) {
    return { target: flat, how: flat.startsWith('@') ? 'its scope written flat' : 'its separators written another way' }
  }
  const seen = skeletons.get(skeletonOf(name))
  return seen && seen !== name && seen.length >= SHORTEST.swap ? { target: seen, how: 'letters that look alike' } : null
}

/** Names with the same parts in the same order; `.js` and one-letter parts are too common to mean anything. */
function isMoved(target: string, name: string): boolean {
  // Before there were scopes many packages had the flat name first; only the types never did.
  if (target.startsWith('@')) return target.startsWith('@types/')
  return ![target, name].some(one => /[-_.](?:js|\w)$|^\w[-_.]/.test(one))
}

function squash(name: string): string {
  return name.replace(/[@\-_./]/g, '')
}

/** Letters as the eye takes them. Upper case alone is no disguise but `I`: the oldest names of npm have it. */
function skeletonOf(name: string): string {
  return name
    .replace(/I(?=[a-z])/g, 'l')
    .normalize('NFKC')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/0/g, 'o')
    .replace(/1/g, 'l')
    .replace(/[а-я]/g, letter => CYRILLIC[letter] ?? letter)
}

const CYRILLIC: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  к: 'k',
  в: 'b',
  н: 'h',
  т: 't',
  м: 'm',
}

function byEdit({ exact, halves }: Index, name: string, isWord: (word: string) => boolean): LookAlike | null {
  if (name.length >= SHORTEST.swap) {
    for (let at = 0; at + 1 < name.length; at++) {
      if (name[at] === name[at + 1]) continue
      const swapped = `${name.slice(0, at)}${name[at + 1]}${name[at]}${name.slice(at + 2)}`
      if (exact.has(swapped) && !/\d/.test(name.slice(at, at + 2)) && !isOtherWord(swapped, name, isWord))
        return { target: swapped, how: 'two letters swapped' }
    }
  }
  for (const length of [name.length - 1, name.length, name.length + 1]) {
    for (const key of halvesOf(name, length)) {
      const target = halves.get(key)?.find(one => isSlip(one, name) && !isOtherWord(one, name, isWord))
      if (target) return { target, how: 'one letter away' }
    }
  }
  return null
}

/** What names end with to say what they are. */
const KIND = /(?:js|ts|api|ai|db)$/

/**
 * `csso-loader` beside `css-loader`, `masked` beside `marked`: the part that differs is a word that others use too, and
 * was meant. So is one that only ends otherwise to say what it is: `socksjs`, `fastai` beside `fastapi`.
 */
function isOtherWord(target: string, name: string, isWord: (word: string) => boolean): boolean {
  const [wanted, parts] = [target, name].map(one => one.split(/[-_./]/)) as [string[], string[]]
  if (wanted.length !== parts.length) return false
  return parts.some((part, at) => {
    if (part === wanted[at]) return false
    const base = part.replace(KIND, '')
    return isWord(part) || (base !== part && (base === wanted[at]?.replace(KIND, '') || isWord(base)))
  })
}

/** One letter added, left out or changed, as a slip of the finger does and a version, a plural or a spelling does not. */
function isSlip(target: string, name: string): boolean {
  if (Math.min(target.length, name.length) < SHORTEST.edit - 1 || Math.abs(target.length - name.length) > 1)
    return false
  let from = 0
  while (from < target.length && target[from] === name[from]) from++
  let back = 0
  const most = Math.min(target.length, name.length) - from
  while (back < most && target.at(-1 - back) === name.at(-1 - back)) back++
  const removed = target.slice(from, target.length - back)
  const added = name.slice(from, name.length - back)
  if (removed.length > 1 || added.length > 1) return false
  // Digits and separators tell versions and parts; the first and last letter tell words apart.
  if (!/^[a-z]*$/.test(removed + added) || isSpelling(target, name, from)) return false
  const beside = removed === '' ? [name[from - 1] ?? '', name[from + 1] ?? ''] : [removed]
  const isVowelAdded = removed === '' && /^[aeiou]$/.test(added)
  if (added !== '' && !isVowelAdded && !beside.some(one => isNear(one, added))) return false
  return isInside(target, from, back) && isInside(name, from, back)
}

const KEYS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** Keys side by side or one above the other, the same letter again, two vowels, and letters for one sound. */
function isNear(one: string, other: string): boolean {
  if (one === other || /^(?:[aeiouy]{2}|ck|kc|sz|zs)$/.test(one + other)) return true
  const [a, b] = [one, other].map(letter => {
    const row = KEYS.findIndex(keys => keys.includes(letter))
    return { row, at: (KEYS[row]?.indexOf(letter) ?? -9) + row / 2 }
  }) as [{ row: number; at: number }, { row: number; at: number }]
  return Math.abs(a.row - b.row) <= 1 && Math.abs(a.at - b.at) <= 1
}

/** Inside of a part that is long enough, neither its first letter nor its last. */
function isInside(name: string, from: number, back: number): boolean {
  const before = name.slice(0, from).split(SEPARATOR).at(-1)?.replace(/^py/, '') ?? ''
  const behind = name.slice(name.length - back).split(SEPARATOR)[0] ?? ''
  const changed = name.length - back - from
  return back > 0 && before !== '' && behind !== '' && before.length + changed + behind.length >= SHORTEST.part
}

const SEPARATOR = /[-_./@]/

/** `analyser`, `colour`: English as it is written elsewhere. */
function isSpelling(target: string, name: string, from: number): boolean {
  const american = (word: string) => word.replace(/([iy])s(?=[ei])/g, '$1z').replace(/our/g, 'or')
  const around = (word: string) => american(word.slice(Math.max(0, from - 3)))
  return around(target) === around(name)
}

/** `@typse/node`: a scope that nobody uses, one letter from one that many do, with a package of the same name. */
function byScope({ scopes }: Index, scope: string, base: string): LookAlike | null {
  if (scope.length < SHORTEST.swap) return null
  for (const known of scopes) {
    if (Math.abs(known.length - scope.length) > 1 || !isMuchUsed('npm', `${known}/${base}`)) continue
    if (isSlip(known, scope) || isSwap(known, scope))
      return { target: `${known}/${base}`, how: 'a scope one letter away' }
  }
  return null
}

function isSwap(one: string, other: string): boolean {
  if (one.length !== other.length) return false
  const at = [...one].findIndex((letter, index) => letter !== other[index])
  return (
    at !== -1 && one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2)
  )
}
