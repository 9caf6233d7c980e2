/** Reads one script into a unit and goes into what it calls: `npm run x`, `make x`, `./script.sh`. */
import type { Command, Unit } from './commands.ts'
import type { Taken } from './dockerfile/context.ts'
import { lineAt } from './lines.ts'
import { readMakefile, recipesOf } from './makefile.ts'
import { scriptsOf } from './package-scripts.ts'
import { readShell, type ShellOptions } from './shell/read.ts'
import { fileScript, type Script } from './shell/script.ts'
import type { Word } from './shell/words.ts'
import type { Snapshot, Unread } from './snapshot.ts'
import type { Step } from './workflow.ts'
import { ancestorsOf, joined, resolved } from './workspaces.ts'

/** `folder`: from the shell's folder to the repository's. `fate`: why a failure of the whole goes unseen. */
export type Run = {
  repo: Snapshot
  unit: Unit
  env: ReadonlyMap<string, string>
  cwd: string | null
  errexit: boolean
  pipefail: boolean
  enter: ShellOptions['enter']
  folder: (cwd: string | null) => string | null
  taken: readonly Taken[] | null
  fate: true | string
  step: Step | null
  conditions: readonly string[]
  called: readonly string[]
}

const MOST_COMMANDS = 20_000
const DEEPEST = 3

export function runScript(run: Run, script: Script): void {
  const { commands, whole } = readShell(script.text, run)
  if (!whole) run.unit.unread.push(unreadOf(script))
  for (const found of commands) {
    if (run.unit.commands.length > MOST_COMMANDS) {
      run.unit.unread.push(unreadOf(script))
      return
    }
    const { unit, taken } = run
    const [start, end] = [script.at(found.start), script.at(found.end)]
    const exact = start !== null && end !== null
    const words = found.words.map(word => ({
      ...word,
      start: script.at(word.start) ?? 0,
      end: script.at(word.end) ?? 0,
    }))
    const command: Command = {
      argv: words.map(({ text }) => text),
      words,
      env: found.env,
      cwd: run.folder(found.cwd),
      place: exact ? { file: script.file, start, end } : script.whole,
      exact,
      canFail: run.fate === true ? found.canFail : run.fate,
      into: found.into,
      redirects: found.redirects,
      script: script.whole,
      step: run.step,
      conditions: run.conditions,
      unit,
      order: unit.commands.length + unit.actions.length,
      taken,
    }
    unit.commands.push(command)
    follow({ ...run, env: found.env, cwd: found.cwd, fate: command.canFail }, command)
  }
}

function unreadOf({ whole: { file, start } }: Script): Unread {
  const line = lineAt(file, start)
  return {
    part: 'files',
    path: file.path,
    reason: `The script at line ${line} is too large or too tangled to be read whole.`,
  }
}

function follow(run: Run, command: Command): void {
  if (run.called.length >= DEEPEST) return
  for (const { script, ignored, key, errexit, cwd, variables } of calledBy(run, command)) {
    if (run.called.includes(key)) continue
    const fate = ignored && run.fate === true ? 'make goes on after a line that begins with `-`' : run.fate
    const env = variables ? new Map([...run.env, ...variables]) : run.env
    runScript({ ...run, env, fate, errexit, pipefail: false, cwd, called: [...run.called, key] }, script)
  }
}

/** `variables`: those that make is given on its line, which its recipes then have in their environment. */
type Called = {
  script: Script
  ignored: boolean
  key: string
  errexit: boolean
  cwd: string | null
  variables?: ReadonlyMap<string, string>
}

function calledBy(run: Run, command: Command): Called[] {
  if (command.cwd === null) return []
  return [...packageScripts(run, command), ...makeRecipes(run, command), ...shellFile(run, command)]
}

const RUNS = /^(?:run|run-script|rum|urn)$/
const OWN =
  /^(?:install|i|ci|add|remove|up|upgrade|update|exec|dlx|audit|why|info|link|unlink|pack|publish|config|set|cache|init|import|version|workspace|workspaces|global|node|dedupe|plugin|login|help|x|create|store|rebuild|fetch|list|ls|outdated|prune|patch|deploy|build)$/

function packageScripts(run: Run, { argv, cwd }: Command): Called[] {
  const [program = '', ...rest] = argv
  if (!/^(?:npm|yarn|pnpm|bun)$/.test(program) || cwd === null) return []
  const at = rest.findIndex(word => ['--prefix', '-C', '--dir', '--cwd'].includes(word))
  const folder = at === -1 ? cwd : resolved(cwd, rest[at + 1] ?? '')
  const words = rest.filter((word, index) => !word.startsWith('-') && (at === -1 || index !== at + 1))
  const verb = words[0] ?? ''
  const shorthand = /^(?:t|tst)$/.test(verb) ? 'test' : verb
  const isShort =
    program === 'npm' ? /^(?:test|start|stop|restart)$/.test(shorthand) : program !== 'bun' && !OWN.test(verb)
  const name = RUNS.test(verb) ? words[1] : isShort ? shorthand : undefined
  if (name === undefined || folder === null || name === '') return []
  const home = [folder, ...ancestorsOf(folder)].find(above => run.repo.files.has(joined(above, 'package.json')))
  const file = home === undefined ? undefined : run.repo.files.get(joined(home, 'package.json'))
  if (!file) return []
  const scripts = scriptsOf(file)
  return [`pre${name}`, name, `post${name}`].flatMap(one => {
    const script = scripts.get(one)
    // The shell's folder can be told only where it is the repository's.
    return script
      ? [
          {
            script,
            ignored: false,
            key: `${file.path}#${one}`,
            errexit: false,
            cwd: home === cwd || run.taken ? run.cwd : (home ?? null),
          },
        ]
      : []
  })
}

function makeRecipes(run: Run, { argv, cwd }: Command): Called[] {
  if (!/^g?make$/.test(argv[0] ?? '') || cwd === null) return []
  let folder: string | null = cwd
  let name: string | null = null
  const targets: string[] = []
  const variables = new Map<string, string>()
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '-C') folder = resolved(cwd, argv[++at] ?? '')
    else if (word === '-f') name = argv[++at] ?? ''
    else if (/^-[jloIW]$/.test(word)) at += /^\d/.test(argv[at + 1] ?? '') || word !== '-j' ? 1 : 0
    else if (/^[A-Za-z_]\w*:{0,2}=/.test(word)) variables.set(word.split(/:*=/)[0] ?? '', word.replace(/^[^=]*=/, ''))
    else if (!word.startsWith('-') && !word.includes('=')) targets.push(word)
  }
  if (folder === null) return []
  const names = name === null ? ['GNUmakefile', 'makefile', 'Makefile'] : [name]
  const path = names.map(one => joined(folder, one)).find(one => run.repo.files.has(one))
  const file = path === undefined ? undefined : run.repo.files.get(path)
  if (!file) return []
  const makefile = readMakefile(file)
  const shell = folder === cwd || run.taken ? run.cwd : folder
  return (targets.length > 0 ? targets : [makefile.first ?? '']).flatMap(target =>
    recipesOf(makefile, target).map(({ script, ignored }) => ({
      script,
      ignored,
      key: `${file.path}#${script.whole.start}`,
      errexit: false,
      cwd: shell,
      variables,
    })),
  )
}

function shellFile(run: Run, { argv, cwd }: Command): Called[] {
  const isShell = /^(?:(?:ba|z|da|k)?sh|source|\.)$/.test(argv[0] ?? '')
  const path = isShell ? argv.slice(1).find(word => !/^[-+]/.test(word)) : argv[0]
  if (path === undefined || cwd === null || argv.slice(1).some(word => isShell && /^-\w*c$/.test(word))) return []
  if (!isShell && !path.includes('/')) return []
  const plain = path.replace(/^\$(?:\{GITHUB_WORKSPACE\}|GITHUB_WORKSPACE|\{\{ *github\.workspace *\}\})\/?/, './')
  const file = run.repo.files.get(resolved(plain === path ? cwd : '', plain) ?? '')
  if (!file || !/\.(?:sh|bash)$/.test(file.path)) return []
  const errexit = /^#!.*\s-\w*e/.test(file.text) || (isShell && argv.slice(1).some(word => /^-\w*e/.test(word)))
  return [{ script: fileScript(file), ignored: false, key: file.path, errexit, cwd: run.cwd }]
}

/** Where `cd` leads in a checkout: folders of the repository, without the workspace's own path in front. */
export function enterRepository(script: string | null): ShellOptions['enter'] {
  return (cwd: string | null, { text, dynamic }: Word) => {
    if (!dynamic) return cwd === null || /^[/~]|^-$/.test(text) ? null : resolved(cwd, text)
    if (/^\$\(git rev-parse --show-toplevel\)$/.test(text)) return ''
    const inWorkspace =
      /^(?:\$GITHUB_WORKSPACE|\$\{GITHUB_WORKSPACE\}|\$\{\{\s*github\.workspace\s*\}\})(?:\/([\w./-]*))?$/.exec(text)
    if (inWorkspace) return resolved('', inWorkspace[1] ?? '')
    const besides = /^\$\(dirname "?(?:\$0|\$\{BASH_SOURCE(?:\[0\])?\}|\$BASH_SOURCE)"?\)(?:\/([\w./-]*))?$/.exec(text)
    return besides && script !== null
      ? resolved(script.includes('/') ? script.slice(0, script.lastIndexOf('/')) : '', besides[1] ?? '')
      : null
  }
}
