/** Whether `pip install` (and `uv pip`) installs exactly what is hashed. */
import type { Command } from '../commands.ts'
import { sourceFile } from '../dockerfile/context.ts'
import { requirementsState } from '../lockfile/cover/requirements.ts'
import { pythonName, readRequirements } from '../manifest/requirements.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'
import { joined, resolved, stringsOf, tableOf, tomlOf } from '../workspaces.ts'
import { judgeGroup } from './pip-groups.ts'
import { pythonPin } from './python.ts'
import {
  half,
  type InstallVerdict,
  isSet,
  judgePackages,
  type Pin,
  RIGHT,
  shown,
  splitWords,
  wrong,
} from './verdict.ts'

const TAKES_VALUE =
  /^(?:-[rceiftpCGPb]|--(?:requirements?|constraints?|editable|index-url|extra-index-url|find-links|target|prefix|root|python|platform|python-version|python-platform|implementation|abi|progress-bar|cache-dir|log|proxy|retries|timeout|trusted-host|cert|no-binary|only-binary|src|config-settings?|upgrade-strategy|report|exists-action|group|extra|index|default-index|index-strategy|torch-backend|config-file|resolution|prerelease|overrides?|exclude-newer|build-constraints?|link-mode|keyring-provider|client-cert|python-preference|python-downloads|fork-strategy|allow-insecure-host|directory|project|no-build-package|no-binary-package|refresh-package|upgrade-package|reinstall-package|no-build-isolation-package|use-feature|use-deprecated|global-option))$/

/** The place of the verb: pip takes options in front of it too. */
export function verbOfPip(words: readonly Word[]): number {
  let at = 1
  while (words[at]?.text.startsWith('-')) at += TAKES_VALUE.test(words[at]?.text ?? '') ? 2 : 1
  return at
}

/** `words` follow the verb. `sync`: `uv pip sync`, whose plain words are files. */
export function judgePip(
  repo: Snapshot,
  command: Command,
  words: readonly Word[],
  sync = false,
): InstallVerdict | null {
  const { flags, plain } = splitWords(spreadShort(words), TAKES_VALUE)
  if (['--dry-run', '--help', '-h'].some(flag => flags.has(flag))) return null
  if (
    flags.has('--require-hashes') ||
    isSet(command.env.get('PIP_REQUIRE_HASHES')) ||
    isSet(command.env.get('UV_REQUIRE_HASHES'))
  )
    return RIGHT
  // Without an index everything comes from what was fetched and checked before.
  if (flags.has('--no-index') || isSet(command.env.get('PIP_NO_INDEX'))) return RIGHT
  const lists = [
    ...(flags.get('-r') ?? []),
    ...(flags.get('--requirement') ?? []),
    ...(flags.get('--requirements') ?? []),
    ...(sync ? plain : []),
  ]
  const editables = [...(flags.get('-e') ?? []), ...(flags.get('--editable') ?? [])]
  const names = sync ? [] : plain
  const constraints = [...(flags.get('-c') ?? []), ...(flags.get('--constraint') ?? [])]
  const fixed = fixedBy(repo, command, constraints)
  const pinOf = (word: Word): Pin => (pythonPin(word) === 'loose' ? fixed(nameOf(word.text)) : pythonPin(word))
  const isLocal = ({ text }: Word) => /^(?:\.{1,2}(?:$|[/[\\])|\.\[)/.test(text)
  const verdicts = [
    ...lists.map(word => judgeList(repo, command, word)),
    ...[...editables, ...names.filter(isLocal)].map(word =>
      judgeProject(repo, command, word, flags.has('--no-deps'), constraints),
    ),
    ...(flags.get('--group') ?? []).map(word => judgeGroup(repo, command, word)),
    judgePackages(
      command,
      names.filter(word => !isLocal(word)).map(word => ({ name: nameOf(word.text), pin: pinOf(word) })),
      // Of several, what is to be done about pip alone helps with none of the others.
      name =>
        adviceFor(
          name === 'pip' ? (names.map(({ text }) => nameOf(text)).find(other => other !== 'pip') ?? name) : name,
        ),
    ),
  ].filter(verdict => verdict !== null)
  return (
    verdicts.find(verdict => !verdict.right && verdict.weight === 1) ??
    verdicts.find(verdict => !verdict.right) ??
    verdicts[0] ??
    null
  )
}

/** What a constraints file leaves of a name without a version: exact where it fixes one, unclear where it is not here. */
function fixedBy(repo: Snapshot, command: Command, named: readonly Word[]): (name: string) => Pin {
  const inEnvironment = ['PIP_CONSTRAINT', 'UV_CONSTRAINT'].flatMap(name => command.env.get(name)?.split(/\s+/) ?? [])
  const paths = [...named.map(({ text }) => text), ...inEnvironment].filter(path => path !== '')
  const files = paths.map(path =>
    command.cwd === null ? undefined : repo.files.get(resolved(command.cwd, path) ?? ''),
  )
  const exact = new Set(
    files
      .flatMap(file => (file ? readRequirements(file).requirements : []))
      .flatMap(one => (one.exact ? pythonName(one.name) : [])),
  )
  const isUnknown = files.includes(undefined)
  return name => (exact.has(pythonName(name)) ? 'exact' : isUnknown ? 'unclear' : 'loose')
}

function adviceFor(name: string): string {
  if (name === 'pip')
    return 'Leave it out: the image or setup-python brings one; or put `pip` into a requirements file with hashes, and write `pip install --require-hashes -r FILE`.'
  return `Put \`${name}\` into a requirements file with hashes (\`pip-compile --generate-hashes\`), and write \`pip install --require-hashes -r FILE\`.`
}

function nameOf(text: string): string {
  return /^[\w.-]+/.exec(text)?.[0] ?? text
}

/** `-rfile` and `-Ur file` as pip takes them. */
function spreadShort(words: readonly Word[]): Word[] {
  return words.flatMap(word => {
    const joinedUp = /^-([rce])([^=].*)$/.exec(word.text)
    if (joinedUp)
      return [
        { ...word, text: `-${joinedUp[1]}` },
        { ...word, text: joinedUp[2] ?? '' },
      ]
    const several = /^-[UqvIu]+([rce])$/.exec(word.text)
    return several ? [{ ...word, text: `-${several[1]}` }] : [word]
  })
}

/** Null where the file is not in the snapshot: it may be made while building. */
function judgeList(repo: Snapshot, command: Command, { text, dynamic }: Word): InstallVerdict | null {
  const inImage = command.taken && text.startsWith('/') ? sourceFile(command.taken, text) : null
  const path = inImage ?? (dynamic || command.cwd === null ? null : resolved(command.cwd, text))
  const file = path === null ? undefined : repo.files.get(path)
  if (!file || /\.(?:toml|cfg|py)$/.test(file.path)) return null
  const { requirements, includes } = readRequirements(file)
  const isEmpty = requirements.every(({ source }) => source === 'path') && includes.length === 0
  if (isEmpty) return requirements.length === 0 ? null : RIGHT
  const state = requirementsState(repo, file).state
  if (state === 'hashed') return RIGHT
  const compile = `Compile \`${file.path}\` with hashes (\`pip-compile --generate-hashes\`) and write \`pip install --require-hashes -r ${text}\`.`
  if (state === 'locked')
    return half(
      `\`${shown(command)}\` installs fixed versions whose content nothing checks: not every line of \`${file.path}\` has a hash. ${compile}`,
    )
  if (state !== 'floating') return null
  return wrong(`\`${shown(command)}\` takes whatever is newest of what \`${file.path}\` does not fix. ${compile}`)
}

function judgeProject(
  repo: Snapshot,
  command: Command,
  { text, dynamic }: Word,
  noDeps: boolean,
  constraints: readonly Word[],
): InstallVerdict | null {
  if (/^(?:git\+|https?:)/.test(text))
    return noDeps || dynamic
      ? null
      : judgePackages(command, [{ name: nameOf(text), pin: pythonPin({ text, dynamic, start: 0, end: 0 }) }], adviceFor)
  if (noDeps) return RIGHT
  const folder = dynamic || command.cwd === null ? null : resolved(command.cwd, text.replace(/\[.*$/, ''))
  if (folder === null || !declaresDependencies(repo, folder, /\[(.*)\]$/.exec(text)?.[1] ?? '')) return null
  const advice =
    'Install the dependencies first by a file with hashes (`pip install --require-hashes -r FILE`), then the project with `--no-deps`.'
  if (constraints.length > 0)
    return half(`\`${shown(command)}\` fixes versions by constraints, but checks no hash. ${advice}`)
  return wrong(`\`${shown(command)}\` takes whatever versions of the project's dependencies are newest. ${advice}`)
}

/** False where none are declared, or it cannot be told. */
function declaresDependencies(repo: Snapshot, folder: string, extras: string): boolean {
  const project = tomlOf(repo, joined(folder, 'pyproject.toml'))
  const own = tableOf(project?.project)
  if (stringsOf(own?.dependencies).length > 0) return true
  const optional = tableOf(own?.['optional-dependencies'])
  if (extras.split(',').some(extra => stringsOf(optional?.[extra.trim()]).length > 0)) return true
  const poetry = tableOf(tableOf(tableOf(project?.tool)?.poetry)?.dependencies)
  if (Object.keys(poetry ?? {}).some(name => name !== 'python')) return true
  const setup = ['setup.py', 'setup.cfg'].map(name => repo.files.get(joined(folder, name))?.text ?? '').join('\n')
  return /^[ \t]*install_requires\s*=\s*(?!\[\s*\])(?:\S|\n[ \t]+\S)/m.test(setup)
}
