/**
 * Kubernetes manifests as documents with places: plain files of several documents, lists, and Helm templates as far as
 * they can be read without being run. YAML that is no manifest is passed by.
 */
import { isAside } from '../aside.ts'
import type { Snapshot, SourceFile, Unread } from '../snapshot.ts'
import { filesWhere, isActionPath, isWorkflowPath } from '../workflow.ts'
import { childOf, itemsOf, readYamlPart, textOf, type YamlMap, type YamlNode } from '../yaml.ts'

/** `templated`: the file holds `{{ }}`; texts of its values are then as written, with the expressions. */
export type Manifest = {
  file: SourceFile
  apiVersion: string
  kind: string
  name: string
  node: YamlMap
  templated: boolean
}

/** Kinds that a reader here asks for; others are not even parsed. */
const KINDS =
  /^kind:[ \t]*["']?(?:Pod|PodTemplate|ReplicationController|ReplicaSet|Deployment|StatefulSet|DaemonSet|Job|CronJob|List|Rollout|Configuration|DeploymentConfig|ScaledJob|CloneSet|Workflow|WorkflowTemplate|ClusterWorkflowTemplate|CronWorkflow|Task|HelmRelease|Application|ValidatingAdmissionPolicy|ValidatingAdmissionPolicyBinding|ClusterPolicy|Policy|ImageValidatingPolicy|ClusterImagePolicy|ConstraintTemplate)["']?[ \t]*(?:#.*)?\r?$/m
/** Of policies only those that say such a word can be asked for: a library of them holds hundreds that judge something else. */
const SAYING: readonly { kind: RegExp; word: RegExp }[] = [
  {
    kind: /^kind:[ \t]*["']?(?:Cluster)?Policy\b/m,
    word: /verifyImages|sha256|\.digest\b|readOnlyRootFilesystem/,
  },
  { kind: /^kind:[ \t]*["']?ConstraintTemplate\b/m, word: /sha256|external_data/i },
  {
    kind: /^kind:[ \t]*["']?ValidatingAdmissionPolicy(?!Binding)\b/m,
    word: /sha256|digest|verifyImage|signature/i,
  },
]
const LARGEST = 8 * 1024 * 1024
const MOST_DOCUMENTS = 20_000

/** `aside`: how many files with manifests were not looked into for where they stand. */
export type Manifests = { manifests: Manifest[]; aside: number; unread: Unread[] }

const known = new WeakMap<Snapshot, Manifests>()

export function manifestsOf(repo: Snapshot): Manifests {
  const found = known.get(repo)
  if (found) return found
  const manifests: Manifest[] = []
  const unread: Unread[] = []
  let aside = 0
  for (const file of filesWhere(repo, isYamlPath)) {
    if (file.text.length > LARGEST || !/^apiVersion:/m.test(file.text)) continue
    if (isAside(file.path)) {
      aside++
      continue
    }
    for (const { start, text } of documentsOf(file)) {
      if (manifests.length >= MOST_DOCUMENTS) break
      if (!isWanted(text)) continue
      const read = readDocument(file, start, text)
      if ('reason' in read) unread.push(read)
      else manifests.push(...read.manifests)
    }
  }
  const made = { manifests, aside, unread }
  known.set(repo, made)
  return made
}

function isYamlPath(path: string): boolean {
  return /\.(?:ya?ml|tpl)$/.test(path) && !isWorkflowPath(path) && !isActionPath(path)
}

/** Cut at the marks between documents before anything is parsed: bundles of a hundred CRDs hold a few pods. */
export function* documentsOf({ text }: SourceFile): Generator<{ start: number; text: string }> {
  let start = 0
  for (const mark of text.matchAll(/^---(?=[ \t#\r\n]|$)/gm)) {
    yield { start, text: text.slice(start, mark.index) }
    start = mark.index + 3
  }
  yield { start, text: text.slice(start) }
}

function isWanted(text: string): boolean {
  if (!/^apiVersion:/m.test(text)) return false
  if (SAYING.some(({ kind, word }) => kind.test(text) && !word.test(text))) return false
  return (
    KINDS.test(text) || /^apiVersion:[ \t]*["']?(?:serving\.knative\.dev|constraints\.gatekeeper\.sh)\//m.test(text)
  )
}

function readDocument(file: SourceFile, start: number, written: string): Unread | { manifests: Manifest[] } {
  const templated = written.includes('{{')
  const read = readYamlPart(file, start, templated ? withoutActions(written) : written)
  if (!read.ok) {
    // Templates of Helm, Jinja and others are no YAML until they have run; that is no fault.
    if (/\{\{|\{%|<%|\$\{|%\{/.test(written)) return { manifests: [] }
    return { part: 'files', path: file.path, reason: `not readable as YAML: ${read.reason}` }
  }
  const items = textOf(childOf(read.root, 'kind')) === 'List' ? itemsOf(childOf(read.root, 'items')) : [read.root]
  return { manifests: items.flatMap(node => manifestFrom(file, node, templated)) }
}

function manifestFrom(file: SourceFile, node: YamlNode, templated: boolean): Manifest[] {
  const apiVersion = textOf(childOf(node, 'apiVersion'))
  const kind = textOf(childOf(node, 'kind'))
  if (node.kind !== 'map' || apiVersion === undefined || kind === undefined) return []
  const name = textOf(childOf(childOf(node, 'metadata'), 'name')) ?? ''
  return [{ file, apiVersion, kind, name, node, templated }]
}

/**
 * Equal in length: lines of actions alone and blocks that an action writes are emptied, others become a word. At the
 * head of a block of text emptied lines become line breaks, for there YAML takes no blank longer than the indentation.
 */
function withoutActions(text: string): string {
  return text
    .replace(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, comment => emptied(comment, ' '))
    .replace(/^[ \t]*\{\{[^\n]*?\}\}[ \t]*(?:#.*)?\r?$/gm, line =>
      /^[ \t]*\{\{[^}]*\}\}[ \t]*:/.test(line) ? line : emptied(line, ' '),
    )
    .replace(/\{\{[\s\S]*?\}\}/g, action => emptied(action, /\bn?indent\b/.test(action) ? ' ' : 'x'))
    .replace(/([|>][-+]?[ \t]*\r?\n)((?:[ \t]*\r?\n)+)/g, (_, head: string, blanks: string) => {
      return head + '\n'.repeat(blanks.length)
    })
}

function emptied(text: string, by: ' ' | 'x'): string {
  return /[\r\n]/.test(text) ? text.replace(/[^\r\n]/g, by) : by.repeat(text.length)
}

/** The value as written in the file, where a template's expressions stand. */
export function writtenOf(
  { file }: Pick<Manifest, 'file'>,
  node: { text: string; style: string; start: number; end: number },
): string {
  if (node.style === 'block') return node.text
  const raw = file.text.slice(node.start, node.end)
  return node.style === 'quoted' ? raw.slice(1, -1) : raw
}
