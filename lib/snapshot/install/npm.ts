/** Whether a command of npm, Yarn, pnpm or Bun installs exactly what is locked. */
import type { Command } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { installsNothing, type NpmCommand, npmCommandOf, npmLock, rootsOf } from './npm-family.ts'
import {
  bunfigInstall,
  configuredBefore,
  envValue,
  isBerry,
  isOff,
  isOn,
  npmrcValue,
  settingsFiles,
  yamlValue,
  yarnrcValue,
} from './npm-settings.ts'
import { addAfter, hidesFlags, type InstallVerdict, judgePackages, type Pin, RIGHT, shown, wrong } from './verdict.ts'

const EXACT = /^v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/

/** Null where the command installs nothing, or nothing that can be told. */
export function judgeNpm(repo: Snapshot, command: Command): InstallVerdict | null {
  const install = npmCommandOf(command)
  if (!install || installsNothing(install)) return null
  if (install.verb === 'rebuild') return null
  if (install.verb === 'frozen' || install.verb === 'fetch') return RIGHT
  if (install.verb === 'add') return judgeAdd(command, install)
  if (install.verb === 'update') return judgeUpdate(command, install)
  if (install.isGlobal) return null
  if (install.manager === 'npm') return judgeNpmInstall(repo, command, install)
  return isFrozen(repo, command, install) && !isLockless(repo, install) ? RIGHT : notFrozen(repo, command, install)
}

/** pnpm in CI and the first Yarn let a lock pass that is not there at all; the others fail then. */
function isLockless(repo: Snapshot, { manager, cwd, flags }: NpmCommand): boolean {
  const fails = manager === 'bun' || (manager === 'pnpm' && flags.has('--frozen-lockfile')) || isBerry(repo, cwd)
  return !fails && rootsOf(repo, cwd) !== null && npmLock(repo, cwd, manager) === null
}

function judgeUpdate(command: Command, install: NpmCommand): InstallVerdict {
  if (install.isGlobal)
    return wrong(`\`${shown(command)}\` takes whatever is newest when it runs. Install an exact version.`)
  return wrong(
    `\`${shown(command)}\` takes newer versions than the lock names. Update in a pull request and install with ${frozenForm(install)} here.`,
  )
}

function judgeNpmInstall(repo: Snapshot, command: Command, { cwd, verbWord }: NpmCommand): InstallVerdict {
  const lock = npmLock(repo, cwd, 'npm')
  if (!lock)
    return wrong(
      `\`${shown(command)}\` takes whatever versions are newest when it runs. Commit the package-lock.json that it writes, and run \`npm ci\` here.`,
    )
  const isTest = /test$|^it$/.test(verbWord.text)
  const fix = {
    title: `Write npm ${isTest ? 'cit' : 'ci'} instead of npm ${verbWord.text}`,
    safety: 'review' as const,
    edits: [{ start: verbWord.start, end: verbWord.end, text: isTest ? 'cit' : 'ci' }],
  }
  return wrong(
    `\`${shown(command)}\` may install other versions than \`${lock}\` names, and rewrites it. Write \`npm ci\`, which installs exactly what is locked or fails.`,
    fix,
  )
}

function frozenForm({ manager }: NpmCommand): string {
  return manager === 'npm'
    ? '`npm ci`'
    : manager === 'yarn'
      ? '`yarn install --immutable`'
      : `\`${manager} install --frozen-lockfile\``
}

function isFrozen(repo: Snapshot, command: Command, install: NpmCommand): boolean {
  const { manager, flags, cwd } = install
  const isImage = command.unit.kind === 'stage'
  const isCi = isImage
    ? /^(?:true|1|woodpecker)$/i.test(command.env.get('CI') ?? '')
    : !isOff(command.env.get('CI')) && command.env.get('CI') !== ''
  for (const flag of ['--frozen-lockfile', '--immutable', '--immutable-cache', '--offline']) {
    const value = flags.get(flag)
    if (value !== undefined && flag !== '--offline') return !isOff(value)
  }
  if (flags.has('--no-immutable') || flags.has('--no-frozen-lockfile') || flags.has('--no-lockfile')) return false
  const npmrc = settingsFiles(repo, command, cwd, '.npmrc')
  const config = ['npm_config_frozen_lockfile', 'pnpm_config_frozen_lockfile']
    .map(name => envValue(command, name))
    .find(value => value !== undefined)
  if (manager === 'bun')
    return settingsFiles(repo, command, cwd, 'bunfig.toml').some(file => bunfigInstall(file).frozenLockfile === true)
  if (manager === 'pnpm') {
    const set =
      config ??
      configuredBefore(command, 'pnpm', 'frozen-lockfile') ??
      npmrc.map(file => npmrcValue(file, 'frozen-lockfile')).find(value => value !== undefined)
    const inWorkspace = settingsFiles(repo, command, cwd, 'pnpm-workspace.yaml')
      .map(file => yamlValue(file, 'frozenLockfile'))
      .find(value => value !== undefined)
    return set !== undefined || inWorkspace !== undefined ? isOn(set ?? inWorkspace) : isCi
  }
  if (!isBerry(repo, cwd))
    return settingsFiles(repo, command, cwd, '.yarnrc').some(file => isOn(yarnrcValue(file, 'frozen-lockfile')))
  const env = envValue(command, 'YARN_ENABLE_IMMUTABLE_INSTALLS')
  const set =
    env ??
    configuredBefore(command, 'yarn', 'enableImmutableInstalls') ??
    settingsFiles(repo, command, cwd, '.yarnrc.yml')
      .map(file => yamlValue(file, 'enableImmutableInstalls'))
      .find(value => value !== undefined)
  return set !== undefined ? isOn(set) : isCi
}

function notFrozen(repo: Snapshot, command: Command, install: NpmCommand): InstallVerdict | null {
  const { manager, cwd, verbWord, flags } = install
  // Which Yarn it is shows only in the folder; the two generations have opposite defaults.
  if ((manager === 'yarn' && cwd === null) || hidesFlags(command)) return null
  const berry = manager === 'yarn' && isBerry(repo, cwd)
  const flag = berry ? '--immutable' : '--frozen-lockfile'
  const lock = npmLock(repo, cwd, manager)
  const where =
    command.unit.kind === 'stage' && (berry || manager === 'pnpm')
      ? ', because nothing in the image says `CI=true`'
      : ''
  const told = ['--no-immutable', '--no-frozen-lockfile', '--no-lockfile', '--frozen-lockfile', '--immutable'].find(
    one => flags.has(one),
  )
  const edits = addAfter(verbWord, flag)
  const fix = told || !lock ? null : { title: `Add ${flag} to \`${shown(command)}\``, safety: 'review' as const, edits }
  const reason = lock
    ? `may install other versions than \`${lock}\` names${where}`
    : 'takes whatever versions are newest when it runs; no lock is committed'
  return wrong(
    `\`${shown(command)}\` ${reason}. ${lock ? 'Write' : `Commit the lock of ${manager} and write`} \`${manager} install ${flag}\`, which fails where the lock does not fit.`,
    fix,
  )
}

function judgeAdd(command: Command, { manager, packages, isGlobal }: NpmCommand): InstallVerdict | null {
  const pins = packages.map(({ text, dynamic }) => ({ name: plainName(text), pin: pinOf(text, dynamic) }))
  const isProject = !isGlobal && manager !== 'npm'
  const advice = (name: string) =>
    isGlobal && /^(?:npm|pnpm|yarn|corepack)$/.test(plainName(name))
      ? managerAdvice(plainName(name))
      : isGlobal
        ? `Add ${plainName(name)} to the devDependencies of a package.json with a lock and run it from there; at the least write an exact version, \`${plainName(name)}@x.y.z\`.`
        : `Declare ${plainName(name)} in package.json, commit the lock, and install by the lock.`
  const judged = judgePackages(command, pins, advice)
  if (judged && isProject && !judged.right && judged.weight === 1)
    return wrong(
      `\`${shown(command)}\` changes what is installed past the lock. ${advice(pins.find(({ pin }) => pin === 'loose')?.name ?? '')}`,
    )
  return judged
}

/** Nobody puts the package manager into the project that it installs. */
function managerAdvice(name: string): string {
  if (name === 'corepack')
    return 'Take it from the devDependencies of a package.json with a lock; at the least write an exact version, `corepack@x.y.z`.'
  return name === 'npm'
    ? 'Take the npm that comes with an exact version of Node; at the least write an exact version, `npm@x.y.z`.'
    : `Run \`corepack use ${name}@x.y.z\`, which writes the version and its hash into \`packageManager\` of package.json, and here \`corepack enable\`; at the least write an exact version, \`${name}@x.y.z\`.`
}

export function plainName(spec: string): string {
  return /^(@?[^@]+)@/.exec(spec)?.[1] ?? spec
}

/** How a package on the command line is pinned: `name@1.2.3`, a range or tag, or something that only a run could tell. */
export function pinOf(text: string, dynamic: boolean): Pin {
  if (dynamic || /^(?:\.{0,2}\/|~|file:|link:|\.{1,2}$)|\.(?:tgz|tar\.gz)$|\*/.test(text)) return 'unclear'
  if (/^(?:https?|git[+:]|github:|git@|ssh:)|^[\w.-]+\/[\w.-]+(?:#|$)/.test(text))
    return /#[0-9a-f]{40}$/.test(text) ? 'exact' : 'loose'
  const plain = text.replace(/^@?[^@]+@npm:/, '')
  if (!/^@?[a-z0-9_][\w./-]*(?:@|$)/i.test(plain)) return 'unclear'
  const version = /^@?[^@]+@(.+)$/.exec(plain)?.[1]
  return version !== undefined && EXACT.test(version) ? 'exact' : 'loose'
}
