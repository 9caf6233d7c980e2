/** Whether packages that a command of the npm family installs can run code, and which setting decides. */
import type { Command } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { joined, jsonOf, stringsOf, tableOf } from '../workspaces.ts'
import { childOf, itemsOf, textOf } from '../yaml.ts'
import { type Manager, major, type NpmCommand, namedVersion, npmLock, rootsOf } from './npm-family.ts'
import {
  configuredBefore,
  envValue,
  installedBefore,
  isBerry,
  isOff,
  isOn,
  npmrcValue,
  pnpmField,
  settingsFiles,
  yamlRoot,
  yamlValue,
  yarnrcValue,
} from './npm-settings.ts'

/** `by`: the setting that decided. */
export type ScriptsOff = { off: boolean; by: string }

/** `command` null: the package root itself, where no command is known. */
export type Where = { repo: Snapshot; command: Command | null; install: NpmCommand | null; cwd: string | null }

export function scriptsOff(where: Where, manager: Manager): ScriptsOff {
  if (manager === 'bun')
    return { off: true, by: 'Bun runs no scripts of dependencies but those in `trustedDependencies`' }
  if (manager === 'yarn' && isBerry(where.repo, where.cwd)) return berry(where)
  const told = toldToIgnore(where, manager)
  if (told) return told
  return manager === 'pnpm'
    ? pnpm(where)
    : manager === 'npm'
      ? npm(where)
      : { off: false, by: 'Yarn 1 runs them by default' }
}

/** What npm, pnpm and Yarn 1 have in common: the flag, the environment, `config set`, `.npmrc`. */
function toldToIgnore({ repo, command, install, cwd }: Where, manager: Manager): ScriptsOff | null {
  const flag =
    install?.flags.get('--ignore-scripts') ?? (install?.flags.has('--no-ignore-scripts') ? 'false' : undefined)
  if (flag !== undefined)
    return { off: !isOff(flag), by: `the flag \`--ignore-scripts${isOff(flag) ? '=false' : ''}\`` }
  for (const name of [
    'npm_config_ignore_scripts',
    ...(manager === 'npm' ? [] : [`${manager}_config_ignore_scripts`, 'yarn_ignore_scripts']),
  ]) {
    const value = envValue(command, name)
    if (value !== undefined && (isOn(value) || isOff(value)))
      return { off: isOn(value), by: `\`${name.toUpperCase()}: ${value}\` in its environment` }
  }
  const set = command ? configuredBefore(command, manager, 'ignore-scripts') : undefined
  if (set !== undefined) return { off: isOn(set), by: `\`${manager} config set ignore-scripts ${set}\` before it` }
  if (install?.isGlobal) return null
  for (const file of settingsFiles(repo, command, cwd, '.npmrc')) {
    const value = npmrcValue(file, 'ignore-scripts')
    if (value !== undefined) return { off: isOn(value), by: `\`ignore-scripts=${value}\` in \`${file.path}\`` }
  }
  if (manager !== 'yarn') return null
  for (const file of settingsFiles(repo, command, cwd, '.yarnrc')) {
    const value = yarnrcValue(file, 'ignore-scripts')
    if (value !== undefined) return { off: isOn(value), by: `\`ignore-scripts ${value}\` in \`${file.path}\`` }
  }
  return null
}

function npm({ repo, command, install, cwd }: Where): ScriptsOff {
  const allowsAll =
    isOn(install?.flags.get('--dangerously-allow-all-scripts')) ||
    settingsFiles(repo, command, cwd, '.npmrc').some(file => isOn(npmrcValue(file, 'dangerously-allow-all-scripts')))
  const installed = command ? installedBefore(command, 'npm') : null
  const named = namedVersion(repo, cwd, 'npm')
  const strict = settingsFiles(repo, command, cwd, '.npmrc').some(file => isOn(npmrcValue(file, 'engine-strict')))
  const roots = rootsOf(repo, cwd)
  const engine = roots ? String(tableOf(jsonOf(repo, joined(roots.own, 'package.json'))?.engines)?.npm ?? '') : ''
  const least = /^(?:>=|\^|~)?\s*v?(\d+)(?:\.[\dx]+)*(?:\s+<.*)?$/.exec(engine.trim())?.[1]
  const facts = [
    installed ? { version: installed.version, by: `${installed.by} before it` } : null,
    named ? { version: named.version, by: `\`${named.key}\` in \`${named.path}\`` } : null,
    strict && least ? { version: least, by: '`engines.npm` with `engine-strict`' } : null,
  ]
  const fact = facts.find(one => one !== null)
  if (!fact)
    return { off: false, by: 'no setting turns them off, and no npm of version 12 or later is named, which would' }
  const blocks = fact.version === 'latest' || major(fact.version) >= 12
  if (blocks && allowsAll) return { off: false, by: '`dangerously-allow-all-scripts` lets npm run them all' }
  return { off: blocks, by: `npm ${fact.version} (${fact.by}) ${blocks ? 'blocks them' : 'runs them'} by default` }
}

function pnpm({ repo, command, install, cwd }: Where): ScriptsOff {
  const roots = rootsOf(repo, cwd)
  const top = roots?.top ?? cwd ?? ''
  const [workspace] = install?.isGlobal ? [] : settingsFiles(repo, command, top, 'pnpm-workspace.yaml')
  const field = install?.isGlobal ? {} : pnpmField(repo, top)
  if (workspace && isOn(yamlValue(workspace, 'ignoreScripts')))
    return { off: true, by: `\`ignoreScripts\` in \`${workspace.path}\`` }
  const all =
    (workspace && isOn(yamlValue(workspace, 'dangerouslyAllowAllBuilds'))) ||
    field.dangerouslyAllowAllBuilds === true ||
    settingsFiles(repo, command, cwd, '.npmrc').some(file => isOn(npmrcValue(file, 'dangerously-allow-all-builds')))
  if (all || isOn(install?.flags.get('--dangerously-allow-all-builds')))
    return { off: false, by: '`dangerouslyAllowAllBuilds` lets pnpm run them all' }
  for (const key of ['onlyBuiltDependencies', 'allowBuilds']) {
    const list = workspace ? childOf(yamlRoot(workspace), key) : undefined
    const names =
      list?.kind === 'map'
        ? list.entries.filter(({ value }) => textOf(value) === 'true').map(entry => entry.key)
        : itemsOf(list).flatMap(item => textOf(item) ?? [])
    if (list) return { off: true, by: `\`${key}\` in \`${workspace?.path}\` allows ${listed(names)}` }
    if (field[key] !== undefined) {
      const own = Array.isArray(field[key]) ? stringsOf(field[key]) : Object.keys(tableOf(field[key]) ?? {})
      return { off: true, by: `\`pnpm.${key}\` in \`${joined(top, 'package.json')}\` allows ${listed(own)}` }
    }
  }
  return pnpmVersion(repo, command, cwd)
}

function pnpmVersion(repo: Snapshot, command: Command | null, cwd: string | null): ScriptsOff {
  const installed = command ? installedBefore(command, 'pnpm') : null
  const setup = command?.unit.actions.findLast(
    ({ name, order }) => name === 'pnpm/action-setup' && order < command.order,
  )
  const setupVersion = setup?.inputs.get('version')
  const named = namedVersion(repo, cwd, 'pnpm')
  const facts = [
    installed ? { version: installed.version, by: `${installed.by} before it` } : null,
    setupVersion ? { version: setupVersion, by: '`version` of pnpm/action-setup' } : null,
    named ? { version: named.version, by: `\`${named.key}\` in \`${named.path}\`` } : null,
  ]
  const started = facts.find(one => one !== null)
  // From version 10 on pnpm hands over to the version that packageManager names.
  const fact = started && named?.key === 'packageManager' && isTen(started.version) ? facts[2] : started
  if (fact) {
    const blocks = isTen(fact.version)
    return { off: blocks, by: `pnpm ${fact.version} (${fact.by}) ${blocks ? 'blocks them' : 'runs them'} by default` }
  }
  const lock = repo.files.get(npmLock(repo, cwd, 'pnpm') ?? '')
  const format = /^lockfileVersion:\s*['"]?([\d.]+)/m.exec(lock?.text ?? '')?.[1]
  if (format && major(format) <= 6)
    return { off: false, by: `\`lockfileVersion: ${format}\` is of a pnpm older than 10, which runs them` }
  return { off: false, by: 'no version of pnpm is named; 10 and later block them, older ones run them' }
}

function isTen(version: string): boolean {
  return /^(?:latest|next)/.test(version) || major(version.replace(/^[\^~>=v\s]+/, '')) >= 10
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'no package'
  const shown = names.slice(0, 5).map((name, index) => `${index === 0 ? 'only ' : ''}\`${name}\``)
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ')
}

function berry({ repo, command, install, cwd }: Where): ScriptsOff {
  if (/^skip-builds?$/.test(install?.flags.get('--mode') ?? '') || install?.flags.has('--skip-builds'))
    return { off: true, by: 'the flag `--mode=skip-build`' }
  const env = envValue(command, 'YARN_ENABLE_SCRIPTS')
  if (isOn(env) || isOff(env)) return { off: isOff(env), by: `\`YARN_ENABLE_SCRIPTS: ${env}\` in its environment` }
  const set = command ? configuredBefore(command, 'yarn', 'enableScripts') : undefined
  if (set !== undefined) return { off: isOff(set), by: `\`yarn config set enableScripts ${set}\` before it` }
  const files = settingsFiles(repo, command, cwd, '.yarnrc.yml')
  for (const file of files) {
    const value = yamlValue(file, 'enableScripts')
    if (value !== undefined) return { off: isOff(value), by: `\`enableScripts: ${value}\` in \`${file.path}\`` }
  }
  const named = namedVersion(repo, cwd, 'yarn')
  const path = files
    .map(file => /yarn-(\d+\.\d+[\w.-]*)\.c?js/.exec(yamlValue(file, 'yarnPath') ?? '')?.[1])
    .find(version => version !== undefined)
  const lock = repo.files.get(npmLock(repo, cwd, 'yarn') ?? '')
  const format = /^__metadata:\s*\n(?:\s+\w+:.*\n)*?\s+version:\s*['"]?(\d+)/m.exec(lock?.text ?? '')?.[1]
  const version = path ?? named?.version
  if (version) {
    const [first = 0, second = 0] = version.split('.').map(Number)
    const blocks = first > 4 || (first === 4 && second >= 14)
    return {
      off: blocks,
      by: `Yarn ${version} (${path ? '`yarnPath`' : '`packageManager`'}) ${blocks ? 'blocks them' : 'runs them'} by default`,
    }
  }
  if (format && Number(format) >= 9)
    return { off: true, by: `the lock (\`version: ${format}\`) is of Yarn 4.14 or later, which blocks them by default` }
  return { off: false, by: '`enableScripts` is not set to false, and no Yarn of version 4.14 or later is named' }
}
