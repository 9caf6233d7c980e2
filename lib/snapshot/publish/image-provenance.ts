/** The provenance that BuildKit writes beside an image: in full, as far as its default goes, or not at all. */
import { type Call, callsOf, commandsOf, isCommand, onceForUnit } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { expanded, launched } from './launched.ts'
import { neverRuns, type PublishStep } from './publish.ts'
import { sameRun } from './same-run.ts'

/**
 * The word of an image build that may hold further arguments, which only the run can tell: `$BUILD_ARGS`; null where all
 * are told. What an option takes is its value and no argument.
 */
export function untoldArguments(call: Call): string | null {
  if (!isCommand(call)) return null
  const [program = '', ...words] = launched(call.argv)
  if (!isImageBuild(program, words)) return null
  const found = words.find((word, at) => MORE.test(expanded(word, call.env)) && !TAKES_NEXT.test(words[at - 1] ?? ''))
  return found ?? null
}

/** An option whose value is the next word. */
const TAKES_NEXT = /^-(?!-?(?:push|load|pull|no-cache|rm|quiet|q|debug|check|squash)$)[^=]*$/
const MORE = /^\$\{?\w*(?:ARG|OPT|FLAG|ATTEST|PARAM|EXTRA)\w*(?:\[@\])?\}?$/i

/** `default`: in full while the repository is public, else the least; `least`: without materials and build steps. */
export type BuildProvenance = 'full' | 'default' | 'least' | 'none'

const BEST: readonly BuildProvenance[] = ['full', 'default', 'least', 'none']

/** Of the step's own build; where it only names or copies what others built, the best of the builds of its run. */
export function buildProvenance(repo: Snapshot, { call, unit }: PublishStep): BuildProvenance {
  const own = ofBuild(call)
  if (own !== null) return own
  const here = sameRun(repo, unit).flatMap(one => buildsIn(one, repo))
  // Another name takes along what the build wrote, wherever in the repository that was; a copy may be of anybody's image.
  const builds = here.length === 0 && renames(call) ? commandsOf(repo).units.flatMap(one => buildsIn(one, repo)) : here
  return BEST.find(one => builds.includes(one)) ?? 'none'
}

function renames(call: Call): boolean {
  return isCommand(call) && /^(?:docker buildx imagetools create|g?crane tag)\b/.test(launched(call.argv).join(' '))
}

const buildsIn = onceForUnit(unit => [...new Set(callsOf(unit).flatMap(call => ofBuild(call) ?? []))])

function isImageBuild(program: string, words: readonly string[]): boolean {
  return (
    /^(?:docker|nerdctl|podman|buildah)$/.test(program) && /^(?:buildx )?(?:build|bake|bud)\b/.test(words.join(' '))
  )
}

function ofBuild(call: Call): BuildProvenance | null {
  if (neverRuns(call)) return null
  const isOff = call.env.get('BUILDX_NO_DEFAULT_ATTESTATIONS') === '1'
  if (isCommand(call)) {
    const [program = '', ...words] = launched(call.argv)
    if (!isImageBuild(program, words)) return null
    // Built into the local store an image has none, whatever pushes it then.
    const isPushed = /(?:^|\s)(?:--push|--output|-o)\b/.test(words.join(' '))
    return asked(words.join(' ')) ?? (isOff || program !== 'docker' || !isPushed ? 'none' : 'least')
  }
  if (!/^docker\/(?:build-push|bake)-action$/.test(call.name)) return null
  const input = call.inputs.get('provenance') ?? ''
  const written = `${call.inputs.get('set') ?? ''} ${call.inputs.get('attests') ?? ''}`
  return (
    (input === '' ? asked(written) : ofValue(input)) ??
    (isOff || /^v[1-3](?:\.|$)/.test(call.ref ?? '') ? 'none' : 'default')
  )
}

function asked(line: string): BuildProvenance | null {
  const attest = /type=provenance\b([^\s"']*)/.exec(line)
  if (attest) return /disabled=true/.test(attest[1] ?? '') ? 'none' : ofValue(attest[1]?.replace(/^,/, '') || 'true')
  const flag = /--provenance(?:[= ](\S+))?/.exec(line)
  return flag ? ofValue(flag[1] ?? 'true') : null
}

function ofValue(value: string): BuildProvenance | null {
  if (/mode=max/.test(value)) return 'full'
  if (/^(?:false|0)$/i.test(value)) return 'none'
  // Without a mode BuildKit takes the least; an expression may say anything.
  return value.includes('${{') ? 'default' : 'least'
}
