/** Whether Bundler and RubyGems install exactly what is locked. */
import { beforeOf, type Command } from '../commands.ts'
import { pathsOf } from '../lockfile/read.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'
import { ancestorsOf, joined } from '../workspaces.ts'
import {
  half,
  type InstallVerdict,
  isSet,
  judgePackages,
  type Pin,
  RIGHT,
  shown,
  splitWords,
  withVariable,
  wrong,
} from './verdict.ts'

const BUNDLE_VALUE = /^(?:-j|--(?:jobs|retry|path|without|with|gemfile|binstubs|standalone|shebang|trust-policy))$/

export function judgeBundle(repo: Snapshot, command: Command): InstallVerdict | null {
  const { flags, plain } = splitWords(command.words.slice(1), BUNDLE_VALUE)
  const verb = plain[0]?.text ?? 'install'
  if (flags.has('--version') || flags.has('-v') || flags.has('--help')) return null
  if (verb === 'update')
    return flags.has('--bundler')
      ? null
      : wrong(
          `\`${shown(command)}\` takes newer versions than the lock names. Update in a pull request, and run \`bundle install\` with \`BUNDLE_FROZEN: true\` here.`,
        )
  if (verb !== 'install') return null
  if (
    flags.has('--frozen') ||
    flags.has('--deployment') ||
    isSet(command.env.get('BUNDLE_FROZEN')) ||
    isSet(command.env.get('BUNDLE_DEPLOYMENT'))
  )
    return RIGHT
  if (frozenBefore(command).length > 0) return RIGHT
  if (command.cwd === null) return null
  const folders = [command.cwd, ...ancestorsOf(command.cwd)]
  if (
    folders.some(folder =>
      /^BUNDLE_(?:FROZEN|DEPLOYMENT):\s*["']?true/m.test(repo.files.get(joined(folder, '.bundle/config'))?.text ?? ''),
    )
  )
    return RIGHT
  const home = folders.find(folder => ['Gemfile', 'gems.rb'].some(name => pathsOf(repo).has(joined(folder, name))))
  const lock =
    home === undefined
      ? undefined
      : ['Gemfile.lock', 'gems.locked'].map(name => joined(home, name)).find(path => pathsOf(repo).has(path))
  if (!lock)
    return wrong(
      `\`${shown(command)}\` takes whatever versions are newest when it runs; no lock is committed. Commit Gemfile.lock, and set \`BUNDLE_FROZEN: true\`.`,
    )
  const prefix = withVariable(command, 'BUNDLE_FROZEN', 'true')
  return wrong(
    `\`${shown(command)}\` locks anew where \`${lock}\` does not fit. Set \`BUNDLE_FROZEN: true\` in the environment, or run \`bundle config set frozen true\` before it.`,
    prefix && { title: 'Set BUNDLE_FROZEN for bundle install', safety: 'review', edits: prefix },
  )
}

export function judgeGem(command: Command): InstallVerdict | null {
  const verb = command.words[1]?.text
  const { flags, plain } = splitWords(
    command.words.slice(2),
    /^(?:-[vNiPns]|--(?:version|install-dir|source|platform|bindir|document|trust-policy))$/,
  )
  if (verb === 'update' && !flags.has('--local') && !flags.has('-l'))
    return judgeGemUpdate(command, flags.has('--system'), plain)
  if (
    !/^(?:install|i)$/.test(verb ?? '') ||
    flags.has('--local') ||
    flags.has('-l') ||
    flags.has('-g') ||
    flags.has('--file')
  )
    return null
  const version = flags.get('-v')?.[0] ?? flags.get('--version')?.[0]
  const pin = ({ text, dynamic }: Word): Pin => {
    if (/\.gem$|^\.{0,2}\//.test(text)) return 'unclear'
    const own = /^[\w-]+:(.+)$/.exec(text)?.[1]
    if (own ?? version)
      return /^=?\s*v?\d[\w.]*$/.test(own ?? version?.text ?? '')
        ? 'exact'
        : version?.dynamic || dynamic
          ? 'unclear'
          : 'loose'
    return dynamic ? 'unclear' : 'loose'
  }
  return judgePackages(
    command,
    plain.map(word => ({ name: word.text.replace(/:.*$/, ''), pin: pin(word) })),
    name =>
      name === 'bundler'
        ? 'Leave it out: RubyGems starts the version that `BUNDLED WITH` in Gemfile.lock names; at the least write `gem install bundler -v x.y.z`.'
        : `Put \`${name}\` into a Gemfile with a lock and run it by \`bundle exec\`; at the least write \`gem install ${name} -v x.y.z\`.`,
  )
}

function judgeGemUpdate(command: Command, isSystem: boolean, plain: readonly Word[]): InstallVerdict | null {
  const [version] = plain
  if (!isSystem)
    return wrong(
      `\`${shown(command)}\` takes whatever is newest when it runs. Put the gems into a Gemfile with a lock and run them by \`bundle exec\`.`,
    )
  if (version?.dynamic) return null
  const advice = 'Take the RubyGems that comes with an exact version of Ruby'
  return version
    ? half(`\`${shown(command)}\` fixes the version but not the content: nothing checks what comes. ${advice}.`)
    : wrong(
        `\`${shown(command)}\` takes whatever RubyGems is newest when it runs. ${advice}; at the least write the version, \`gem update --system x.y.z\`.`,
      )
}

const frozenBefore = beforeOf(
  ({ argv }) =>
    argv[0] === 'bundle' &&
    argv[1] === 'config' &&
    argv.some(word => word === 'frozen' || word === 'deployment') &&
    argv.some(word => isSet(word)),
)
