/** The images that a job of a workflow runs in (`container:`) and beside (`services:`), with its matrix filled in. */
import type { Job, Workflow } from '../workflow.ts'
import { childOf, textOf, type YamlNode, type YamlScalar } from '../yaml.ts'
import { type ImageUse, isByDigest, UNKNOWN } from './reference.ts'

type Value = Pick<YamlScalar, 'text' | 'start' | 'end'>

export function imagesOfJob(workflow: Workflow, job: Job): { images: ImageUse[]; unclear: string[] } {
  const { file } = workflow
  const unclear: string[] = []
  const byStart = new Map<number, ImageUse>()
  const add = (where: ImageUse['where'], node: YamlNode | undefined) => {
    if (node?.kind !== 'scalar' || node.value === null) return
    const values = valuesFor(workflow, job, node)
    if (!values) unclear.push(node.text.trim())
    for (const { text, start, end } of values ?? []) {
      const written = text.trim()
      const image = written.replace(/\$\{\{[^}]*\}\}/g, UNKNOWN)
      if (!byStart.has(start)) byStart.set(start, { where, written, image, unknown: [], place: { file, start, end } })
    }
  }
  const container = childOf(job.node, 'container')
  add('container', container?.kind === 'map' ? childOf(container, 'image') : container)
  const services = childOf(job.node, 'services')
  if (services?.kind === 'map') for (const { value } of services.entries) add('service', childOf(value, 'image'))
  return { images: [...byStart.values()].filter(({ image }) => image !== ''), unclear }
}

/** What an expression can be, as places; null where the file does not tell. */
function valuesFor(workflow: Workflow, job: Job, node: YamlScalar, depth = 0): Value[] | null {
  const written = node.text.trim()
  const whole = /^\$\{\{\s*([\w.-]+)\s*\}\}$/.exec(written)
  if (!whole) return chosen(node) ?? (isOpen(workflow, job, written) ? null : [node])
  const [context, ...path] = whole[1]?.split('.') ?? []
  const values =
    context === 'matrix'
      ? matrixValues(childOf(childOf(job.node, 'strategy'), 'matrix'), path)
      : context === 'inputs'
        ? defaultsOf(workflow, path[0] ?? '')
        : null
  if (!values || depth > 3) return null
  const each = values.map(value => valuesFor(workflow, job, value, depth + 1))
  return each.includes(null) ? null : each.flatMap(value => value ?? [])
}

function defaultsOf(workflow: Workflow, input: string): YamlScalar[] | null {
  const defaults = workflow.triggers.flatMap(({ node: trigger }) => {
    const value = childOf(childOf(childOf(trigger, 'inputs'), input), 'default')
    return value?.kind === 'scalar' && value.value !== null ? [value] : []
  })
  return defaults.length > 0 ? defaults : null
}

/** `${{ condition && 'image' || '' }}`: the first of the images that is not by digest, or else the first. */
function chosen({ text, start, end }: YamlScalar): Value[] | null {
  if (!/^\$\{\{[^}]*\}\}$/.test(text.trim())) return null
  const images = [...text.matchAll(/(?:&&|\|\|)\s*'([^']*)'/g)].flatMap(([, image]) => image || [])
  const image = images.find(one => !isByDigest(one)) ?? images[0]
  return image === undefined ? null : [{ text: image, start, end }]
}

/** True where an expression at the end may hold a digest: whatever is not plainly a tag of the matrix. */
function isOpen({ file }: Workflow, job: Job, written: string): boolean {
  if (!written.endsWith('}}')) return false
  const strategy = childOf(job.node, 'strategy')
  const isTag = /^[\w./-]+:(?:[\w.-]|\$\{\{\s*matrix\.[\w.-]+\s*\}\})+$/.test(written)
  return !isTag || /sha256:/.test(file.text.slice(strategy?.start ?? 0, strategy?.end ?? 0))
}

function matrixValues(matrix: YamlNode | undefined, path: readonly string[]): YamlScalar[] | null {
  const [first = '', ...rest] = path
  const axis = childOf(matrix, first)
  const included = childOf(matrix, 'include')
  // A list that an expression makes is not in the file.
  if (matrix?.kind !== 'map' || axis?.kind === 'scalar' || included?.kind === 'scalar') return null
  const starts = [
    ...(axis?.kind === 'seq' ? axis.items : []),
    ...(included?.kind === 'seq' ? included.items.flatMap(item => childOf(item, first) ?? []) : []),
  ]
  const values = starts.flatMap(start => {
    const node = rest.reduce<YamlNode | undefined>((at, key) => childOf(at, key), start)
    return node?.kind === 'scalar' && textOf(node) !== undefined ? [node] : []
  })
  return values.length > 0 ? values : null
}
