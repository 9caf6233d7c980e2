/** Whether pip, uv, Poetry, PDM, Pipenv and pipx install exactly what is locked. */
import { beforeOf, type Command } from '../commands.ts'
import { pathsOf } from '../lockfile/read.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'
import { ancestorsOf, joined } from '../workspaces.ts'
import { judgePip, verbOfPip } from './pip.ts'
import {
  addAfter,
  type InstallVerdict,
  isSet,
  judgePackages,
  type Pin,
  RIGHT,
  shown,
  splitWords,
  wrong,
} from './verdict.ts'

const UV_VALUE =
  /^(?:-[pPnioCf]|--(?:python|package|extra|group|only-group|no-group|with|with-editable|with-requirements|from|directory|project|index|default-index|index-url|extra-index-url|find-links|index-strategy|cache-dir|config-file|refresh-package|no-extra|env-file|link-mode|python-preference|python-downloads|fork-strategy|allow-insecure-host|keyring-provider|config-setting|no-build-package|no-binary-package|resolution|prerelease|exclude-newer|constraints?|overrides?|module|python-platform|python-version|color|upgrade-package|reinstall-package))$/
const PLAIN_VALUE =
  /^(?:-[CPpGE]|--(?:with|without|only|extras|directory|project|python|group|python-version|pip-args|index-url|suffix|spec|categories|include|exclude))$/

/** Null where the command is none of these, or installs nothing that can be told. */
export function judgePython(repo: Snapshot, command: Command): InstallVerdict | null {
  const words = withoutModule(withoutRunner(command.words))
  const program = words[0]?.text ?? ''
  if (/^pip(?:3(?:\.\d+)?)?$/.test(program)) {
    const verb = verbOfPip(words)
    return words[verb]?.text === 'install' ? judgePip(repo, command, words.slice(verb + 1)) : null
  }
  if (program === 'uv') return judgeUv(repo, command, words.slice(1))
  if (program === 'uvx') return judgeTool(command, words.slice(1))
  if (program === 'pipx') return judgePipx(command, words)
  if (program === 'poetry') return judgePoetry(repo, command, words)
  if (program === 'pdm') return judgePdm(command, words)
  if (program === 'pipenv') return judgePipenv(command, words)
  return null
}

/** What runs in the environment of a project is judged as if it were called by itself. */
function withoutRunner(words: readonly Word[]): readonly Word[] {
  const isRunner = /^(?:pipenv|poetry|pdm|hatch|conda|mamba|micromamba)$/.test(words[0]?.text ?? '')
  const at = isRunner ? words.findIndex(({ text }) => text === 'run') : -1
  if (at === -1 || words.slice(1, at).some(({ text }) => !text.startsWith('-'))) return words
  const inner = words.slice(at + 1)
  const own = ownWords(inner, /^(?:-[np]|--(?:name|prefix|cwd))$/)
  return inner.slice(own)
}

/** `python -m pip` is pip. */
function withoutModule(words: readonly Word[]): readonly Word[] {
  const isPython = /^(?:python(?:\d(?:\.\d+)?)?|pypy\d?|py)$/.test(words[0]?.text ?? '')
  const at = isPython ? words.findIndex(({ text }) => text === '-m') : -1
  return at > 0 && at < 4 ? words.slice(at + 1) : words
}

function judgeUv(repo: Snapshot, command: Command, all: readonly Word[]): InstallVerdict | null {
  let at = 0
  while (all[at]?.text.startsWith('-')) at += UV_VALUE.test(all[at]?.text ?? '') ? 2 : 1
  const [verb, second] = [all[at], all[at + 1]]
  const isLocked = all.slice(0, at).some(({ text }) => /^--(?:locked|frozen)$/.test(text))
  const rest = all.slice(at + 1)
  if (verb?.text === 'pip') {
    if (second?.text === 'install') return judgePip(repo, command, rest.slice(1))
    return second?.text === 'sync' ? judgePip(repo, command, rest.slice(1), true) : null
  }
  if (verb?.text === 'tool' && second?.text === 'run') return judgeTool(command, rest.slice(1))
  if (verb?.text === 'tool' && second?.text === 'install')
    return judgeNamed(
      command,
      splitWords(rest.slice(1), UV_VALUE).plain.slice(0, 1),
      name => `Lock it in a project and run it from there; at the least write \`uv tool install ${name}==x.y.z\`.`,
    )
  if (verb?.text === 'add')
    return wrong(
      `\`${shown(command)}\` changes the lock while it builds. Add the dependency in a pull request, and run \`uv sync --locked\` here.`,
    )
  if (verb?.text !== 'sync' && verb?.text !== 'run') return null
  const words = verb.text === 'run' ? ownOfRun(rest) : rest
  const { flags } = splitWords(words, UV_VALUE)
  const off = [
    '--dry-run',
    '--help',
    '--check',
    ...(verb.text === 'run' ? ['--no-project', '--script', '-s', '--gui-script', '--isolated', '--no-sync'] : []),
  ]
  if (off.some(flag => flags.has(flag))) return flags.has('--no-sync') ? RIGHT : null
  const env = ['UV_LOCKED', 'UV_FROZEN', 'UV_NO_SYNC'].some(name => isSet(command.env.get(name)))
  if (isLocked || env || ['--locked', '--frozen'].some(flag => flags.has(flag))) return RIGHT
  // Outside of a project `uv run` installs nothing of one; a folder that cannot be told may be no project.
  if (verb.text === 'run' && !projectAbove(repo, command.cwd)) return null
  if (
    verb.text === 'run' &&
    /\.py$/.test(rest[words.length]?.text ?? '') &&
    hasInlineDependencies(repo, command, rest[words.length]?.text ?? '')
  )
    return null
  // A lock that was found to fit a moment ago is not made anew.
  if (verb.text === 'run' && lockedBefore(command).some(({ cwd }) => cwd === command.cwd)) return RIGHT
  const fix = { title: `Add --locked to uv ${verb.text}`, safety: 'review' as const, edits: addAfter(verb, '--locked') }
  return wrong(
    `\`${shown(command)}\` locks anew where uv.lock does not fit, and then installs what nobody reviewed. Write \`uv ${verb.text} --locked\` (or set \`UV_LOCKED: 1\`), which fails instead.`,
    fix,
  )
}

const lockedBefore = beforeOf(({ argv }) => argv[0] === 'uv' && argv.includes('sync') && argv.includes('--locked'))

/** The words of `uv run` that are its own: those before the program. */
function ownOfRun(rest: readonly Word[]): readonly Word[] {
  return rest.slice(0, ownWords(rest, UV_VALUE))
}

/** How many words in front are options, with their values. */
function ownWords(words: readonly Word[], takesValue: RegExp): number {
  let at = 0
  while (words[at]?.text.startsWith('-') && words[at]?.text !== '--')
    at += takesValue.test(words[at]?.text ?? '') ? 2 : 1
  return at
}

function projectAbove(repo: Snapshot, cwd: string | null): boolean {
  return cwd !== null && [cwd, ...ancestorsOf(cwd)].some(folder => pathsOf(repo).has(joined(folder, 'pyproject.toml')))
}

/** A script with its own dependencies in a comment is no part of the project. Scripts are not in the snapshot; then it may be one. */
function hasInlineDependencies(repo: Snapshot, { cwd }: Command, script: string): boolean {
  const text = repo.files.get(joined(cwd ?? '', script))?.text
  return text === undefined || text.includes('# /// script')
}

function judgeTool(command: Command, words: readonly Word[]): InstallVerdict | null {
  const own = ownOfRun(words)
  const from = splitWords(own, UV_VALUE).flags.get('--from')?.[0]
  const word = from ?? words[own.length]
  if (!word || own.some(({ text }) => /^--(?:offline|version|help)$/.test(text))) return null
  const pin = pythonPin(word)
  if (pin === 'exact') return RIGHT
  const name = word.text.replace(/@.*|[<>=~!].*/, '')
  return pin === 'unclear'
    ? null
    : wrong(
        `\`${shown(command)}\` fetches and runs whatever version of \`${name}\` is newest. Add it to a dependency group that is locked, or write an exact version, \`${name}@x.y.z\`.`,
      )
}

function judgePipx(command: Command, words: readonly Word[]): InstallVerdict | null {
  const verb = words[1]?.text
  const { flags, plain } = splitWords(words.slice(2), PLAIN_VALUE)
  if (verb === 'run') {
    const spec = flags.get('--spec')?.[0] ?? words.slice(2).find(({ text }) => !text.startsWith('-'))
    const pin = spec ? pythonPin(spec) : 'unclear'
    if (pin === 'exact') return RIGHT
    return pin === 'loose' && spec
      ? wrong(
          `\`${shown(command)}\` fetches and runs whatever version of \`${spec.text}\` is newest. Write an exact version, \`pipx run ${spec.text.replace(/[<>=~!@].*/, '')}==x.y.z\`.`,
        )
      : null
  }
  return verb === 'install'
    ? judgeNamed(
        command,
        plain,
        name => `Lock it in a project and run it from there; at the least write \`pipx install ${name}==x.y.z\`.`,
      )
    : null
}

/** `name==1.2`, `name@1.2.3`, a range or nothing; an address counts by its commit or hash. */
export function pythonPin({ text, dynamic }: Word): Pin {
  if (/^(?:\.{0,2}\/|~|\.{1,2}(?:$|\[))|\.(?:whl|tar\.gz|zip)$|^[A-Za-z]:\\|\*|^file:/.test(text)) return 'unclear'
  if (/^(?:[\w.[\],-]+\s*@\s*)?(?:git\+|https?:)/.test(text))
    return /@[0-9a-f]{40}(?:#|$)|#sha256=/.test(text) ? 'exact' : dynamic ? 'unclear' : 'loose'
  if (/^[\w.-]+(?:\[[\w.,-]*\])?\s*={2,3}\s*[^*,\s]+$/.test(text)) return 'exact'
  if (/^[\w.-]+(?:\[[\w.,-]*\])?\s*(?:~=|!=|[<>]=?)/.test(text)) return 'loose'
  if (dynamic) return 'unclear'
  if (/^[\w.-]+(?:\[[\w.,-]*\])?@\d[\w.]*$/.test(text)) return 'exact'
  return /^[A-Za-z0-9]/.test(text) ? 'loose' : 'unclear'
}

function judgeNamed(command: Command, words: readonly Word[], advice: (name: string) => string): InstallVerdict | null {
  return judgePackages(
    command,
    words.map(word => ({ name: word.text.replace(/\s*[<>=~!@[].*$/, ''), pin: pythonPin(word) })),
    advice,
  )
}

function judgePoetry(repo: Snapshot, command: Command, words: readonly Word[]): InstallVerdict | null {
  const { flags, plain } = splitWords(words.slice(1), PLAIN_VALUE)
  const verb = plain[0]?.text
  if (['--dry-run', '--help', '-h', '--lock'].some(flag => flags.has(flag))) return null
  if (verb === 'add' || verb === 'update')
    return wrong(
      `\`${shown(command)}\` changes the lock while it builds. Do that in a pull request, and run \`poetry sync\` here.`,
    )
  if (verb !== 'install' && verb !== 'sync') return null
  if (command.cwd === null || flags.has('-C') || flags.has('--directory')) return RIGHT
  const home = [command.cwd, ...ancestorsOf(command.cwd)].find(folder =>
    pathsOf(repo).has(joined(folder, 'pyproject.toml')),
  )
  if (home === undefined || pathsOf(repo).has(joined(home, 'poetry.lock'))) return RIGHT
  return wrong(
    `\`${shown(command)}\` resolves whatever is newest, because \`${joined(home, 'poetry.lock')}\` is not committed. Commit it.`,
  )
}

function judgePdm(command: Command, words: readonly Word[]): InstallVerdict | null {
  const { flags, plain } = splitWords(words.slice(1), PLAIN_VALUE)
  const verb = plain[0]?.text
  if (flags.has('--dry-run') || flags.has('--help') || flags.has('--no-sync')) return null
  if (verb === 'sync') return RIGHT
  if (verb === 'add' || verb === 'update')
    return wrong(
      `\`${shown(command)}\` changes the lock while it builds. Do that in a pull request, and run \`pdm sync\` here.`,
    )
  if (verb !== 'install' || plain.length > 1) return null
  if (
    ['--frozen-lockfile', '--no-lock', '--check'].some(flag => flags.has(flag)) ||
    isSet(command.env.get('PDM_FROZEN_LOCKFILE'))
  )
    return RIGHT
  const at = plain[0]
  const fix = at
    ? {
        title: 'Add --frozen-lockfile to pdm install',
        safety: 'review' as const,
        edits: addAfter(at, '--frozen-lockfile'),
      }
    : null
  return wrong(
    `\`${shown(command)}\` locks anew where pdm.lock does not fit. Write \`pdm sync\` or \`pdm install --frozen-lockfile\`.`,
    fix,
  )
}

function judgePipenv(command: Command, words: readonly Word[]): InstallVerdict | null {
  const { flags, plain } = splitWords(words.slice(1), PLAIN_VALUE)
  const verb = plain[0]
  if (verb?.text === 'sync') return RIGHT
  if (verb?.text === 'update' || verb?.text === 'upgrade')
    return wrong(
      `\`${shown(command)}\` changes the lock while it builds. Do that in a pull request, and run \`pipenv sync\` here.`,
    )
  if (verb?.text !== 'install') return null
  if (flags.has('--skip-lock'))
    return wrong(
      `\`${shown(command)}\` passes Pipfile.lock by and takes whatever is newest of what Pipfile asks for. Take \`--skip-lock\` out and write \`pipenv sync\`.`,
    )
  if (flags.has('--deploy') || flags.has('--ignore-pipfile') || isSet(command.env.get('PIPENV_IGNORE_PIPFILE')))
    return RIGHT
  if (plain.length > 1)
    return wrong(
      `\`${shown(command)}\` changes the lock while it builds. Add ${plain[1]?.text} in a pull request, and run \`pipenv sync\` here.`,
    )
  return wrong(
    `\`${shown(command)}\` locks anew where Pipfile.lock does not fit. Write \`pipenv sync\`, or \`pipenv install --deploy\`, which fails instead.`,
    {
      title: 'Add --deploy to pipenv install',
      safety: 'review',
      edits: addAfter(verb, '--deploy'),
    },
  )
}
