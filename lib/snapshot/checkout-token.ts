/** Checkouts that leave the token of the job on disk while the job uploads artifacts. */
import { type CalledAction, commandsOf, type Unit } from './commands.ts'
import { lineAt, lineBreakOf, lineRange } from './lines.ts'
import type { Snapshot, Unread } from './snapshot.ts'
import { isFullSha, usesOf } from './uses.ts'
import { childOf, entryOf } from './yaml.ts'

/** `takesGit`: the upload takes the folder of the checkout in as a whole. `pushes`: a later step needs the token. */
export type KeptToken = { checkout: CalledAction; upload: string; takesGit: boolean; pushes: boolean }

const UPLOADS = /^actions\/upload-(?:artifact|pages-artifact)(?:\/merge)?$/
const PUSHES =
  /^(?:stefanzweifel\/git-auto-commit-action|endbug\/add-and-commit|ad-m\/github-push-action|peter-evans\/create-pull-request|jamesives\/github-pages-deploy-action|changesets\/action)$/

export function judgeCheckouts(repo: Snapshot): { examined: number; kept: KeptToken[]; unread: Unread[] } {
  const { units, unread } = commandsOf(repo)
  const versions = versionsOf(repo)
  const byPlace = new Map<string, KeptToken | null>()
  const untold = new Map<string, Unread>()
  for (const unit of units) {
    for (const checkout of unit.actions.filter(({ name }) => name === 'actions/checkout')) {
      const upload = unit.actions.find(({ name, order }) => order > checkout.order && UPLOADS.test(name))
      if (!upload) continue
      const key = `${checkout.place.file.path}:${checkout.place.start}`
      const persists = keeps(checkout, versions)
      if (persists === null) untold.set(key, untoldVersion(checkout))
      byPlace.set(key, byPlace.get(key) ?? (persists === true ? tokenIn(unit, checkout) : null))
    }
  }
  const kept = [...byPlace.values()].filter(one => one !== null)
  return { examined: byPlace.size, kept, unread: [...unread, ...untold.values()] }
}

function untoldVersion({ place, ref }: CalledAction): Unread {
  const reason = `which version of actions/checkout \`${(ref ?? '').slice(0, 7)}\` is, no comment and no tag says (line ${lineAt(place.file, place.start)})`
  return { part: 'workflows', path: place.file.path, reason }
}

/** null where the version decides and a commit is all that is known of it. */
function keeps({ inputs, ref, place }: CalledAction, versions: ReadonlyMap<string, string>): boolean | null {
  const persists = inputs.get('persist-credentials')?.trim() ?? 'true'
  // An expression is the owner's decision that only a run could tell.
  if (persists === 'false' || persists.includes('${{')) return false
  const version = versions.get(`${place.file.path}:${place.start}`) ?? versions.get(ref ?? '') ?? ref ?? ''
  if (isFullSha(version)) return null
  // Since its version 6 the token lies in the runner's own folder, out of the workspace.
  return !(Number(/^v?(\d+)/.exec(version)?.[1] ?? 0) >= 6)
}

/** Place of a `uses:`, and the commit of actions/checkout that stands there → the version that it is known to be. */
function versionsOf(repo: Snapshot): Map<string, string> {
  return new Map(
    usesOf(repo).uses.flatMap(({ place, comment, value }) => {
      const version = comment?.version ?? repo.refs.get(value)?.version
      if (!version) return []
      const commit = /^actions\/checkout@([0-9a-f]{40,64})$/i.exec(value)?.[1]
      return [[`${place.file.path}:${place.start}`, version] as const, ...(commit ? [[commit, version] as const] : [])]
    }),
  )
}

function tokenIn(unit: Unit, checkout: CalledAction): KeptToken {
  const uploads = unit.actions.filter(({ name, order }) => order > checkout.order && UPLOADS.test(name))
  const folder = checkout.inputs.get('path') ?? ''
  const whole = uploads.find(({ inputs }) => takesFolder(inputs.get('path') ?? '', folder))
  const upload = (whole ?? uploads[0])?.name ?? ''
  const later = (order: number) => order > checkout.order
  const pushes =
    unit.commands.some(({ argv, order }) => later(order) && argv[0] === 'git' && argv.includes('push')) ||
    unit.actions.some(({ name, order }) => later(order) && PUSHES.test(name))
  return { checkout, upload, takesGit: whole !== undefined, pushes }
}

function takesFolder(written: string, folder: string): boolean {
  const home = folder.replace(/^\.\/|\/$/g, '')
  return written.split('\n').some(line => {
    const path = line.trim().replace(/^\$\{\{\s*github\.workspace\s*\}\}\/?/, './')
    const plain = path.replace(/^\.\//, '').replace(/\/?(?:\*\*?(?:\/\*)?)?$/, '')
    return path !== '' && !path.startsWith('!') && (plain === '' || plain === '.' || plain === home)
  })
}

/** Writes the input, or turns `true` round; null where the job needs the token or the step's form leaves no room. */
export function persistEdit({
  checkout,
  pushes,
}: KeptToken): { start: number; end: number; text: string; indent?: number } | null {
  const { step, place } = checkout
  const { file } = place
  if (pushes || step.node.flow) return null
  const inputs = childOf(step.node, 'with')
  const given = entryOf(inputs, 'persist-credentials')?.value
  if (given)
    return given.kind === 'scalar' && given.style === 'plain'
      ? { start: given.start, end: given.end, text: 'false' }
      : null
  const lineBreak = lineBreakOf(file.text)
  const columnOf = (offset: number) => ' '.repeat(offset - lineRange(file, lineAt(file, offset)).start)
  const first = inputs?.kind === 'map' ? inputs.entries[0] : undefined
  if (inputs?.kind === 'map' && first) {
    const text = inputs.flow
      ? 'persist-credentials: false, '
      : `persist-credentials: false${lineBreak}${columnOf(first.keyStart)}`
    return { start: first.keyStart, end: first.keyStart, text }
  }
  const uses = entryOf(step.node, 'uses')
  if (inputs || !uses || uses.value.end !== place.end) return null
  const { end } = lineRange(file, lineAt(file, uses.keyStart))
  const indent = columnOf(uses.keyStart)
  const text = `${lineBreak}${indent}with:${lineBreak}${indent}  persist-credentials: false`
  return { start: end, end, text, indent: indent.length }
}
