/** What a command of npm, Yarn, pnpm or Bun does: which verb, which packages, which flags. */
import type { Command } from '../commands.ts'
import { pathsOf } from '../lockfile/read.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'
import { ancestorsOf, isMember, joined, jsonOf, nodeWorkspacesOf, resolved, tableOf } from '../workspaces.ts'

export type Manager = 'npm' | 'yarn' | 'pnpm' | 'bun'
/** `install`: of what the project declares. `frozen`: the verb itself installs exactly what is locked. */
export type Verb = 'install' | 'frozen' | 'add' | 'update' | 'fetch' | 'rebuild'
export type NpmCommand = {
  manager: Manager
  verb: Verb
  verbWord: Word
  packages: Word[]
  flags: ReadonlyMap<string, string>
  isGlobal: boolean
  /** The folder that it works in, with `--prefix`, `-C` and `--cwd` taken in. */
  cwd: string | null
}

const VERBS: Record<Manager, [RegExp, Verb][]> = {
  npm: [
    [/^(?:ci|clean-install|ic|install-clean|isntall-clean|cit|install-ci-test|clean-install-test|sit)$/, 'frozen'],
    [/^(?:install|i|in|ins|inst|insta|instal|isnt|isnta|isntal|isntall|add|it|install-test)$/, 'install'],
    [/^(?:update|up|upgrade|udpate)$/, 'update'],
    [/^(?:rebuild|rb)$/, 'rebuild'],
  ],
  yarn: [
    [/^install$/, 'install'],
    [/^add$/, 'add'],
    [/^(?:up|upgrade)$/, 'update'],
    [/^rebuild$/, 'rebuild'],
  ],
  pnpm: [
    [/^(?:ci|clean-install|ic|install-clean)$/, 'frozen'],
    [/^(?:install|i)$/, 'install'],
    [/^add$/, 'add'],
    [/^(?:update|up|upgrade)$/, 'update'],
    [/^fetch$/, 'fetch'],
    [/^(?:rebuild|rb)$/, 'rebuild'],
  ],
  bun: [
    [/^ci$/, 'frozen'],
    [/^(?:install|i)$/, 'install'],
    [/^(?:add|a)$/, 'add'],
    [/^update$/, 'update'],
  ],
}
const TAKES_VALUE =
  /^(?:-C|-w|-F|--(?:prefix|dir|cwd|workspace|filter|registry|cache|loglevel|userconfig|globalconfig|store-dir|modules-dir|network-timeout|network-concurrency|mutex|cache-folder|modules-folder|omit|include|only|reporter|tag|filter-prod|before|lockfile-dir|virtual-store-dir|child-concurrency|depth|backend|global-dir|fetch-timeout|fetch-retries|cpu|os|libc|install-strategy|location|min-release-age|otp))$/

/** Null where the command installs nothing. */
export function npmCommandOf({ words, cwd }: Pick<Command, 'words' | 'cwd'>): NpmCommand | null {
  const [program, ...rest] = words
  const manager = /^(npm|yarn|yarnpkg|pnpm|bun)(?:\.cmd)?(?:@[\w.-]+)?$/
    .exec(program?.text ?? '')?.[1]
    ?.replace('yarnpkg', 'yarn') as Manager | undefined
  if (!manager || !program) return null
  const flags = new Map<string, string>()
  const plain: Word[] = []
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] as Word
    if (!word.text.startsWith('-') || word.text === '-') {
      plain.push(word)
      continue
    }
    const [name = '', ...value] = word.text.split('=')
    if (value.length > 0) flags.set(name, value.join('='))
    else if (TAKES_VALUE.test(name)) flags.set(name, rest[++at]?.text ?? '')
    else flags.set(name, /^(?:true|false)$/.test(rest[at + 1]?.text ?? '') ? (rest[++at]?.text ?? '') : 'true')
  }
  if (manager === 'pnpm' && /^(?:recursive|multi|m)$/.test(plain[0]?.text ?? '')) plain.shift()
  if (manager === 'yarn' && plain[0]?.text === 'workspace') plain.splice(0, 2)
  const globally = manager === 'yarn' && plain[0]?.text === 'global'
  if (globally) plain.shift()
  const verbWord = plain[0] ?? program
  const asksOnly = ['--version', '-v', '-V', '--help', '-h'].some(flag => flags.has(flag))
  const bare = plain.length === 0 && manager === 'yarn' && !asksOnly
  const found = bare
    ? 'install'
    : plain[0]?.dynamic
      ? undefined
      : VERBS[manager].find(([names]) => names.test(plain[0]?.text ?? ''))?.[1]
  if (!found || asksOnly) return null
  const packages = plain.slice(1)
  const verb = found === 'install' && packages.length > 0 ? 'add' : found
  const isGlobal =
    globally ||
    ['-g', '--global'].some(flag => (flags.get(flag) ?? 'false') !== 'false') ||
    flags.get('--location') === 'global'
  const moved = ['--prefix', '-C', '--dir', '--cwd'].map(flag => flags.get(flag)).find(value => value !== undefined)
  const folder = moved === undefined ? cwd : cwd === null || /^[/~]|\$/.test(moved) ? null : resolved(cwd, moved)
  return { manager, verb, verbWord, packages, flags, isGlobal, cwd: folder }
}

/** True where the command only looks, or writes nothing but a lockfile. */
export function installsNothing({ flags }: NpmCommand): boolean {
  return ['--package-lock-only', '--lockfile-only', '--dry-run', '--mode'].some(flag =>
    flag === '--mode' ? flags.get(flag) === 'update-lockfile' : (flags.get(flag) ?? 'false') !== 'false',
  )
}

/** The package root that a command works in, and the workspace root above it; null where there is no package.json. */
export function rootsOf(repo: Snapshot, cwd: string | null): { own: string; top: string } | null {
  if (cwd === null) return null
  const paths = pathsOf(repo)
  const own = [cwd, ...ancestorsOf(cwd)].find(folder => paths.has(joined(folder, 'package.json')))
  if (own === undefined) return null
  const top = ancestorsOf(own).find(folder => {
    const globs = nodeWorkspacesOf(repo, folder)
    return globs !== null && isMember(globs, folder, own)
  })
  return { own, top: top ?? own }
}

const LOCKS: Record<Manager, string[]> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  yarn: ['yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  bun: ['bun.lock', 'bun.lockb'],
}

/** The lockfile of a manager that an install in this folder works by. */
export function npmLock(repo: Snapshot, cwd: string | null, manager: Manager): string | null {
  const roots = rootsOf(repo, cwd)
  if (!roots) return null
  const paths = pathsOf(repo)
  const folders = [roots.own, roots.top]
  return (
    folders.flatMap(folder => LOCKS[manager].map(name => joined(folder, name))).find(path => paths.has(path)) ?? null
  )
}

/** The version that `packageManager` or `devEngines` of the nearest package.json upwards names for a manager. */
export function namedVersion(
  repo: Snapshot,
  cwd: string | null,
  manager: Manager,
): { version: string; path: string; key: string } | null {
  if (cwd === null) return null
  for (const folder of [cwd, ...ancestorsOf(cwd)]) {
    const path = joined(folder, 'package.json')
    const manifest = jsonOf(repo, path)
    const [, name, version] = /^(\w+)@v?(\d[\w.-]*)/.exec(String(manifest?.packageManager ?? '')) ?? []
    if (name !== undefined && version !== undefined)
      return name === manager ? { version, path, key: 'packageManager' } : null
    const engine = tableOf(tableOf(manifest?.devEngines)?.packageManager)
    const least = /^(?:>=|[\^~=])?\s*v?(\d[\w.-]*)$/.exec(String(engine?.version ?? '').trim())?.[1]
    if (engine?.name === manager && least !== undefined) return { version: least, path, key: 'devEngines' }
  }
  return null
}

export function major(version: string): number {
  return Number.parseInt(version, 10)
}
