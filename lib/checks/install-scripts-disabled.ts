import { defineCheck, type Finding, type Patch, workflowOfTests } from '../check.ts'
import { type Command, commandsOf } from '../snapshot/commands.ts'
import {
  installsNothing,
  type Manager,
  type NpmCommand,
  namedVersion,
  npmCommandOf,
  npmLock,
  rootsOf,
} from '../snapshot/install/npm-family.ts'
import { isBerry, isOn, npmrcValue } from '../snapshot/install/npm-settings.ts'
import { adviceFor, flagFor, rootAdvice } from '../snapshot/install/scripts-advice.ts'
import { type ScriptsOff, scriptsOff } from '../snapshot/install/scripts-off.ts'
import { hidesFlags, shown } from '../snapshot/install/verdict.ts'
import { evidenceOf, lineAt, lineBreakOf } from '../snapshot/lines.ts'
import type { Snapshot, SourceFile, Unread } from '../snapshot/snapshot.ts'
import { filesWhere } from '../snapshot/workflow.ts'
import { folderOf, joined, jsonOf, tableOf } from '../snapshot/workspaces.ts'

type Install = { command: Command; install: NpmCommand; state: ScriptsOff }

export const installScriptsDisabled = defineCheck({
  id: 'install-scripts-disabled',
  item: 'install-without-scripts',
  title: 'Installing npm packages runs no code',
  severity: 'high',
  version: 2,
  rationale:
    'A package of npm can run code the moment it is installed, before anything of it is imported. The worms of 2025 (Shai-Hulud and its kin) spread by exactly this: one install on a build machine gave them its secrets.',
  remediation:
    'Write `ignore-scripts=true` into the `.npmrc` beside package.json, or `--ignore-scripts` behind each install; with Yarn `enableScripts: false`, with pnpm use version 10 or later. Build the few packages that need it by name: `npm rebuild <package>`.',
  mapsTo: { scorecard: [], zizmor: [], osps: [], slsa: ['dependency-track'], cis: [] },
  references: [
    { id: 'ignore-scripts', url: 'https://docs.npmjs.com/cli/using-npm/config#ignore-scripts' },
    { id: 'npm-security', url: 'https://cheatsheetseries.owasp.org/cheatsheets/NPM_Security_Cheat_Sheet.html' },
  ],
  reads: ['tree', 'workflows'],

  run(repo) {
    const { commands, unread: unreadScripts } = commandsOf(repo)
    const unread = [...unreadScripts, ...repo.unread.filter(decides)]
    const installs = installsOf(repo, commands)
    if (installs.length === 0 && !commands.some(installsSomething)) return { ...judgeRoots(repo), unread }
    const rebuilds = commands.filter(command => npmCommandOf(command)?.verb === 'rebuild')
    const findings = installs.flatMap(one => findingOf(repo, one, rebuilds))
    const notes = installs
      .filter(({ state }) => state.off)
      .map(({ command, state }) => `${placeOf(command)} \`${shown(command)}\`: ${state.by}`)
    return { examined: installs.length, findings, notes: notes.slice(0, 20), unread }
  },

  example: {
    failing: {
      'package.json': '{ "dependencies": { "left-pad": "1.3.0" } }\n',
      '.github/workflows/ci.yml': workflow('npm ci'),
    },
    fixed: { '.github/workflows/ci.yml': workflow('npm ci --ignore-scripts') },
  },
})

/** Unread files in which an install or what decides it may stand; a lock of Ruby that is too large is none. */
function decides({ part, path }: Unread): boolean {
  return part === 'files' && (path === null || DECIDES.test(path))
}

const DECIDES =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-(?:lock|workspace)\.yaml|bun\.lockb?|bunfig\.toml|\.npmrc|\.yarnrc(?:\.yml)?|[^/]*(?:Docker|Container)file[^/]*|[^/]*\.dockerfile|\.dockerignore|[Mm]akefile|justfile|[^/]+\.(?:sh|bash))$/

/** Each place once; where several jobs reach it, the one that runs scripts decides. */
function installsOf(repo: Snapshot, commands: readonly Command[]): Install[] {
  const byPlace = new Map<string, Install>()
  for (const command of commands) {
    const install = npmCommandOf(command)
    if (!install || !installsSomething(command)) continue
    const state = stateOf(repo, command, install)
    if (!state) continue
    const key = `${command.place.file.path}:${command.place.start}:${command.exact ? '' : command.argv.join(' ')}`
    const known = byPlace.get(key)
    if (!known || (known.state.off && !state.off)) byPlace.set(key, { command, install, state })
  }
  return [...byPlace.values()]
}

function installsSomething(command: Command): boolean {
  const install = npmCommandOf(command)
  return install !== null && install.verb !== 'rebuild' && install.verb !== 'fetch' && !installsNothing(install)
}

/** Null where it cannot be told: the folder is not known, and its settings may be anything. */
function stateOf(repo: Snapshot, command: Command, install: NpmCommand): ScriptsOff | null {
  const { cwd, manager, isGlobal } = install
  const state = scriptsOff({ repo, command, install, cwd: isGlobal ? null : cwd }, manager)
  if (state.off || isGlobal) return state
  return cwd === null || hidesFlags(command) ? null : state
}

function findingOf(repo: Snapshot, { command, install, state }: Install, rebuilds: readonly Command[]): Finding[] {
  const name = shown(command)
  if (state.off) return undoneBy(repo, command, install, rebuilds)
  const message = `\`${name}\` lets the packages that it installs run code: ${state.by}.${notCopied(repo, command, install)} ${adviceFor(repo, install)}`
  const patch = patchFor(repo, command, install, state)
  return [{ message, evidence: evidenceOf(command.place), ...(patch ? { patch } : {}) }]
}

function undoneBy(
  repo: Snapshot,
  command: Command,
  { manager, cwd }: NpmCommand,
  rebuilds: readonly Command[],
): Finding[] {
  for (const later of rebuilds) {
    if (later.unit !== command.unit || later.order <= command.order) continue
    const rebuild = npmCommandOf(later)
    if (rebuild?.manager !== manager || manager === 'yarn' || rebuild.packages.length > 0 || rebuild.cwd !== cwd)
      continue
    if (scriptsOff({ repo, command: later, install: rebuild, cwd }, manager).off) continue
    const message = `\`${shown(later)}\` runs after all the scripts that \`${shown(command)}\` left out. Name the packages that need it: \`${manager} rebuild <package>\`.`
    return [{ message, evidence: evidenceOf(later.place) }]
  }
  return []
}

/** A settings file that would help, but is not in the image when the command runs. */
function notCopied(repo: Snapshot, command: Command, { cwd, isGlobal }: NpmCommand): string {
  if (!command.taken || isGlobal) return ''
  const roots = rootsOf(repo, cwd)
  const path = [roots?.own, roots?.top]
    .flatMap(folder => (folder === undefined ? [] : joined(folder, '.npmrc')))
    .find(one => repo.files.has(one))
  const file = path === undefined ? undefined : repo.files.get(path)
  return file && isOn(npmrcValue(file, 'ignore-scripts'))
    ? ` \`${path}\` turns them off, but is not copied into the image before.`
    : ''
}

function patchFor(repo: Snapshot, command: Command, install: NpmCommand, state: ScriptsOff): Patch | null {
  if (!command.exact || install.flags.has('--ignore-scripts') || state.by.includes('dangerously')) return null
  const { path } = command.place.file
  const { edits, ...fix } = flagFor(repo, command, install)
  return { ...fix, edits: edits.map(edit => ({ kind: 'replace', path, ...edit })) }
}

function placeOf({ place }: Command): string {
  return `${place.file.path}:${lineAt(place.file, place.start)}`
}

/** Where nothing here installs them, the settings of each package root are what people and other machines go by. */
function judgeRoots(repo: Snapshot): { examined: number; findings: Finding[]; notes: string[] } {
  const findings: Finding[] = []
  const notes: string[] = []
  const roots = filesWhere(repo, path => /(?:^|\/)package\.json$/.test(path)).filter(file => isRoot(repo, file))
  for (const file of roots) {
    const cwd = folderOf(file.path)
    const manager = managerOf(repo, cwd)
    const state = scriptsOff({ repo, command: null, install: null, cwd }, manager)
    if (state.off) {
      notes.push(`${file.path}: ${state.by}`)
      continue
    }
    const at = Math.max(0, file.text.search(/"(?:dev|optional)?[dD]ependencies"/))
    const message = `Installing \`${file.path}\` with ${manager} lets its packages run code: ${state.by}. ${rootAdvice(repo, cwd, manager)}`
    const patch = rootPatch(repo, cwd, manager)
    findings.push({ message, evidence: evidenceOf({ file, start: at, end: at + 1 }), ...(patch ? { patch } : {}) })
  }
  return { examined: roots.length, findings, notes: notes.slice(0, 20) }
}

function isRoot(repo: Snapshot, file: SourceFile): boolean {
  const folder = folderOf(file.path)
  if (rootsOf(repo, folder)?.top !== folder) return false
  const manifest = jsonOf(repo, file.path)
  return ['dependencies', 'devDependencies', 'optionalDependencies'].some(
    key => Object.keys(tableOf(manifest?.[key]) ?? {}).length > 0,
  )
}

function managerOf(repo: Snapshot, cwd: string): Manager {
  const all: Manager[] = ['pnpm', 'yarn', 'bun', 'npm']
  return all.find(one => namedVersion(repo, cwd, one)) ?? all.find(one => npmLock(repo, cwd, one)) ?? 'npm'
}

function rootPatch(repo: Snapshot, cwd: string, manager: Manager): Patch | null {
  const isYaml = manager === 'yarn' && isBerry(repo, cwd)
  const path = joined(cwd, isYaml ? '.yarnrc.yml' : '.npmrc')
  const line = isYaml ? 'enableScripts: false' : 'ignore-scripts=true'
  const file = repo.files.get(path)
  const title = `Write ${line} into ${path}`
  if (!file)
    return repo.tree.some(entry => entry.path === path)
      ? null
      : { title, safety: 'review', edits: [{ kind: 'create', path, text: `${line}\n` }] }
  if (/ignore-scripts|enableScripts/.test(file.text)) return null
  const lineBreak = lineBreakOf(file.text)
  const { length } = file.text
  const text = `${file.text === '' || file.text.endsWith('\n') ? '' : lineBreak}${line}${lineBreak}`
  return { title, safety: 'review', edits: [{ kind: 'replace', path, start: length, end: length, text }] }
}

function workflow(install: string): string {
  return workflowOfTests(`      - run: |
          ${install}
          npm test
`)
}
