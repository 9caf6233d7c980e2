/** What to write so that an install runs no scripts, and what is then to be run by name. */
import type { Command } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { joined } from '../workspaces.ts'
import { type LockedScripts, lockedScripts } from './lock-scripts.ts'
import { type Manager, type NpmCommand, rootsOf } from './npm-family.ts'
import { isBerry } from './npm-settings.ts'
import { type CommandFix, shown } from './verdict.ts'

export function adviceFor(repo: Snapshot, { manager, cwd, isGlobal, verb }: NpmCommand): string {
  if (isGlobal) return `Add \`--ignore-scripts\`.`
  if (manager === 'yarn' && isBerry(repo, cwd)) return 'Write `enableScripts: false` into `.yarnrc.yml`.'
  const home = rootsOf(repo, cwd)
  const file = home === null ? 'the `.npmrc` beside package.json' : `\`${joined(home.top, '.npmrc')}\``
  const versions = manager === 'pnpm' ? ', or name pnpm 10 or later in `packageManager`' : ''
  const missed = verb === 'add' ? '' : whatIsMissed(lockedScripts(repo, cwd, manager), manager)
  return `Add \`--ignore-scripts\`, or write \`ignore-scripts=true\` into ${file}${versions}.${missed}`
}

export function rootAdvice(repo: Snapshot, cwd: string, manager: Manager): string {
  if (manager === 'yarn' && isBerry(repo, cwd))
    return `Write \`enableScripts: false\` into \`${joined(cwd, '.yarnrc.yml')}\`.`
  const versions = manager === 'pnpm' ? ', or name pnpm 10 or later in `packageManager`' : ''
  const missed = whatIsMissed(lockedScripts(repo, cwd, manager), manager)
  return `Write \`ignore-scripts=true\` into \`${joined(cwd, '.npmrc')}\`${versions}.${missed}`
}

function whatIsMissed({ packages, own }: LockedScripts, manager: Manager): string {
  if (manager === 'yarn') return ''
  const run = own.length === 0 ? '' : ` Its own ${listed(own)} then runs only by \`npm run\`.`
  if (packages === null)
    return ` Where a package needs its script, run \`${manager} rebuild <package>\` after it.${run}`
  if (packages.length === 0) return ` No locked package has a script, so none is missed.${run}`
  return ` ${packages.length === 1 ? 'The one locked package with a script is' : 'The locked packages with a script are'} ${listed(packages)}; where it is needed, run \`${manager} rebuild ${packages[0]}\` after it.${run}`
}

function listed(names: readonly string[]): string {
  const most = names.slice(0, 5).map(name => `\`${name}\``)
  return names.length > 5 ? `${most.join(', ')} and ${names.length - 5} more` : most.join(', ')
}

/**
 * The flag for one command. It is safe only where the lock tells that no package has a script and the project has none:
 * then nothing is left out that ran before.
 */
export function flagFor(repo: Snapshot, command: Command, install: NpmCommand): CommandFix {
  const { manager, cwd, verb, isGlobal, verbWord } = install
  const flag = manager === 'yarn' && isBerry(repo, cwd) ? '--mode=skip-build' : '--ignore-scripts'
  const { packages, own, members } = lockedScripts(repo, cwd, manager)
  const isNothing = verb === 'frozen' && !isGlobal && packages?.length === 0 && own.length === 0 && !members
  return {
    title: `Add ${flag} to \`${shown(command)}\``,
    safety: isNothing ? 'safe' : 'review',
    edits: [{ start: verbWord.end, end: verbWord.end, text: ` ${flag}`, anyOrder: true }],
  }
}
