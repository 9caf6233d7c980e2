/** Workflows that have secrets and rights, take the code of a pull request from outside and run it. */
import { type Command, callsOf, commandsOf, isCommand, type Unit } from '../commands.ts'
import { holds } from '../condition.ts'
import { contextsInValue, expressionsIn } from '../expression.ts'
import type { Place } from '../lines.ts'
import { jobRuns } from '../occasions.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, textOf } from '../yaml.ts'
import { outsider } from './contexts.ts'

/** `runs`: what runs the code, as written; null where the job only looks at it. */
export type HeadCheckout = { place: Place; event: string; runs: string | null }

const PRIVILEGED = /^(?:pull_request_target|workflow_run)$/
/** Programs that run what a folder says: package managers, build tools, interpreters. */
const RUNS =
  /^(?:npm|npx|yarn|pnpm|bun|bunx|node|deno|python[\d.]*|pip[\d.]*|pipenv|poetry|uv|pdm|hatch|tox|nox|pytest|make|gmake|cmake|ninja|meson|cargo|go|mvnw?|gradlew?|sbt|bundle|rake|ruby|composer|php|dotnet|docker|docker-compose|podman|buildah|just|task|bazel|bazelisk|mix|dart|flutter|swift|xcodebuild|terraform|tofu|terragrunt|pre-commit|skaffold|earthly|ko|pack|hugo|jekyll|mkdocs|sphinx-build|phpunit|rspec)$/

/** Program and first word that run nothing of the folder. A word behind a task runner may be the name of a task. */
const HARMLESS: readonly [RegExp, RegExp][] = [
  [/./, /^(?:--version|--help|-[vVh])$/],
  [/^(?!(?:g?make|just|task|rake|earthly)$)/, /^(?:version|config|login|logout|whoami|completion)$/],
  [/^(?:docker|podman|buildah)$/, /^(?:info|pull|push|tag|images?|inspect|ps|save|load|rmi?|manifest)$/],
]

export function headCheckouts(repo: Snapshot): HeadCheckout[] {
  return commandsOf(repo).units.flatMap(unit => {
    const events = unit.workflow?.triggers.map(({ name }) => name).filter(name => PRIVILEGED.test(name)) ?? []
    return unit.kind === 'job' && events.length > 0 ? inJob(unit, events) : []
  })
}

function inJob(unit: Unit, events: readonly string[]): HeadCheckout[] {
  const { workflow, job } = unit
  const calls = callsOf(unit)
  return calls.flatMap((call, index) => {
    const folder = isCommand(call) ? checkedOutBy(call) : checkoutFolder(call.name, call.inputs)
    if (folder === null) return []
    const reaches = (conditions: readonly string[]) =>
      events.find(event => {
        const world = outsider(event)
        const starts = workflow === null || job === null || jobRuns(workflow, job, world)
        return starts && conditions.every(one => holds(one, world) !== false)
      })
    const event = reaches(call.conditions)
    if (event === undefined) return []
    const runs = calls.slice(index + 1).find(later => reaches(later.conditions) !== undefined && isRun(later, folder))
    const words = !runs ? null : isCommand(runs) ? runs.argv.join(' ') : runs.name
    return [{ place: call.place, event, runs: words }]
  })
}

/** The folder that the head is checked out into; null where it is no checkout of it. */
function checkoutFolder(name: string, inputs: ReadonlyMap<string, string>): string | null {
  if (name !== 'actions/checkout') return null
  const [ref = '', repository = ''] = ['ref', 'repository'].map(key => inputs.get(key) ?? '')
  const [refs, repositories] = [contexts(ref), contexts(repository)]
  const isCommit = refs.some(path =>
    /^github\.event\.(?:pull_request\.(?:head\.sha|merge_commit_sha)|workflow_run\.head_(?:sha|commit\.id))$/.test(
      path,
    ),
  )
  const isPull = /^refs\/pull\/\$\{\{/.test(ref)
  // A branch by its name is one of this repository, unless the repository is the head's.
  const isFork = repositories.some(path => /\.head\.repo\.full_name$|\.head_repository\.full_name$/.test(path))
  return isCommit || isPull || isFork ? (inputs.get('path') ?? '').replace(/^\.\/?|\/$/g, '') : null
}

function contexts(text: string): string[] {
  return expressionsIn(text).flatMap(({ tree }) => (tree ? contextsInValue(tree) : []))
}

function checkedOutBy({ argv }: Command): string | null {
  return argv[0] === 'gh' && argv[1] === 'pr' && argv[2] === 'checkout' ? '' : null
}

function isRun(call: ReturnType<typeof callsOf>[number], folder: string): boolean {
  if (!isCommand(call)) return /^docker\/(?:build-push-action|bake-action)$/.test(call.name) && folder === ''
  const [program = ''] = call.argv
  const shell = /^(?:ba|z|da)?sh$/.test(program) && call.argv.slice(1).some(word => /\.sh$|^\.?\//.test(word))
  if (HARMLESS.some(([name, word]) => name.test(program) && word.test(call.argv[1] ?? ''))) return false
  if (!RUNS.test(program) && !/^\.{0,2}\/?[\w-]+\/|^\.\//.test(program) && !shell) return false
  if (folder === '') return true
  // Beside the base's own code only what works in the head's folder, or is called from there, runs the head.
  const home = textOf(childOf(call.step?.node, 'working-directory')) ?? ''
  const before = call.unit.commands.filter(
    ({ script, order }) => script.start === call.script.start && order < call.order,
  )
  const entered = before.some(({ argv }) => argv[0] === 'cd' && (argv[1] ?? '').replace(/^\.\//, '').startsWith(folder))
  const moved = call.argv.some(
    (word, index) =>
      word.startsWith(folder) && /^(?:-C|--prefix|--cwd|--dir|--project)$/.test(call.argv[index - 1] ?? ''),
  )
  return (
    home.replace(/^\.\//, '').startsWith(folder) ||
    entered ||
    moved ||
    program.replace(/^\.\//, '').startsWith(`${folder}/`)
  )
}
