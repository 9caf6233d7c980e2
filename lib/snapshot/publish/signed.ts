/** Whether what a publish step puts is signed: by its own doing, or by a step of the same run. */
import { isCommand } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { argumentsOf } from './by-action.ts'
import { plainWords } from './by-command.ts'
import { gradleSigns, jreleaserSigns, mavenSigns } from './jvm-signing.ts'
import { npmProvenance } from './npm-provenance.ts'
import type { PublishStep } from './publish.ts'
import { pypiAttests } from './pypi-attestations.ts'
import { goreleaserSettings, type Settings } from './release-settings.ts'
import { mayWrite, sameRun } from './same-run.ts'
import { PROVENANCE_NAME, SIGNATURE_NAME } from './signed-release.ts'
import { type Signature, signaturesIn } from './signing.ts'

/** `by`: what signs. `unclear`: what decides stands where it cannot be read. */
export type SignedState = { state: 'signed'; by: string } | { state: 'unsigned' } | { state: 'unclear'; reason: string }

const UNSIGNED: SignedState = { state: 'unsigned' }

export function signedState(repo: Snapshot, step: PublishStep): SignedState {
  const own = ownState(repo, step)
  if (own.state === 'signed') return own
  const other = signaturesFor(repo, step)[0]
  return other ? { state: 'signed', by: other.by } : own
}

/** The signatures of the run that are of the kind of thing that the step puts. */
export function signaturesFor(
  repo: Snapshot,
  { to, unit, call }: Pick<PublishStep, 'to' | 'unit' | 'call'>,
): Signature[] {
  const wanted = /^(?:container|oci)$/.test(to) ? 'images' : 'files'
  return sameRun(repo, unit)
    .flatMap(one => signaturesIn(one, repo))
    .filter(one => (one.of === wanted || one.of === 'either') && (!one.itself || one.call === call))
}

/** What attests how the package was built as a part of its publishing; null for all that attest in another step. */
export function attestsItself(repo: Snapshot, step: PublishStep): string | null {
  if (step.to === 'github-release') return filesOf(step.call).find(name => PROVENANCE_NAME.test(name)) ?? null
  if (!/^(?:npm|jsr|pypi|rubygems)$/.test(step.to)) return null
  const state = ownState(repo, step)
  return state.state === 'signed' && !state.by.includes('gemspec') ? state.by : null
}

function ownState(repo: Snapshot, step: PublishStep): SignedState {
  const { to, call, unit } = step
  switch (to) {
    case 'npm':
      return signedIf(npmProvenance(repo, step))
    case 'jsr':
      // JSR attests by itself what comes with an identity of the workflow.
      return signedIf(mayWrite(repo, unit, 'id-token') ? 'JSR' : null)
    case 'pypi':
      return signedIf(pypiAttests(repo, step))
    case 'rubygems': {
      const attests =
        !isCommand(call) && call.name === 'rubygems/release-gem' && call.inputs.get('attestations') !== 'false'
      const key = [...repo.files.values()].some(
        ({ path, text }) => path.endsWith('.gemspec') && /\.signing_key\s*=/.test(text),
      )
      return signedIf(attests ? call.name : key ? 'the signing key of the gemspec' : null)
    }
    case 'maven':
      return mavenOrGradle(repo, step)
    case 'github-release':
      return releaseTool(repo, step)
    default:
      return isGoreleaser(call) ? settingsState(goreleaserFor(repo, step)) : UNSIGNED
  }
}

function signedIf(by: string | null): SignedState {
  return by === null ? UNSIGNED : { state: 'signed', by }
}

function mavenOrGradle(repo: Snapshot, step: PublishStep): SignedState {
  const program = isCommand(step.call) ? (step.call.argv[0] ?? '') : step.call.name
  // sbt's release plugin signs always, and Maven Central takes nothing else.
  if (/sbt|mill/.test(program)) return signedIf(step.by)
  return /gradle/.test(program) ? gradleSigns(repo, step) : mavenSigns(repo, step)
}

function releaseTool(repo: Snapshot, step: PublishStep): SignedState {
  const { call } = step
  const uploaded = filesOf(call).find(name => SIGNATURE_NAME.test(name))
  if (uploaded) return signedIf(`\`${uploaded}\``)
  if (isGoreleaser(call)) return settingsState(goreleaserFor(repo, step))
  if (/jreleaser/i.test(step.by)) return jreleaserSigns(repo, step)
  const env = [...call.env.keys()].join('\n')
  if (/^TAURI_(?:SIGNING_)?PRIVATE_KEY$/m.test(env)) return signedIf('the signing key of Tauri')
  return /^CR_SIGN$/m.test(env) || /^CR_KEY$/m.test(env) ? signedIf('chart-releaser') : UNSIGNED
}

/** The files that a step names for what it publishes, as they are written. */
export function filesOf(call: PublishStep['call']): string[] {
  if (isCommand(call)) {
    const plain = plainWords(call.argv)
    // `gh release upload TAG files`, `dotnet nuget push files`, `twine upload files`
    return plain.slice(plain[0] === 'release' ? 3 : plain[0] === 'nuget' ? 2 : 1)
  }
  const names = ['files', 'artifacts', 'artifact', 'asset_path', 'asset_name', 'asset', 'file', 'assets']
  return names.flatMap(name => (call.inputs.get(name) ?? '').split(/[\n,]+/)).map(line => line.trim())
}

function isGoreleaser(call: PublishStep['call']): boolean {
  return isCommand(call) ? /goreleaser/.test(call.argv.slice(0, 3).join(' ')) : call.name.startsWith('goreleaser/')
}

function goreleaserFor(repo: Snapshot, { call }: PublishStep): Settings {
  if (isCommand(call)) return goreleaserSettings(repo, call.argv, call.cwd)
  return goreleaserSettings(repo, argumentsOf(call.inputs.get('args') ?? ''), call.inputs.get('workdir') || null)
}

/** What the settings sign is found among the signatures of the run; here only whether they could be read. */
function settingsState(settings: Settings): SignedState {
  if (settings.state !== 'unread') return UNSIGNED
  return { state: 'unclear', reason: `the settings \`${settings.path}\` could not be read` }
}
