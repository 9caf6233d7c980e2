/** The table of audit tools of single ecosystems on a command line: what makes a call an audit, and what it looks at. */
import type { Command } from '../commands.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'
import { resolved } from '../workspaces.ts'
import { buildAudit } from './builds.ts'
import { promisedAudit } from './promised.ts'
import { folderAt, SCANNERS } from './scanners.ts'
import { type Found, hasOption, type Invocation, NODE, optionOf, PYTHON, setOf, type Toothless } from './tool.ts'

type Rule = {
  ecosystems: ReadonlySet<string>
  /** The words behind the program that make it an audit. */
  is: (args: readonly string[]) => boolean
  toothless?: (use: Invocation) => Toothless | null
  scope?: (use: Invocation) => Found['scope']
}

const always = () => true
const starts =
  (...verbs: readonly string[][]) =>
  (args: readonly string[]) => {
    const plain = args.filter(arg => !arg.startsWith('-') && !arg.startsWith('+'))
    return verbs.some(verb => verb.every((word, index) => plain[index] === word))
  }

const NPM_AUDIT: Rule = {
  ecosystems: setOf('npm'),
  is: args =>
    starts(['audit'], ['npm', 'audit'], ['recursive', 'audit'])(args) && !/^(?:signatures|fix)$/.test(verbAfter(args)),
  toothless: ({ args, command }) => {
    const level = optionOf(args, '--audit-level', '--severity') ?? command.env.get('NPM_CONFIG_AUDIT_LEVEL')
    return level === 'none' ? { reason: 'its `audit-level` is `none`', advice: 'Set it to `high` or lower.' } : null
  },
  scope: ({ args, command }) => ({
    kind: 'root',
    folder: folderAt(command.cwd, optionOf(args, '--prefix', '-C', '--dir', '--cwd')),
  }),
}

function verbAfter(args: readonly string[]): string {
  const plain = args.filter(arg => !arg.startsWith('-'))
  return plain[plain.indexOf('audit') + 1] ?? ''
}

const AUDIT_CI: Rule = {
  ecosystems: setOf('npm'),
  is: always,
  toothless: ({ args }) =>
    args.some(arg => /^(?:-[lmhc]+|--(?:low|moderate|high|critical|config)(?:=.*)?)$/.test(arg) && !/=false$/.test(arg))
      ? null
      : { reason: 'no level is named, and audit-ci then lets every one pass', advice: 'Add `--high`.' },
}

const PIP_AUDIT: Rule = { ecosystems: PYTHON, is: always, scope: requirementsScope }
const SAFETY: Rule = {
  ecosystems: PYTHON,
  is: starts(['check'], ['scan']),
  toothless: exitZero,
  scope: requirementsScope,
}
const BUNDLER_AUDIT: Rule = {
  ecosystems: setOf('bundler'),
  is: args => !/^(?:update|download|stats|version|help)$/.test(args.find(arg => !arg.startsWith('-')) ?? ''),
}
const DENY: Rule = {
  ecosystems: setOf('cargo'),
  is: args => {
    const plain = args.filter(
      (arg, index) =>
        !arg.startsWith('-') &&
        !/^--(?:config|manifest-path|features|target|format|exclude)$/.test(args[index - 1] ?? ''),
    )
    const at = plain.indexOf('check')
    const which = plain.slice(at + 1)
    return at !== -1 && (which.length === 0 || which.some(word => /^(?:advisories|all)$|\$/.test(word)))
  },
  scope: cargoScope,
}
const CARGO_AUDIT: Rule = {
  ecosystems: setOf('cargo'),
  is: args => !/^(?:bin|fix|help)$/.test(args.find(arg => !arg.startsWith('-')) ?? ''),
  scope: cargoScope,
}
const GOVULNCHECK: Rule = {
  ecosystems: setOf('gomod'),
  is: args => !hasOption(args, '-version', '-mode=extract') && optionOf(args, '-mode') !== 'binary',
  toothless: ({ args }) => {
    const format = optionOf(args, '-format', '--format') ?? (args.some(arg => /^--?json$/.test(arg)) ? 'json' : 'text')
    return govulncheckTeeth(format)
  },
  scope: ({ args, command }) => ({ kind: 'root', folder: folderAt(command.cwd, optionOf(args, '-C')) }),
}

export function govulncheckTeeth(format: string): Toothless | null {
  if (/^(?:text|\$.*|)$/.test(format)) return null
  return {
    reason: `with ${format} as its format govulncheck ends well whatever it finds`,
    advice: 'Use its text output.',
  }
}

/** Program, or program and verb → what a call of it is. */
const RULES: Readonly<Record<string, Rule>> = {
  npm: NPM_AUDIT,
  pnpm: NPM_AUDIT,
  yarn: NPM_AUDIT,
  bun: { ...NPM_AUDIT, ecosystems: setOf('bun') },
  'audit-ci': AUDIT_CI,
  'better-npm-audit': { ecosystems: setOf('npm'), is: starts(['audit']) },
  'improved-yarn-audit': { ecosystems: setOf('npm'), is: always },
  'check-audit': { ecosystems: setOf('npm'), is: always },
  auditjs: { ecosystems: NODE, is: starts(['ossi'], ['iq']) },
  'pip-audit': PIP_AUDIT,
  pip_audit: PIP_AUDIT,
  safety: SAFETY,
  jake: { ecosystems: PYTHON, is: starts(['ddt'], ['iq']) },
  pipenv: { ecosystems: PYTHON, is: starts(['check'], ['audit']) },
  uv: { ecosystems: PYTHON, is: starts(['audit']) },
  'cargo-audit': CARGO_AUDIT,
  'cargo-deny': DENY,
  'cargo audit': CARGO_AUDIT,
  'cargo deny': DENY,
  govulncheck: GOVULNCHECK,
  nancy: { ecosystems: setOf('gomod'), is: starts(['sleuth']) },
  'bundle-audit': BUNDLER_AUDIT,
  'bundler-audit': BUNDLER_AUDIT,
  'bundle audit': BUNDLER_AUDIT,
  composer: { ecosystems: setOf('composer'), is: starts(['audit']), scope: composerScope },
  'local-php-security-checker': { ecosystems: setOf('composer'), is: always },
  symfony: {
    ecosystems: setOf('composer'),
    is: starts(['check:security'], ['security:check'], ['local:check:security']),
  },
  dotnet: {
    ecosystems: setOf('nuget'),
    is: args => hasOption(args, '--vulnerable') && args.includes('list') && args.includes('package'),
    toothless: dotnetTeeth,
  },
  mix: { ecosystems: setOf('mix'), is: starts(['deps.audit']) },
  deno: { ecosystems: setOf('deno', 'npm'), is: args => starts(['audit'])(args) && !args.includes('--fix') },
}

/** What a command audits; null where it audits nothing. */
export function commandAudit(repo: Snapshot, command: Command): Found | null {
  for (const words of unrunned(command.words)) {
    const use: Invocation = { repo, command, words: words.slice(1), args: words.slice(1).map(({ text }) => text) }
    const name = baseOf(words[0]?.text ?? '')
    const scanner = Object.hasOwn(SCANNERS, name) ? SCANNERS[name]?.(use) : undefined
    const found = scanner ?? ruled(use, name) ?? buildAudit(use, name) ?? promisedAudit(use, name)
    if (found) return found
  }
  return null
}

function ruled(use: Invocation, name: string): Found | null {
  const [verb = ''] = use.args.filter(arg => !arg.startsWith('+'))
  const pair = `${name} ${verb}`
  const [key, inner] = Object.hasOwn(RULES, pair)
    ? [pair, { ...use, args: use.args.slice(use.args.indexOf(verb) + 1) }]
    : [name, use]
  const rule = Object.hasOwn(RULES, key) ? RULES[key] : undefined
  if (!rule?.is(inner.args) || hasOption(inner.args, '--help', '-h', '--version')) return null
  const scope = rule.scope?.(inner) ?? { kind: 'root' as const, folder: use.command.cwd }
  const tool =
    rule === NPM_AUDIT || /^(?:composer|uv|pipenv|deno)$/.test(key)
      ? `${key} audit`
      : key === 'dotnet'
        ? 'dotnet list package'
        : key
  return { tool, ecosystems: rule.ecosystems, scope, toothless: rule.toothless?.(inner) ?? null }
}

function baseOf(program: string): string {
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/\.(?:exe|cmd|sh|phar|bat)$/, '')
  return /^[^@]+/.exec(name)?.[0] ?? name
}

/** The command itself, and what the runners in front of it run: `npx x`, `uv run x`, `docker run image x`, `go run path@v`. */
function unrunned(words: readonly Word[]): (readonly Word[])[] {
  const found: (readonly Word[])[] = [words]
  for (let rest = words, turns = 0; turns < 3; turns++) {
    const inner = innerOf(rest)
    if (!inner || inner.length === 0) break
    found.push(inner)
    rest = inner
  }
  return found
}

const RUNNERS: Readonly<Record<string, RegExp>> = {
  npx: /^/,
  bunx: /^/,
  uvx: /^/,
  npm: /^(?:exec|x)$/,
  pnpm: /^(?:exec|dlx)$/,
  yarn: /^(?:exec|dlx|run)$/,
  bun: /^x$/,
  uv: /^(?:run|tool)$/,
  poetry: /^run$/,
  pdm: /^run$/,
  hatch: /^run$/,
  rye: /^run$/,
  pipenv: /^run$/,
  pixi: /^run$/,
  pipx: /^run$/,
  bundle: /^exec$/,
  go: /^(?:run|tool)$/,
  python: /^-m$/,
  python3: /^-m$/,
  py: /^-m$/,
  docker: /^run$/,
  podman: /^run$/,
  mise: /^(?:exec|x)$/,
}
/** Options of runners that take the next word. */
const RUNNER_VALUES =
  /^(?:-p|--package|--with|--from|--python|--spec|--extra|--group|--project|--directory|-v|--volume|-w|--workdir|-e|--env|--entrypoint|--name|--network|--platform|-u|--user|--mount|--filter|-F)$/

function innerOf(words: readonly Word[]): readonly Word[] | null {
  const program = baseOf(words[0]?.text ?? '')
  const verb = Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined
  // `yarn audit-ci` and `pnpm audit-ci` run what the project has installed.
  const [, second] = words
  if (
    /^(?:yarn|pnpm)$/.test(program) &&
    second &&
    Object.hasOwn(RULES, second.text) &&
    !Object.hasOwn(RULES, `${program} ${second.text}`)
  )
    return words.slice(1)
  if (!verb?.test(second?.text ?? '')) return null
  let at = /^(?:npx|bunx|uvx)$/.test(program) ? 1 : 2
  if (program === 'uv' && second?.text === 'tool') at++
  while (words[at]?.text.startsWith('-')) at += RUNNER_VALUES.test(words[at]?.text ?? '') ? 2 : 1
  const target = words[at]
  if (!target) return null
  const name = baseOf(target.text.replace(/[:@][^/]*$/, ''))
  return [{ ...target, text: name }, ...words.slice(at + 1)]
}

function exitZero({ args, words }: Invocation): Toothless | null {
  const at = words.findIndex(word => /^(?:--exit-zero|--continue-on-error)$/.test(word.text))
  const word = words[at]
  if (!word || !args.includes(word.text)) return null
  const fix = { kind: 'word' as const, start: word.start - 1, end: word.end, text: '' }
  return { reason: `\`${word.text}\` makes it end well whatever it finds`, advice: `Take \`${word.text}\` out.`, fix }
}

/** The files that are named, else what is installed: from here, and from the files that the job installed before. */
function requirementsScope({ args, command }: Invocation): Found['scope'] {
  const named = valuesOf(args, /^(?:-r|--requirement|--file)$/)
  if (named.length > 0) return { kind: 'files', paths: named.flatMap(path => folderAt(command.cwd, path) ?? []) }
  const folder = args.find(
    (arg, index) =>
      !arg.startsWith('-') && !(args[index - 1] ?? '').startsWith('-') && arg !== 'check' && arg !== 'scan',
  )
  return { kind: 'root', folder: folderAt(command.cwd, folder) }
}

function valuesOf(args: readonly string[], option: RegExp): string[] {
  return args.flatMap((arg, index) => {
    if (option.test(arg)) return args[index + 1] ?? []
    const [name = '', ...value] = arg.split('=')
    return value.length > 0 && option.test(name) ? value.join('=') : []
  })
}

function cargoScope({ args, command }: Invocation): Found['scope'] {
  const file = optionOf(args, '--file', '-f', '--manifest-path')
  if (file === undefined) return { kind: 'root', folder: command.cwd }
  const path = folderAt(command.cwd, file)
  return path === null ? { kind: 'root', folder: null } : { kind: 'files', paths: [path] }
}

function composerScope({ args, command }: Invocation): Found['scope'] {
  const folder = optionOf(args, '--working-dir', '-d')
  return {
    kind: 'root',
    folder: folder === undefined || command.cwd === null ? command.cwd : resolved(command.cwd, folder),
  }
}

/** The list itself always ends well; what matters is whether its output is looked at. */
function dotnetTeeth({ command }: Invocation): Toothless | null {
  const { file, end } = command.script
  const after = file.text.slice(command.exact ? command.place.end : command.script.start, end)
  const isTested =
    command.into.some(([program]) => /^(?:grep|egrep|rg|jq|awk|findstr|Select-String)$/.test(program ?? '')) ||
    /\b(?:grep|egrep|rg|jq|awk|findstr|Select-String|exit\s+[1-9$])/.test(after)
  return isTested
    ? null
    : {
        reason: '`dotnet list package --vulnerable` ends well whatever it finds',
        advice: 'Test its output, or make NuGetAudit’s warnings NU1901 to NU1904 errors.',
      }
}
