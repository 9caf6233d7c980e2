/** Whether Bundler, RubyGems, Cargo, Go, Composer and .NET install exactly what is locked. */
import type { Command } from '../commands.ts'
import { pathsOf } from '../lockfile/read.ts'
import { publishes } from '../publish/publish.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'
import { joined, resolved } from '../workspaces.ts'
import { judgeBundle, judgeGem } from './ruby.ts'
import {
  addAfter,
  type CommandFix,
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

/** Null where the command is none of these, or installs nothing that can be told. */
export function judgeOthers(repo: Snapshot, command: Command): InstallVerdict | null {
  const { words } = command
  switch (words[0]?.text) {
    case 'bundle':
    case 'bundler':
      return judgeBundle(repo, command)
    case 'gem':
      return judgeGem(command)
    case 'cargo':
      return judgeCargo(repo, command)
    case 'go':
      return judgeGo(command)
    case 'composer':
    case 'composer.phar':
      return judgeComposer(repo, command)
    case 'dotnet':
      return judgeDotnet(repo, command)
    default:
      return null
  }
}

const CARGO_VALUE =
  /^(?:-[jFpZ]|--(?:version|vers|git|branch|tag|rev|path|root|registry|index|features|jobs|target|target-dir|profile|bin|example|package|config|color|manifest-path|message-format|log-level|pkg-url|pkg-fmt|install-path|targets|strategies|disable-strategies))$/

function judgeCargo(repo: Snapshot, command: Command): InstallVerdict | null {
  const all = command.words.slice(1).filter(({ text }) => !text.startsWith('+'))
  const { flags, plain } = splitWords(all, CARGO_VALUE)
  const [verb, ...packages] = plain
  const isLocked = flags.has('--locked') || flags.has('--frozen')
  if (
    verb?.text === 'build' ||
    verb?.text === 'b' ||
    (verb?.text === 'install' && (flags.has('--path') || packages.length === 0))
  ) {
    if (flags.has('--help') || flags.has('--version') || flags.has('--list') || !publishes(repo, command.unit))
      return null
    if (isLocked) return RIGHT
    return wrong(
      `\`${shown(command)}\` in a job that publishes may build with other versions than Cargo.lock names. Add \`--locked\`, which fails instead.`,
      withLocked(verb),
    )
  }
  if (verb?.text !== 'install' && verb?.text !== 'binstall') return null
  if (flags.has('--list') || flags.has('--help')) return null
  if (flags.has('--git')) {
    const revision = flags.get('--rev')?.[0]
    if (revision?.dynamic || flags.get('--git')?.[0]?.dynamic) return null
    return /^[0-9a-f]{40}$/.test(revision?.text ?? '')
      ? isLocked
        ? RIGHT
        : half(`\`${shown(command)}\` fixes the commit but not its dependencies. Add \`--locked\`.`, withLocked(verb))
      : wrong(
          `\`${shown(command)}\` builds whatever the repository holds when it runs. Write \`--rev <40 hex digits>\` and \`--locked\`.`,
        )
  }
  const version = flags.get('--version')?.[0] ?? flags.get('--vers')?.[0]
  const pins = packages.map(({ text, dynamic }) => {
    const own = /^[\w-]+@(.+)$/.exec(text)?.[1] ?? version?.text
    const isFull = /^=?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/.test(own ?? '')
    const pin: Pin = isFull ? 'exact' : dynamic || version?.dynamic ? 'unclear' : 'loose'
    return { name: text.replace(/@.*$/, ''), pin }
  })
  // The index's checksum fixes an exact version, and --locked the crate's own lock.
  if (verb.text === 'install' && pins.length > 0 && pins.every(({ pin }) => pin === 'exact')) {
    if (isLocked) return RIGHT
    return half(
      `\`${shown(command)}\` fixes the version of \`${pins[0]?.name}\` but not of what it is built with. Add \`--locked\`, which takes the lock that the crate was published with.`,
      withLocked(verb),
    )
  }
  return judgePackages(command, pins, name => `Write \`cargo install --locked ${name}@x.y.z\`.`)
}

function withLocked(verb: Word): CommandFix {
  return { title: `Add --locked to cargo ${verb.text}`, safety: 'review', edits: addAfter(verb, '--locked') }
}

function judgeGo(command: Command): InstallVerdict | null {
  const { plain } = splitWords(
    command.words.slice(1),
    /^-(?:tags|ldflags|gcflags|modfile|mod|o|C|p|exec|asmflags|buildmode)$/,
  )
  const verb = plain[0]?.text
  const packages = verb === 'run' ? plain.slice(1, 2) : plain.slice(1)
  if (verb !== 'install' && verb !== 'run') return null
  const remote = packages.filter(({ text }) => /^[\w.-]+\.[a-z]+\/.*@|^[\w.-]+\.[a-z]+\/\S*@/.test(text))
  const versions = remote.filter(({ dynamic, text }) => !dynamic || /@latest$/.test(text))
  const loose = versions.find(({ text }) => !/@(?:v\d+\.\d+\.\d+(?:[-+][\w.+-]+)?|[0-9a-f]{40})$/.test(text))
  if (loose)
    return wrong(
      `\`${shown(command)}\` takes whatever \`${loose.text.replace(/.*@/, '@')}\` is when it runs. Write a full version, \`${loose.text.replace(/@.*$/, '')}@vX.Y.Z\`; Go's checksum database then fixes the content.`,
    )
  return versions.length > 0 ? RIGHT : null
}

function judgeComposer(repo: Snapshot, command: Command): InstallVerdict | null {
  const { flags, plain } = splitWords(command.words.slice(1), /^(?:-d|--(?:working-dir|ignore-platform-req))$/)
  const isGlobal = plain[0]?.text === 'global'
  const verb = isGlobal ? plain[1]?.text : plain[0]?.text
  if (
    ['--dry-run', '--lock', '--help', '--no-install', '--no-update', '--root-reqs', '--version'].some(flag =>
      flags.has(flag),
    )
  )
    return null
  if (verb === 'install' || verb === 'i') {
    const moved = (flags.get('-d') ?? flags.get('--working-dir'))?.[0]?.text
    const folder = moved === undefined ? command.cwd : command.cwd === null ? null : resolved(command.cwd, moved)
    const has = (name: string) => folder !== null && pathsOf(repo).has(joined(folder, name))
    if (isGlobal || !has('composer.json') || has('composer.lock')) return RIGHT
    return wrong(
      `\`${shown(command)}\` takes whatever versions are newest when it runs; no composer.lock is committed beside \`${joined(folder ?? '', 'composer.json')}\`. Commit the one that it writes.`,
    )
  }
  if (verb === 'update' || verb === 'u' || verb === 'upgrade') {
    if (isGlobal || command.cwd === null || pathsOf(repo).has(joined(command.cwd, 'composer.lock')))
      return wrong(
        `\`${shown(command)}\` takes newer versions than composer.lock names. Update in a pull request, and run \`composer install\` here.`,
      )
    return wrong(
      `\`${shown(command)}\` takes whatever versions are newest when it runs; no composer.lock is committed. Commit the one that it writes${pathsOf(repo).has(joined(command.cwd, 'composer.json')) ? '' : ', with its composer.json'}, and run \`composer install\` here.`,
    )
  }
  if (verb !== 'require' && verb !== 'r') return null
  const packages = plain.slice(isGlobal ? 2 : 1).map(({ text, dynamic }) => ({
    name: text.replace(/[:=].*$/, ''),
    pin: (/[:=]v?\d+\.\d+\.\d+$/.test(text) ? 'exact' : dynamic ? 'unclear' : 'loose') as Pin,
  }))
  return judgePackages(
    command,
    packages,
    name => `Declare ${name} in composer.json, commit composer.lock, and run \`composer install\`.`,
  )
}

function judgeDotnet(repo: Snapshot, command: Command): InstallVerdict | null {
  const { flags, plain } = splitWords(
    command.words.slice(1),
    /^(?:-[rsv]|--(?:runtime|source|configfile|packages|verbosity|lock-file-path|version|tool-path|add-source|framework))$/,
  )
  const [verb, second] = plain.map(({ text }) => text)
  if (verb === 'tool' && second === 'restore') return RIGHT
  if (verb === 'tool' && (second === 'install' || second === 'update')) {
    const version = flags.get('--version')?.[0]
    const pin: Pin =
      version === undefined
        ? 'loose'
        : version.dynamic
          ? 'unclear'
          : /^\d+(?:\.\d+)+(?:-[\w.]+)?$/.test(version.text)
            ? 'exact'
            : 'loose'
    return judgePackages(
      command,
      plain.slice(2).map(({ text, dynamic }) => ({ name: text, pin: dynamic ? 'unclear' : pin })),
      name => `List ${name} in .config/dotnet-tools.json and run \`dotnet tool restore\`.`,
    )
  }
  if (verb !== 'restore' || flags.has('--help')) return null
  if (flags.has('--force-evaluate'))
    return wrong(
      `\`${shown(command)}\` writes the locks anew while it builds. Do that in a pull request, and run \`dotnet restore --locked-mode\` here.`,
    )
  const property = command.words.some(({ text }) => /^[-/]{1,2}p(?:roperty)?:RestoreLockedMode=true/i.test(text))
  if (flags.has('--locked-mode') || property || isSet(command.env.get('RestoreLockedMode'))) return RIGHT
  const isDeclared = [...repo.files.values()].some(
    ({ path, text }) =>
      /\.(?:[cfv][sb]proj|props|targets)$/.test(path) && /<RestoreLockedMode[^>]*>\s*true/i.test(text),
  )
  if (isDeclared) return RIGHT
  const hasLock = repo.tree.some(({ path }) => /(?:^|\/)packages\.lock\.json$/.test(path))
  const at = command.words.find(({ text }) => text === 'restore')
  const fix =
    hasLock && at
      ? {
          title: 'Add --locked-mode to dotnet restore',
          safety: 'review' as const,
          edits: addAfter(at, '--locked-mode'),
        }
      : null
  return wrong(
    `\`${shown(command)}\` may restore other versions than were tested. ${hasLock ? 'Add' : 'Set RestorePackagesWithLockFile, commit each packages.lock.json and add'} \`--locked-mode\`, which fails instead.`,
    fix,
  )
}
