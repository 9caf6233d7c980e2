/** The steps that sign or attest what a workflow makes. BuildKit's own attestations are unsigned and are not here. */
import { type Call, type CalledAction, type Command, callsOf, isCommand, onceForUnit, type Unit } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, itemsOf, textOf } from '../yaml.ts'
import { argumentsOf } from './by-action.ts'
import { launched } from './launched.ts'
import { nameOf, neverRuns } from './publish.ts'
import { goreleaserSettings } from './release-settings.ts'

/** What is signed: release files and packages, images, or what cannot be told from the step. */
type Signed = 'files' | 'images' | 'either'
/**
 * `says`: what the signature vouches for beside its signer (`provenance`: how it was built; `sbom`: what is inside).
 * `pushed`: it lies beside the image in the registry. `itself`: only what the call itself pushes is signed. `call` null
 * where a whole reusable workflow signs.
 */
export type Signature = {
  of: Signed
  by: string
  says: 'nothing' | 'provenance' | 'sbom'
  pushed: boolean
  itself?: true
  call: Call | null
  unit: Unit
}

type Found = Pick<Signature, 'of' | 'says' | 'pushed' | 'itself'>

const PLAIN = (of: Signed): Found => ({ of, says: 'nothing', pushed: of === 'images' })
const OWN_IMAGES: Found = { ...PLAIN('images'), itself: true }

export const signaturesIn = onceForUnit((unit: Unit, repo: Snapshot): readonly Signature[] => {
  const called = unit.job?.uses === undefined ? null : byWorkflow(unit.job.uses)
  const whole = called ? [{ ...called, by: unit.job?.uses ?? '', call: null, unit }] : []
  const steps = callsOf(unit).flatMap(call => {
    if (neverRuns(call)) return []
    const found = isCommand(call) ? byCommand(repo, call) : byAction(repo, call)
    return found.map(one => ({ ...one, by: nameOf(call), call, unit }))
  })
  return [...whole, ...steps]
})

/** The generators of SLSA sign their provenance in a workflow that the repository cannot change. */
function byWorkflow(uses: string): Found | null {
  if (uses.startsWith('docker/github-builder/')) return { of: 'images', says: 'provenance', pushed: true }
  const name = /^slsa-framework\/slsa-github-generator\/\.github\/workflows\/(\w+)/.exec(uses)?.[1]
  if (name === undefined) return null
  return name.includes('generator_container')
    ? { of: 'images', says: 'provenance', pushed: true }
    : { of: 'files', says: 'provenance', pushed: false }
}

const ACTIONS: readonly [RegExp, Signed][] = [
  [/^notaryproject\/notation-action\/sign$/, 'images'],
  [/^(?:sigstore\/gh-action-sigstore-python|astral-sh\/attest-action)$/, 'files'],
  [
    /(?:^|[/-])(?:code-?sign(?:ing)?|signing-request|trusted-signing-action|artifact-signing-action|sign-android-release|esigner-codesign|gpg-sign|sign-files?|notarize(?:-action)?)(?:$|[/-])/,
    'files',
  ],
]

function byAction(repo: Snapshot, { name, inputs }: CalledAction): Found[] {
  if (/^actions\/attest(?:-build-provenance|-sbom)?$/.test(name)) return [attestation(name, inputs)]
  if (name === 'testifysec/witness-run-action') return [{ of: 'either', says: 'provenance', pushed: false }]
  if (name === 'goreleaser/goreleaser-action')
    return byGoreleaser(repo, argumentsOf(inputs.get('args') ?? ''), inputs.get('workdir') || null)
  const of = ACTIONS.find(([action]) => action.test(name))?.[1]
  return of ? [PLAIN(of)] : []
}

function attestation(name: string, inputs: ReadonlyMap<string, string>): Found {
  const type = inputs.get('predicate-type') ?? ''
  const isSbom = name.endsWith('-sbom') || inputs.has('sbom-path') || /spdx|cyclonedx/i.test(type)
  const pushed = inputs.get('push-to-registry') === 'true'
  const isFiles = inputs.has('subject-path') || inputs.has('subject-checksums')
  const says = isSbom ? 'sbom' : type === '' || type.includes('provenance') ? 'provenance' : 'nothing'
  return { of: isFiles ? 'files' : pushed ? 'images' : 'either', says, pushed }
}

/** Program → the words behind it that make it sign. */
const COMMANDS: readonly [RegExp, RegExp, Signed][] = [
  [/^cosign(?:[-_.][\w.-]*)?$/, /^sign\b(?!-blob)/, 'images'],
  [/^cosign(?:[-_.][\w.-]*)?$/, /^sign-blob\b/, 'files'],
  [/^notation$/, /^sign\b/, 'images'],
  [/^docker$/, /^trust sign\b/, 'images'],
  [/^gpg2?$/, /(?:^|\s)(?:--(?:detach-sign|detach-sig|sign|clear-?sign)|-(?!-)\w*[bs]\w*)(?:\s|$)/, 'files'],
  [/^(?:minisign|signify|signify-openbsd)$/, /(?:^|\s)-\w*S/, 'files'],
  [/^(?:rsign|tuf|in-toto-sign|melange|dotnet-sign)$/, /^sign\b/, 'files'],
  [/^sign$/, /^code\b/, 'files'],
  [/^openssl$/, /^(?:dgst\b.*\s-sign|pkeyutl\b.*\s-sign|cms\b.*\s-sign|smime\b.*\s-sign)/, 'files'],
  [/^ssh-keygen$/, /-Y sign\b/, 'files'],
  [/^sigstore$/, /^sign\b/, 'files'],
  [/^(?:dotnet|nuget(?:\.exe)?)$/, /^(?:nuget )?sign\b/, 'files'],
  [/^(?:signtool(?:\.exe)?|azuresigntool|osslsigncode)$/i, /^sign\b/, 'files'],
  [/^(?:codesign|productsign|rpmsign|debsign|debsigs|jarsigner|apksigner|abuild-sign)$/, /./, 'files'],
  [/^rpm$/, /--(?:addsign|resign)\b/, 'files'],
  [/^helm$/, /^package\b.*--sign\b/, 'files'],
  [/^gem$/, /^push\b.*--attestation\b/, 'files'],
  [/^pypi-attestations$/, /^sign\b/, 'files'],
]

function byCommand(repo: Snapshot, command: Command): Found[] {
  const [program = '', ...rest] = launched(command.argv)
  const line = rest.join(' ').replaceAll('\n', ' ')
  if (program === 'goreleaser') return byGoreleaser(repo, rest, command.cwd)
  if (/^cosign/.test(program) && /^attest(?:-blob)?\b/.test(line)) {
    const type = /--type[= ](\S+)/.exec(line)?.[1] ?? ''
    const says = /slsa/.test(type) ? 'provenance' : /spdx|cyclonedx/.test(type) ? 'sbom' : 'nothing'
    const isBlob = line.startsWith('attest-blob')
    return [{ of: isBlob ? 'files' : 'images', says, pushed: !isBlob }]
  }
  if (/^(?:witness|in-toto-run)$/.test(program)) return [{ of: 'either', says: 'provenance', pushed: false }]
  const isTrusted = command.env.get('DOCKER_CONTENT_TRUST') === '1' && program === 'docker' && rest[0] === 'push'
  if (isTrusted || (program === 'timoni' && /^\w+ push\b.*--sign\b/.test(line))) return [OWN_IMAGES]
  const of = COMMANDS.find(([name, words]) => name.test(program) && words.test(line))?.[2]
  return of ? [PLAIN(of)] : []
}

/** GoReleaser signs what its settings say, unless the command skips it. */
function byGoreleaser(repo: Snapshot, args: readonly string[], cwd: string | null): Found[] {
  if (/--skip[= -]\S*\bsign/.test(args.join(' '))) return []
  const settings = goreleaserSettings(repo, args, cwd)
  if (settings.state !== 'read') return []
  const has = (key: string) =>
    itemsOf(childOf(settings.node, key)).some(item => textOf(childOf(item, 'artifacts')) !== 'none')
  const files = has('signs') || has('binary_signs') ? [PLAIN('files')] : []
  return has('docker_signs') ? [...files, OWN_IMAGES] : files
}
