/** Where workflows make a bill of materials (SPDX or CycloneDX), and whether it is kept. */
import { type Call, type CalledAction, type Command, callsOf, commandsOf, isCommand, type Unit } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, itemsOf, textOf } from '../yaml.ts'
import { argumentsOf } from './by-action.ts'
import { launched } from './launched.ts'
import { nameOf, neverRuns, publishStepsOf } from './publish.ts'
import { goreleaserSettings } from './release-settings.ts'
import { signaturesIn } from './signing.ts'

/** `kept`: uploaded, released, attested or pushed beside the image; else it goes with the runner. */
export type Sbom = { by: string; kept: boolean; call: Call }

/** `kept`: null where that depends on what follows in the job. */
type Made = { kept: true | null }

export function sbomsOf(repo: Snapshot): Sbom[] {
  return commandsOf(repo)
    .units.filter(({ kind }) => kind === 'job')
    .flatMap(unit =>
      callsOf(unit).flatMap(call => {
        const made = neverRuns(call) ? null : isCommand(call) ? byCommand(repo, call) : byAction(repo, call)
        if (!made) return []
        const kept = made.kept ?? isKept(repo, unit, call)
        return [{ by: nameOf(call), kept, call }]
      }),
    )
}

const ACTIONS =
  /^(?:cyclonedx\/gh-[\w-]*generate-sbom|advanced-security\/(?:sbom-generator-action|generate-sbom-action)|microsoft\/sbom-action|philips-labs\/spdx-action|snyk\/actions\/sbom)/
const KEEPS_ITSELF =
  /^(?:anchore\/sbom-action|advanced-security\/(?:spdx-dependency-submission-action|component-detection-dependency-submission-action))$/
const FORMAT = /^(?:cyclonedx|spdx|spdx-json|github)/

function byAction(repo: Snapshot, { name, inputs }: CalledAction): Made | null {
  if (KEEPS_ITSELF.test(name))
    return {
      kept: inputs.get('upload-artifact') === 'false' && inputs.get('upload-release-assets') === 'false' ? null : true,
    }
  if (ACTIONS.test(name)) return { kept: null }
  if (/^aquasecurity\/trivy-action$/.test(name) && FORMAT.test(inputs.get('format') ?? ''))
    return { kept: inputs.get('format') === 'github' ? true : null }
  if (/^docker\/(?:build-push|bake)-action$/.test(name)) {
    const isAsked =
      /^(?:true|generator=)/.test(inputs.get('sbom') ?? '') ||
      /type=sbom/.test(`${inputs.get('attests')}${inputs.get('set')}`)
    const isPushed =
      !/^(?:|false)$/.test(inputs.get('push') ?? '') ||
      /push=true|type=registry/.test(`${inputs.get('outputs')}${inputs.get('set')}`)
    return isAsked && isPushed ? { kept: true } : null
  }
  if (name === 'goreleaser/goreleaser-action')
    return byGoreleaser(repo, argumentsOf(inputs.get('args') ?? ''), inputs.get('workdir') || null)
  const isAttested = name === 'actions/attest-sbom' || (name === 'actions/attest' && inputs.has('sbom-path'))
  return isAttested ? { kept: true } : null
}

/** Program → the words behind it that make one. */
const COMMANDS: readonly [RegExp, RegExp][] = [
  [/^syft$/, /^(?!(?:version|login|completion|attest)\b)./],
  [/^cdxgen$/, /./],
  [/^cyclonedx-(?!cli)[\w-]+$|^cyclonedx_py$|^dotnet-CycloneDX$/i, /./],
  [
    /^(?:cargo|npm|pnpm|yarn|gh|docker|snyk|bom|composer|mix|dotnet|uv|pip-audit|osv-scanner)$/,
    /^(?:cargo-)?(?:cyclonedx\b|sbom\b|scout sbom\b|generate\b|CycloneDX:make|make-bom\b|sbom\.cyclonedx|export\b.*cyclonedx|.*(?:-f|--format)[= ](?:cyclonedx|spdx))/i,
  ],
  [/^trivy$/, /(?:-f|--format)[= ](?:cyclonedx|spdx|github)/],
  [/^(?:sbom-tool|sbom-tool-linux-x64)$/, /^generate\b/i],
  [/^(?:mvn|mvnw|mvnd)$/, /cyclonedx[\w.:-]*:make\w*Bom\b|spdx:createSPDX/i],
  [/^(?:gradle|gradlew)$/, /\b(?:cyclonedx(?:Direct)?Bom|spdxSbom\w*)\b/],
  [/^(?:spdx-sbom-generator|sbomnix|go-licenses-sbom)$/, /./],
]

function byCommand(repo: Snapshot, command: Command): Made | null {
  const [program = '', ...rest] = launched(command.argv)
  const line = rest.join(' ').replaceAll('\n', ' ')
  if (/^(?:docker|nerdctl)$/.test(program) && /^(?:buildx )?(?:build|bake)\b/.test(line))
    return /--sbom(?!=false)\b|type=sbom/.test(line) && /--push\b|type=registry|push=true/.test(line)
      ? { kept: true }
      : null
  // Both write one beside each image unless told not to.
  if (program === 'ko' && /^(?:build|publish|resolve|apply)\b/.test(line))
    return /--sbom[= ]none|--local|--push=false/.test(line) ? null : { kept: true }
  if (program === 'apko' && line.startsWith('publish')) return { kept: true }
  if (program === 'goreleaser') return byGoreleaser(repo, rest, command.cwd)
  if (/^mvnw?$/.test(program) && /(?:^|\s)(?:package|verify|install|deploy)\b/.test(line) && pomMakesOne(repo))
    return { kept: /(?:^|\s)deploy\b/.test(line) ? true : null }
  return COMMANDS.some(([name, words]) => name.test(program) && words.test(line)) ? { kept: null } : null
}

/** Bound to the build the plugin attaches it, so that it is deployed with the artifact. */
function pomMakesOne(repo: Snapshot): boolean {
  return [...repo.files.values()].some(
    ({ path, text }) => path.endsWith('pom.xml') && text.includes('<artifactId>cyclonedx-maven-plugin<'),
  )
}

function byGoreleaser(repo: Snapshot, args: readonly string[], cwd: string | null): Made | null {
  if (!/^(?:release|publish|r)$/.test(args[0] ?? '') || /--skip[= ]\S*\bsbom|--snapshot/.test(args.join(' ')))
    return null
  const settings = goreleaserSettings(repo, args, cwd)
  if (settings.state !== 'read') return null
  const asked = itemsOf(childOf(settings.node, 'sboms')).some(item => textOf(childOf(item, 'artifacts')) !== 'none')
  const images = itemsOf(childOf(settings.node, 'kos')).some(item => textOf(childOf(item, 'sbom')) !== 'none')
  return asked || images ? { kept: true } : null
}

const UPLOADS =
  /^(?:actions\/upload-artifact|dependencytrack\/gh-upload-sbom|evryfs\/sbom-dependency-track-upload|actions\/upload-release-asset|stefanzweifel\/git-auto-commit-action|advanced-security\/spdx-dependency-submission-action)$/
const SENDS =
  /^(?:aws s3 (?:cp|sync)|gsutil (?:cp|rsync)|gcloud storage cp|az storage blob upload|oras (?:attach|push)|cosign attach sbom|curl\b.*(?:-F|--form|--data|-T|--upload-file|-d)\b|git push|jf rt u)/

/** Kept by a later step of the job that uploads, releases or attests. */
function isKept(repo: Snapshot, unit: Unit, maker: Call): boolean {
  const isLater = (call: Call | null) => call !== null && call.order >= maker.order
  const uploads = callsOf(unit).some(
    call =>
      isLater(call) &&
      !neverRuns(call) &&
      (isCommand(call) ? SENDS.test(call.argv.join(' ')) : UPLOADS.test(call.name)),
  )
  const releases = publishStepsOf(repo).some(
    step => step.unit === unit && step.to === 'github-release' && isLater(step.call),
  )
  return uploads || releases || signaturesIn(unit, repo).some(({ says, call }) => says === 'sbom' && isLater(call))
}
