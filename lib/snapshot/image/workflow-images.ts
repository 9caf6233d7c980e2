/** The images that a job of a workflow runs in (`container:`) and beside (`services:`), with its matrix filled in. */
import type { Job, Workflow } from '../workflow.ts'
import { childOf, textOf, type YamlNode, type YamlScalar } from '../yaml.ts'
import { type ImageUse, UNKNOWN } from './reference.ts'

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

/** The values that an expression can have; null where the file does not tell. */
function valuesFor(workflow: Workflow, job: Job, node: YamlScalar): YamlScalar[] | null {
  const whole = /^\$\{\{\s*([\w.-]+)\s*\}\}$/.exec(node.text.trim())
  if (!whole) return /\$\{\{[^}]*\}\}$/.test(node.text.trim()) && isOpen(node.text) ? null : [node]
  const [context, ...path] = whole[1]?.split('.') ?? []
  if (context === 'matrix') return matrixValues(childOf(childOf(job.node, 'strategy'), 'matrix'), path)
  if (context !== 'inputs') return null
  const defaults = workflow.triggers.flatMap(({ node: trigger }) => {
    const value = childOf(childOf(childOf(trigger, 'inputs'), path[0] ?? ''), 'default')
    return value?.kind === 'scalar' && value.value !== null ? [value] : []
  })
  return defaults.length > 0 ? defaults : null
}

/** Only a tag can follow a literal name and colon; whatever else ends in an expression may hold a digest. */
function isOpen(text: string): boolean {
  return !/^[\w./:-]+:\$\{\{\s*matrix\.[\w.-]+\s*\}\}$/.test(text.trim())
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
