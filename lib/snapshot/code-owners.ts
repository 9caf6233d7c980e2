/**
 * GitHub's CODEOWNERS: where it is looked for, which rule decides, and what its patterns take. Much is as in .gitignore,
 * but for these: the last rule that fits decides, there is no `!` and no `[range]`, and `docs/*` stays in that folder.
 */
import { matchSegments, segmentsOf } from './glob.ts'
import type { Snapshot, SourceFile } from './snapshot.ts'

type Rule = { pattern: string; owners: string[]; line: number }

/** `rules` in the order of the file; a line that GitHub cannot read is left out, as GitHub does. */
export type CodeOwners = { file: SourceFile; rules: Rule[] }

/** The first that exists is the one that counts. */
const PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']
/** A larger file is not loaded. */
const LARGEST = 3 * 1024 * 1024

const ownersOfFile = new WeakMap<SourceFile, CodeOwners>()

/** null where the repository has none that GitHub loads. */
export function codeOwnersOf(repo: Snapshot): CodeOwners | null {
  const [file] = PATHS.flatMap(path => repo.files.get(path) ?? [])
  if (!file || file.text.length > LARGEST) return null
  const known = ownersOfFile.get(file)
  if (known) return known
  const read = { file, rules: file.text.split('\n').flatMap((text, index) => ruleIn(text, index + 1) ?? []) }
  ownersOfFile.set(file, read)
  return read
}

/** The owners of a path: of the last rule that takes it, which may name nobody. */
export function ownersOf({ rules }: CodeOwners, path: string): string[] {
  return rules.findLast(({ pattern }) => takesPath(pattern, path))?.owners ?? []
}

/** Rules that take every path of a repository. */
const EVERYTHING = new Set(['*', '**', '/', '/*', '/**', '**/*', '/**/*'])
/** More names than a repository has owners; what follows is left out. */
const MOST_OWNERS = 50
const LONGEST_OWNER = 200

/**
 * Who answers for the repository: the owners of the last rule that takes everything, or where nobody owns everything those
 * of its parts. A team of the repository's own organisation by its slug, another as `@org/team`, a person as `@login`, an
 * address as it is; all in small letters, for GitHub tells none of them apart by those.
 */
export function repositoryOwners(repo: Snapshot): string[] {
  const rules = codeOwnersOf(repo)?.rules ?? []
  const whole = rules.findLast(({ pattern }) => EVERYTHING.has(pattern))?.owners ?? []
  const named = whole.length > 0 ? whole : rules.flatMap(({ owners }) => owners)
  const own = `@${repo.repository.split('/')[0]?.toLowerCase()}/`
  const names = named
    .map(name => name.toLowerCase())
    .map(name => (name.startsWith(own) ? name.slice(own.length) : name))
  return [...new Set(names)].filter(({ length }) => length <= LONGEST_OWNER).slice(0, MOST_OWNERS)
}

function ruleIn(text: string, line: number): Rule | null {
  const written = /^\s*((?:\\.|[^\s\\])+)(.*)$/.exec(text.replace(/\r$/, ''))
  if (!written?.[1] || written[1].startsWith('#')) return null
  const pattern = written[1].replace(/\\(.)/g, '$1')
  if (/^!|^\[|\[.*\]/.test(pattern)) return null
  const owners = (written[2] ?? '')
    .replace(/\s#.*$/, '')
    .split(/\s+/)
    .filter(Boolean)
  return owners.every(isOwner) ? { pattern, owners, line } : null
}

/** `@user`, `@org/team` or an e-mail address. */
function isOwner(text: string): boolean {
  return /^@[\w-]+(?:\/[\w.-]+)?$|^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
}

function takesPath(pattern: string, path: string): boolean {
  const segments = segmentsOf(pattern)
  const last = segments.at(-1)
  if (last === undefined) return false
  // A slash in front or within ties the pattern to the root; alone at the end it only asks for a folder.
  const tied = pattern.replace(/\/$/, '').includes('/')
  const from = tied ? segments : ['**', ...segments]
  const parts = segmentsOf(path)
  if (!pattern.endsWith('/') && matchSegments(from, parts)) return true
  // What names a folder takes everything in it; a lone `*` at the end of a path names only what lies there.
  return (last !== '*' || !tied || pattern.endsWith('/')) && matchSegments([...from, '**', '*'], parts)
}
