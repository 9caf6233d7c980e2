/** What an install with scripts off would miss: the locked packages that bring one, and the project's own. */
import { readLockfile } from '../lockfile/read.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { joined, jsonOf, nodeWorkspacesOf, tableOf } from '../workspaces.ts'
import { type Manager, npmLock, rootsOf } from './npm-family.ts'

/**
 * `packages` null where the lock does not say which of them bring one. `own`: names of the project's own scripts;
 * `members`: whether it has workspaces, whose own scripts run as well.
 */
export type LockedScripts = { packages: readonly string[] | null; own: readonly string[]; members: boolean }

/** What npm and pnpm run of a project's own when they install it. */
const LIFECYCLE = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']

export function lockedScripts(repo: Snapshot, cwd: string | null, manager: Manager): LockedScripts {
  const roots = rootsOf(repo, cwd)
  if (roots === null) return { packages: null, own: [], members: false }
  const scripts = tableOf(jsonOf(repo, joined(roots.own, 'package.json'))?.scripts) ?? {}
  const own = LIFECYCLE.filter(name => typeof scripts[name] === 'string')
  const path = npmLock(repo, cwd, manager)
  const file = path === null ? undefined : repo.files.get(path)
  const members = roots.top !== roots.own || nodeWorkspacesOf(repo, roots.top) !== null
  return { packages: file === undefined ? null : packagesWithScripts(file), own, members }
}

const known = new WeakMap<SourceFile, readonly string[] | null>()

function packagesWithScripts(file: SourceFile): readonly string[] | null {
  const found = known.get(file)
  if (found !== undefined) return found
  const made = read(file)
  known.set(file, made)
  return made
}

/** npm marks them from lock version 2 on, pnpm up to 8; the others do not. */
function read(file: SourceFile): string[] | null {
  const lock = readLockfile(file)
  if (!lock.ok) return null
  const { format, entries } = lock.lock
  const mark = /^package-lock v[23]$/.test(format)
    ? /^\s*"hasInstallScript":\s*true/
    : /^pnpm/.test(format) && /^lockfileVersion:\s*'?[56]/m.test(file.text)
      ? /^\s*requiresBuild:\s*true/
      : null
  if (mark === null) return null
  const byLine = [...entries].sort((a, b) => a.line - b.line)
  const names = new Set<string>()
  let at = 0
  for (const [index, line] of file.text.split('\n').entries()) {
    if (!mark.test(line)) continue
    while (at + 1 < byLine.length && (byLine[at + 1]?.line ?? 0) <= index + 1) at++
    const entry = byLine[at]
    if (entry !== undefined && entry.line <= index + 1) names.add(entry.name)
  }
  return [...names].sort()
}
