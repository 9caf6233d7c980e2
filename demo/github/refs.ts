import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runGit } from './git-process.ts'

/** The refs of one repository. `head` is null where its default branch has no commit (an empty repository). */
export type Refs = {
  defaultBranch: string
  head: string | null
  branches: ReadonlyMap<string, string>
  tags: ReadonlyMap<string, string>
  /** When the newest commit of any branch was committed. */
  pushedAt: Date | null
}

/** What git says of one ref. */
type Listed = { name: string; oid: string; committedAt: Date | null }

/** A value that changes when a ref does, without starting git: the times of the files that hold refs. */
export function refsSignature(gitDir: string, below = 'refs'): string {
  const time = (path: string) => statSync(join(gitDir, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const folders = (path: string): string[] => [
    path,
    ...entriesOf(join(gitDir, path))
      .filter(entry => entry.isDirectory())
      .flatMap(entry => folders(`${path}/${entry.name}`)),
  ]
  return ['HEAD', 'packed-refs', ...folders(below)].map(path => `${path}:${time(path)}`).join(' ')
}

/** A folder that git emptied and removed since it was listed holds nothing. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Every ref below a prefix. Dates mean that git reads each commit, which takes long for thousands of tags. */
export async function listRefs(
  gitDir: string,
  prefix: string,
  dates: 'with-dates' | 'without-dates',
): Promise<Listed[]> {
  const date = dates === 'with-dates' ? '%(committerdate:unix)' : ''
  const format = `--format=%(objectname) ${date} %(refname)`
  const text = (await runGit([`--git-dir=${gitDir}`, 'for-each-ref', format, prefix])).toString('utf8')
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [oid = '', seconds = '', ...name] = line.split(' ')
      return { name: name.join(' '), oid, committedAt: seconds === '' ? null : new Date(Number(seconds) * 1000) }
    })
}

/** Sorts listed refs into branches and tags. `prefix` stands before `heads/` and `tags/`. */
export function refsOf(listed: readonly Listed[], prefix: string, defaultBranch: string): Refs {
  const branches = new Map<string, string>()
  const tags = new Map<string, string>()
  let newest = Number.NEGATIVE_INFINITY
  for (const { name, oid, committedAt } of listed) {
    if (name.startsWith(`${prefix}heads/`)) {
      branches.set(name.slice(prefix.length + 6), oid)
      newest = Math.max(newest, committedAt?.getTime() ?? newest)
    } else if (name.startsWith(`${prefix}tags/`)) tags.set(name.slice(prefix.length + 5), oid)
  }
  const pushedAt = Number.isFinite(newest) ? new Date(newest) : null
  return { defaultBranch, head: branches.get(defaultBranch) ?? null, branches, tags, pushedAt }
}

/** The refs of a bare repository. A HEAD that names no branch there is mended: mirrors often come with such a one. */
export async function readRefs(gitDir: string): Promise<Refs> {
  const named = /^ref: refs\/heads\/(.+)$/m.exec(readFileSync(join(gitDir, 'HEAD'), 'utf8'))?.[1] ?? 'main'
  const [heads, tags] = await Promise.all([
    listRefs(gitDir, 'refs/heads/', 'with-dates'),
    listRefs(gitDir, 'refs/tags/', 'without-dates'),
  ])
  const refs = refsOf([...heads, ...tags], 'refs/', named)
  if (refs.head !== null || refs.branches.size === 0) return refs
  const [first] = refs.branches.keys()
  const defaultBranch = ['main', 'master'].find(name => refs.branches.has(name)) ?? first ?? named
  return { ...refs, defaultBranch, head: refs.branches.get(defaultBranch) ?? null }
}
