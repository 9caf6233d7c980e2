/** Every action, reusable workflow and image that workflows and actions of a repository call by `uses:` or `image:`. */
import { lineAt, lineRange, type Place } from './lines.ts'
import type { Snapshot, SourceFile, Unread } from './snapshot.ts'
import { actionsOf, workflowsOf } from './workflow.ts'
import { childOf, valuesOf, type YamlNode, type YamlScalar } from './yaml.ts'

export type ParsedUses =
  | { kind: 'local'; path: string }
  | { kind: 'image'; image: string; digest: string | null }
  | { kind: 'action'; owner: string; repo: string; path: string | null; ref: string | null }
  | { kind: 'unclear' }

/** A comment behind the value on its line. `version` where it names one (`# v4.1.2`, `# tag=v4`, `# pin@v4`). */
type UsesComment = { text: string; version: string | null; place: Place }

export type Uses = {
  value: string
  parsed: ParsedUses
  where: 'step' | 'job' | 'composite' | 'image'
  /** The value as written, with its quotes. */
  place: Place
  style: YamlScalar['style']
  line: number
  comment: UsesComment | null
}

/**
 * In the order of the files and of their lines. A value that several aliases lead to is one place and comes once.
 * Local calls are listed too; what they call stands in files of the repository and comes in its turn.
 */
export function usesOf(repo: Snapshot): { uses: Uses[]; unread: Unread[] } {
  const { workflows, unread } = workflowsOf(repo)
  const { actions, unread: unreadActions } = actionsOf(repo)
  const uses: Uses[] = []
  for (const workflow of workflows) {
    const found = new Found(workflow.file)
    for (const job of workflow.jobs) {
      found.add(valuesOf(job.node, 'uses'), 'job')
      for (const step of job.steps) found.add(valuesOf(step.node, 'uses'), 'step')
    }
    uses.push(...found.inOrder())
  }
  for (const action of actions) {
    const found = new Found(action.file)
    for (const step of action.steps) found.add(valuesOf(step.node, 'uses'), 'composite')
    const image = childOf(action.runs, 'image')
    if (image?.kind === 'scalar' && image.text.startsWith('docker://')) found.add([image], 'image')
    uses.push(...found.inOrder())
  }
  return { uses, unread: [...unread, ...unreadActions] }
}

class Found {
  private readonly file: SourceFile
  private readonly byStart = new Map<number, Uses>()

  constructor(file: SourceFile) {
    this.file = file
  }

  add(nodes: readonly YamlNode[], where: Uses['where']): void {
    for (const node of nodes) {
      if (node.kind !== 'scalar' || node.value === null || this.byStart.has(node.start)) continue
      const { file } = this
      const value = node.text.trim()
      const place = { file, start: node.start, end: node.end }
      const line = lineAt(file, node.start)
      const comment = node.style === 'block' ? null : commentAfter(place)
      this.byStart.set(node.start, { value, parsed: parseUses(value), where, place, style: node.style, line, comment })
    }
  }

  inOrder(): Uses[] {
    return [...this.byStart.values()].sort((a, b) => a.place.start - b.place.start)
  }
}

export function parseUses(value: string): ParsedUses {
  if (value.startsWith('./') || value.startsWith('$/')) return { kind: 'local', path: value }
  if (value.startsWith('docker://')) {
    const image = value.slice('docker://'.length)
    return { kind: 'image', image, digest: /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? null }
  }
  const match = /^([^/@\s${}]+)\/([^/@\s${}]+)(?:\/([^@\s]+))?(?:@(.*))?$/.exec(value)
  if (!match?.[1] || !match[2]) return { kind: 'unclear' }
  return { kind: 'action', owner: match[1], repo: match[2], path: match[3] ?? null, ref: match[4] || null }
}

/** Exactly 40 (SHA-1) or 64 (SHA-256) hex digits and nothing else. */
export function isFullSha(ref: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(ref)
}

const COMMENT = /^[ \t}\],]*[ \t](#.*)$/
const VERSION =
  /^#+\s*(?:(?:renovate|ratchet|dependabot)\s*:\s*)?(?:tag\s*[=:]\s*|pin\s*@\s*|[\w./-]+@)?(v?\d[\w.+-]*)(?=\s|$)/i

function commentAfter({ file, end }: Place): UsesComment | null {
  const lineEnd = lineRange(file, lineAt(file, end)).end
  const text = COMMENT.exec(file.text.slice(end, lineEnd))?.[1]
  if (!text) return null
  const place = { file, start: lineEnd - text.length, end: lineEnd }
  return { text: text.trimEnd(), version: VERSION.exec(text)?.[1] ?? null, place }
}
