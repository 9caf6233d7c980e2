/** Whether what a deploy step puts into service comes from elsewhere, and whether it was verified first. */
import { type Call, callsOf, isCommand, onceForUnit } from '../commands.ts'
import { launched } from '../publish/launched.ts'
import { neverRuns } from '../publish/publish.ts'
import { neededBy } from '../publish/same-run.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, textOf as scalarOf } from '../yaml.ts'
import type { DeployStep } from './deploy.ts'
import { startsImages } from './remote.ts'

/** The whole of a call as text: words, inputs. */
function textOf(call: Call): string {
  return isCommand(call)
    ? call.argv.join(' ')
    : [call.name, ...[...call.inputs].map(([name, value]) => `${name}: ${value}`)].join('\n')
}

const TAKES_IMAGE =
  /\b(?:\w*_)?images?\b|--image\b|amazon-ecs-deploy|ecs update-service|docker(?:[ -]compose)? (?:pull|up|run)|docker stack deploy|container:release|nomad (?:job )?run|container-apps?|containerapp|webapps-container|beanstalk|image-uri/i
const FETCHES = /^(?:gh (?:release|run) download|cosign download|oras pull|docker pull|crane (?:pull|export))\b/
const FETCHING_ACTIONS =
  /^(?:robinraju\/release-downloader|dsaltares\/fetch-gh-release-asset|dawidd6\/action-download-artifact)$/

/** What comes from a registry, a release or another run; null where the job deploys what it has built or the source itself. */
export function takenFrom(repo: Snapshot, step: DeployStep): string | null {
  const { to, call, unit } = step
  if (call === null || /^(?:environment|infrastructure|pages)$/.test(to)) return null
  const fetched = firstFetch(unit, repo)
  if (fetched && fetched.order < call.order) return 'was fetched from another run or release'
  const script = scriptOnServer(call)
  if (script !== null) return startsImages(script) ? 'comes from a registry' : null
  // An action may as well set up topics or a network; only what names an image takes one.
  const env = [...call.env.keys()].join('\n')
  const takesImage = (to === 'kubernetes' && isCommand(call)) || TAKES_IMAGE.test(`${textOf(call)}\n${env}`)
  return takesImage && to !== 'pages' ? 'comes from a registry' : null
}

/** What is run on a server that the step logs in to; null where it does not. */
function scriptOnServer(call: Call): string | null {
  if (isCommand(call)) return call.argv[0] === 'ssh' ? call.argv.slice(1).join(' ') : null
  return call.name === 'appleboy/ssh-action' ? (call.inputs.get('script') ?? '') : null
}

const firstFetch = onceForUnit(unit => callsOf(unit).find(call => !neverRuns(call) && fetches(call)))

function fetches(call: Call): boolean {
  if (isCommand(call)) return FETCHES.test(launched(call.argv).join(' '))
  const isOtherRun = call.name === 'actions/download-artifact' && call.inputs.has('run-id')
  return isOtherRun || FETCHING_ACTIONS.test(call.name)
}

/** A step that verifies; `wrong`: why its answer is worth nothing. */
type Verification = { call: Call; wrong: string | null }

/** In the job before the step, and in the jobs that it needs. */
export function verificationsBefore(repo: Snapshot, { call, unit }: DeployStep): Verification[] {
  const here = verificationsIn(unit, repo).filter(one => call === null || one.call.order <= call.order)
  return [...here, ...neededBy(unit, repo).flatMap(one => verificationsIn(one, repo))]
}

const verificationsIn = onceForUnit(unit =>
  callsOf(unit).flatMap(call => (neverRuns(call) ? [] : (verificationOf(call) ?? []))),
)

const ACTIONS =
  /^(?:notaryproject\/notation-action\/verify|slsa-framework\/slsa-verifier\/actions\/verify|kpk\/verify-attestation)$/
const COMMANDS =
  /^(?:gh attestation verify|slsa-verifier verify-|npm audit signatures|notation verify|helm verify|helm (?:upgrade|install|pull)\b.*--verify|gpg2? .*--verify|minisign .*-V|sigstore verify|python -m sigstore verify|witness verify|docker trust inspect|oras .*verify)/

function verificationOf(call: Call): Verification | null {
  if (!isCommand(call)) {
    const isVerifying =
      ACTIONS.test(call.name) ||
      (call.name === 'sigstore/gh-action-sigstore-python' && call.inputs.get('verify') === 'true')
    return isVerifying ? { call, wrong: null } : null
  }
  const line = launched(call.argv).join(' ').replaceAll('\n', ' ')
  if (/^cosign[\w.-]* verify/.test(line)) {
    const names = /\s(?:--key|-k|--cert|--certificate|--sk|--policy|--certificate-identity(?:-regexp)?)[= ]/.test(line)
    const [, regexp = null] = /--certificate-identity-regexp[= ]["']?(\S+?)["']?(?:\s|$)/.exec(line) ?? []
    const anybody = regexp !== null && namesNobody(regexp)
    return { call, wrong: !names ? 'names no identity and no key' : anybody ? 'takes the signature of anybody' : null }
  }
  if (!COMMANDS.test(line)) return null
  return { call, wrong: call.canFail === true ? null : `cannot stop the deployment: ${call.canFail}` }
}

/** True where the expression fits every workflow of the host, or everything: it holds no name of an owner. */
function namesNobody(regexp: string): boolean {
  const plain = regexp.replace(/\\(.)/g, '$1').replaceAll('[^/]', '.').replace(/^\^/, '')
  const [, owner] = /^(?:https?:\/\/|\.[*+])*github\.com\/([^/]*)/.exec(plain) ?? []
  const who = owner ?? plain.replace(/^https?:\/\//, '')
  return /^(?:(?:\.|S|w|\[[\w-]+\])[*+])?\$?$/.test(who)
}

/** True where the step, or one before it in the job, says what to run by its digest: that cannot be swapped. */
export function isByDigest(repo: Snapshot, { call, unit }: DeployStep): boolean {
  if (call === null) return false
  const env = [...call.env].map(([name, value]) => `${name}=${value}`).join('\n')
  const setting = firstDigest(unit, repo)
  const isSet = setting !== undefined && setting.order <= call.order
  return isSet || DIGEST.test(withOutputs(unit, `${textOf(call)}\n${env}`))
}

/** What the outputs of other jobs that the text names are made of, behind it. */
function withOutputs({ workflow }: DeployStep['unit'], text: string): string {
  const made = [...text.matchAll(/\bneeds\.([\w-]+)\.outputs\.([\w-]+)/g)].map(([, id = '', name = '']) => {
    const job = workflow?.jobs.find(one => one.id === id)
    return scalarOf(childOf(childOf(job?.node, 'outputs'), name)) ?? ''
  })
  return [text, ...made].join('\n')
}

const DIGEST = /@sha256:|\bimage_?digest\b|(?:outputs\.|\$\{?)\w*digest/i

const firstDigest = onceForUnit(unit =>
  callsOf(unit).find(
    one => isCommand(one) && /set[ -]image|--set|sed |yq /.test(textOf(one)) && DIGEST.test(textOf(one)),
  ),
)
