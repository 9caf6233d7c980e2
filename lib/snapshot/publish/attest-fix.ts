/** The steps that attest what a publish step puts, as edits of its workflow. */
import { type CalledAction, fileOfStep, isCommand } from '../commands.ts'
import { addAfter } from '../install/verdict.ts'
import type { Snapshot } from '../snapshot.ts'
import { isFullSha, usesOf } from '../uses.ts'
import { inputEdit, permissionEdits, stepBeside } from '../workflow-edits.ts'
import { childOf, entryOf, textOf } from '../yaml.ts'
import type { PublishStep } from './publish.ts'
import { filesOf } from './signed.ts'

type Edits = NonNullable<ReturnType<typeof stepBeside>>
export type Fix = { title: string; safety: 'review'; edits: Edits }

const ATTEST = 'actions/attest-build-provenance'
/** What our own release workflow pins, for repositories that pin none yet; their update bot takes it from there. */
export const PINNED = { commit: 'a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32', version: 'v4.1.0' }
const SCOPES = ['id-token', 'attestations']

/** Null where what to attest, or where to put the step, cannot be told without running anything. */
export function attestFix(repo: Snapshot, step: PublishStep): Fix | null {
  if (step.to === 'npm') return npmFix(step)
  return step.to === 'container' ? imageFix(repo, step) : filesFix(repo, step)
}

function npmFix({ call, unit }: PublishStep): Fix | null {
  if (!isCommand(call) || !call.exact || !/^p?npm$/.test(call.argv[0] ?? '')) return null
  const verb = call.words.find(({ text }) => text === 'publish')
  const permissions = permissionEdits(unit, ['id-token'])
  if (!verb || !permissions) return null
  const { path } = call.place.file
  const flags = addAfter(verb, '--provenance').map(edit => ({
    kind: 'replace' as const,
    path,
    anyOrder: true as const,
    ...edit,
  }))
  return { title: 'Publish with provenance', safety: 'review', edits: [...flags, ...permissions] }
}

function filesFix(repo: Snapshot, { to, call, unit }: PublishStep): Fix | null {
  const file = fileOfStep(call)
  // What a script or another tool takes in stands somewhere else.
  if (!file || !call.step || file !== unit.file || call.place.file !== file) return null
  const subjects = subjectsOf(to, call)
  if (subjects === null || subjects.length === 0) return null
  const paths =
    subjects.length === 1
      ? [`  subject-path: ${/^[*@]/.test(subjects[0] ?? '') ? JSON.stringify(subjects[0]) : subjects[0]}`]
      : ['  subject-path: |', ...subjects.map(path => `    ${path}`)]
  const added = stepBeside(file, call.step, 'before', [
    `uses: ${pinned(repo)}`,
    ...conditionOf(call),
    'with:',
    ...paths,
  ])
  const permissions = permissionEdits(unit, SCOPES)
  if (!added || !permissions) return null
  return { title: 'Attest what is published', safety: 'review', edits: [...added, ...permissions] }
}

/** The files as globs that the action reads; null where only a shell can say. */
function subjectsOf(to: PublishStep['to'], call: PublishStep['call']): string[] | null {
  const named =
    to === 'pypi' && (!isCommand(call) || call.argv.every(word => !word.includes('/')))
      ? [`${isCommand(call) ? 'dist' : (call.inputs.get('packages-dir') ?? 'dist/').replace(/\/$/, '')}/*`]
      : to === 'github-release' || to === 'pypi' || to === 'nuget' || to === 'rubygems'
        ? filesOf(call).filter(word => /[./*]/.test(word) && !/^(?:https?:|\.$)/.test(word) && !/^v?\d/.test(word))
        : []
  const isPlain = (path: string) => /^[\w./*@+-]+$/.test(path.replace(/\$\{\{[^{}]*\}\}/g, 'x'))
  // A word that stands there otherwise was read by the rules of another shell.
  const written = call.place.file.text
  return named.every(path => isPlain(path) && (!isCommand(call) || written.includes(path))) ? named : null
}

function imageFix(repo: Snapshot, { call, unit }: PublishStep): Fix | null {
  const file = fileOfStep(call)
  if (isCommand(call) || call.name !== 'docker/build-push-action' || file !== unit.file || !call.step) return null
  const name = imageOf(unit.actions, call)
  const own = textOf(childOf(call.step.node, 'id'))
  const permissions = permissionEdits(unit, SCOPES)
  if (name === null || !permissions) return null
  const lines = [`uses: ${pinned(repo)}`, ...conditionOf(call), 'with:', `  subject-name: ${name}`]
  const id = own ?? freeId(call)
  lines.push(`  subject-digest: \${{ steps.${id}.outputs.digest }}`, '  push-to-registry: true')
  const added = stepBeside(file, call.step, 'behind', lines)
  if (!added) return null
  const named = own === undefined ? idEdit(call, id) : []
  return (
    named && {
      title: 'Attest the image in its registry',
      safety: 'review',
      edits: [...named, ...added, ...permissions],
    }
  )
}

/** The one image that the step pushes, without its tag. */
function imageOf(actions: readonly CalledAction[], { inputs }: CalledAction): string | null {
  const tags = (inputs.get('tags') ?? '').split(/[\n,]/).map(tag => tag.trim())
  const meta = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}$/.exec(tags[0] ?? '')?.[1]
  const maker = actions.find(
    ({ name, step }) => name === 'docker/metadata-action' && textOf(childOf(step.node, 'id')) === meta,
  )
  const told = meta === undefined ? tags : (maker?.inputs.get('images') ?? '').split(/[\n,]/).map(name => name.trim())
  const names = new Set(
    told.filter(one => one !== '').map(one => one.replace(/:[^/:]*(?:\$\{\{[^{}]*\}\}[^/:]*)*$/, '')),
  )
  const [name] = names
  return names.size === 1 && name && !name.includes('=') && !/^\$\{\{[^{}]*\}\}$/.test(name) ? name : null
}

/** Where the push depends on an expression, so does what comes of it. */
function conditionOf({
  step,
  inputs,
}: {
  step: PublishStep['call']['step']
  inputs?: ReadonlyMap<string, string>
}): string[] {
  const own = textOf(childOf(step?.node, 'if'))
  const pushes = /^\$\{\{\s*(.*?)\s*\}\}$/s.exec(inputs?.get('push') ?? '')?.[1]
  const condition = own ?? pushes
  if (condition === undefined || condition.includes('\n')) return []
  // A value that YAML would read otherwise needs the braces.
  return [
    /^[!&*|>%@`"'{[]|: | #/.test(condition) && !condition.startsWith('$')
      ? `if: \${{ ${condition} }}`
      : `if: ${condition}`,
  ]
}

/** An id that no other step has or gets by a fix of its own. */
function freeId({ name, order, unit }: CalledAction): string {
  const before = unit.actions.filter(one => one.name === name && one.order < order).length
  const taken = (unit.job?.steps ?? []).map(({ node }) => textOf(childOf(node, 'id')))
  const wanted = before === 0 ? 'push' : `push-${before + 1}`
  return taken.includes(wanted) ? `pushed-${before + 1}` : wanted
}

function idEdit(call: CalledAction, id: string): Edits | null {
  const file = fileOfStep(call)
  if (!file || !entryOf(call.step.node, 'uses')) return null
  const { start } = call.step.node
  const lineStart = file.text.lastIndexOf('\n', start) + 1
  const text = `id: ${id}${file.text.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(start - lineStart)}`
  return [{ kind: 'replace', path: file.path, start, end: start, text }]
}

/** The provenance of BuildKit asked for in full. */
export function fullProvenanceFix({ call }: PublishStep): Fix | null {
  if (isCommand(call) || !/^docker\/(?:build-push|bake)-action$/.test(call.name)) return null
  const edits = inputEdit(call, 'provenance', 'mode=max')
  return edits && { title: 'Ask for provenance in full', safety: 'review', edits }
}

/** As the repository pins it already, else as refs that were resolved tell, else as we do. */
function pinned(repo: Snapshot): string {
  const used = usesOf(repo).uses.find(
    ({ parsed }) =>
      parsed.kind === 'action' && `${parsed.owner}/${parsed.repo}` === ATTEST && isFullSha(parsed.ref ?? ''),
  )
  if (used) return `${used.value}${used.comment ? ` ${used.comment.text}` : ''}`
  const resolved = [...repo.refs].find(([id, { version }]) => id.startsWith(`${ATTEST}@`) && version !== null)?.[1]
  const { commit, version } = resolved ?? PINNED
  return `${ATTEST}@${commit} # ${version}`
}
