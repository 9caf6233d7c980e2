/** The settings files of npm, Yarn, pnpm and Bun that apply to a command, as far as they are there at that place. */
import { parse as parseToml } from 'smol-toml'
import { beforeOf, type Command } from '../commands.ts'
import { takesIn } from '../dockerfile/context.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { joined, jsonOf, type Table, tableOf } from '../workspaces.ts'
import { childOf, readYaml, textOf, type YamlNode } from '../yaml.ts'
import { type Manager, major, namedVersion, npmLock, rootsOf } from './npm-family.ts'

/** A settings file that applies; null where it is not there, or an image build does not take it in. */
export function settingsFile(repo: Snapshot, command: Command | null, path: string): SourceFile | null {
  const file = repo.files.get(path)
  if (!file || file.mode === '120000') return null
  return command?.taken && !takesIn(repo, command.taken, path) ? null : file
}

/** The settings files of that name in the package root and in the workspace root. */
export function settingsFiles(repo: Snapshot, command: Command | null, cwd: string | null, name: string): SourceFile[] {
  const roots = rootsOf(repo, cwd)
  if (!roots) return []
  return [...new Set([roots.own, roots.top])].flatMap(folder => settingsFile(repo, command, joined(folder, name)) ?? [])
}

/** A value of an `.npmrc` (`key=value`, a later line wins); undefined where the file does not say. */
export function npmrcValue(file: SourceFile, key: string): string | undefined {
  const lines = [...file.text.matchAll(/^[ \t]*([\w-]+)[ \t]*(?:=[ \t]*([^\r\n]*?))?[ \t]*\r?$/gm)]
  const found = lines.findLast(([, name]) => name === key)
  return found ? (found[2] ?? 'true').replace(/^["']|["']$/g, '') : undefined
}

/** A value of Yarn's first generation's `.yarnrc`: `key value`, also as a flag of a command. */
export function yarnrcValue(file: SourceFile, key: string): string | undefined {
  return new RegExp(`^\\s*"?(?:--(?:install\\.)?)?${key}"?\\s+"?(\\w+)"?\\s*$`, 'm').exec(file.text)?.[1]
}

export function yamlRoot(file: SourceFile): YamlNode | undefined {
  const read = readYaml(file)
  return read.ok ? read.root : undefined
}

/** A value of `.yarnrc.yml` or `pnpm-workspace.yaml`. */
export function yamlValue(file: SourceFile, key: string): string | undefined {
  return textOf(childOf(yamlRoot(file), key))
}

export function bunfigInstall(file: SourceFile): Table {
  try {
    return tableOf(tableOf(parseToml(file.text))?.install) ?? {}
  } catch {
    // A bunfig that cannot be parsed says nothing, and Bun would not start with it.
    return {}
  }
}

/** Environment names are compared without case, as npm does. */
export function envValue(command: Command | null, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return [...(command?.env ?? [])].findLast(([key]) => key.toLowerCase() === wanted)?.[1]
}

export function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|1|yes|on)$/i.test(value)
}

export function isOff(value: string | undefined): boolean {
  return value !== undefined && /^(?:false|0|no|off)$/i.test(value)
}

/** Whether Yarn here is of the second generation or later, and which fact says so. */
export function isBerry(repo: Snapshot, cwd: string | null): boolean {
  const named = namedVersion(repo, cwd, 'yarn')
  if (named) return major(named.version) >= 2
  const roots = rootsOf(repo, cwd)
  if (!roots) return false
  if ([roots.own, roots.top].some(folder => repo.files.has(joined(folder, '.yarnrc.yml')))) return true
  const lock = repo.files.get(npmLock(repo, cwd, 'yarn') ?? '')
  return lock !== undefined && /^__metadata:/m.test(lock.text)
}

const installersBefore = beforeOf(({ argv: [program = '', verb = '', ...rest] }) => {
  if (/^(?:corepack|volta)$/.test(program)) return /^(?:prepare|use|install|up)$/.test(verb)
  const isGlobal = rest.concat(verb).some(word => /^(?:-g|--global|--location=global)$/.test(word))
  return program === 'npm' && isGlobal && /^(?:i|install|add|up|update)$/.test(verb)
})

/** A version that an earlier command of the same job or stage installed: `npm i -g npm@12`, `corepack prepare`. */
export function installedBefore(command: Command, manager: Manager): { version: string; by: string } | null {
  let found: { version: string; by: string } | null = null
  const named = new RegExp(`^${manager}(?:@(?:latest|[\\^~]?v?(\\d[\\w.-]*)))?$`)
  for (const { argv } of installersBefore(command)) {
    const match = argv
      .slice(2)
      .map(word => named.exec(word))
      .find(one => one !== null)
    // Without a version it is the newest, and so younger than the one that changed its default.
    if (match) found = { version: match[1] ?? 'latest', by: `\`${argv.join(' ')}\`` }
  }
  return found
}

/** Where the key of `config set` stands among the words that are no options; 0 where it is no such command. */
function placeOfKey([, first, second]: readonly string[]): number {
  if (first === 'config' && second === 'set') return 3
  return first === 'set' ? 2 : 0
}

function writesNpmrc({ redirects }: Command): boolean {
  return redirects.some(target => target.endsWith('npmrc'))
}

const settingsBefore = beforeOf(
  command => writesNpmrc(command) || placeOfKey(command.argv.filter(word => !word.startsWith('-'))) > 0,
)

/** `config set` of an earlier command in the same job or stage; a later one wins. */
export function configuredBefore(command: Command, manager: Manager, key: string): string | undefined {
  let value: string | undefined
  for (const earlier of settingsBefore(command)) {
    const { argv } = earlier
    const words = argv.filter(word => !word.startsWith('-'))
    const place = placeOfKey(words)
    if (place > 0 && (words[0] === manager || (words[0] === 'npm' && manager === 'pnpm'))) {
      const [name = '', ...rest] = (words[place] ?? '').split('=')
      if (name === key) value = rest.length > 0 ? rest.join('=') : (words[place + 1] ?? 'true')
    }
    const line =
      writesNpmrc(earlier) && manager !== 'bun'
        ? new RegExp(`(?:^|\\s|\\\\n)${key}\\s*=\\s*(\\w+)`).exec(argv.slice(1).join(' '))
        : null
    if (line) value = line[1]
  }
  return value
}

/** Keys under `pnpm` in the package.json of the workspace root. */
export function pnpmField(repo: Snapshot, top: string): Table {
  return tableOf(jsonOf(repo, joined(top, 'package.json'))?.pnpm) ?? {}
}
