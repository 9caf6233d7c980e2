/** Helm charts: what the values of a chart make of the images in its templates. Nothing is rendered. */
import { isAside } from '../aside.ts'
import { type ImageUse, parseImage } from '../image/reference.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { filesWhere } from '../workflow.ts'
import { ancestorsOf, folderOf, joined } from '../workspaces.ts'
import { childOf, readYaml, textOf, type YamlMap, type YamlNode, type YamlScalar } from '../yaml.ts'

export type Chart = { folder: string; appVersion: string; values: { file: SourceFile; root: YamlNode }[] }

/** Charts whose `Chart.yaml` can be read, with their values files, the plainest name first. */
export function chartsOf(repo: Snapshot): Chart[] {
  const values = new Map<string, SourceFile[]>()
  for (const file of filesWhere(repo, path => /(?:^|\/)values(?:[.-][\w.-]+)?\.ya?ml$/.test(path))) {
    const folder = folderOf(file.path)
    values.set(folder, [...(values.get(folder) ?? []), file])
  }
  return filesWhere(repo, path => /(?:^|\/)Chart\.ya?ml$/.test(path) && !isAside(path)).flatMap(file => {
    const folder = folderOf(file.path)
    const read = readYaml(file)
    if (!read.ok) return []
    const own = (values.get(folder) ?? []).toSorted((a, b) => a.path.length - b.path.length)
    const roots = own.flatMap(one => {
      const root = readYaml(one)
      return root.ok ? [{ file: one, root: root.root }] : []
    })
    return [{ folder, appVersion: textOf(childOf(read.root, 'appVersion')) ?? '', values: roots }]
  })
}

/** The chart whose template a file is; the nearest above its `templates` folder. */
export function chartOf(charts: ReadonlyMap<string, Chart>, path: string): Chart | undefined {
  const folder = folderOf(path)
  const above = [folder, ...ancestorsOf(folder)].find(one => charts.has(one))
  return above !== undefined && path.startsWith(joined(above, 'templates/')) ? charts.get(above) : undefined
}

type Found = { text: string; at: { file: SourceFile; node: YamlScalar } | null }

/** What a templated image is with the chart's own values; null where a helper or a condition decides. */
export function filledByValues(chart: Chart, written: string): Found | null {
  let at: Found['at'] = null
  let isKnown = true
  const text = written.replace(/\{\{-?([\s\S]*?)-?\}\}/g, (_, expression: string) => {
    const found = valueOfExpression(chart, expression)
    if (found === null) isKnown = false
    // The version is what has to change, not the name beside it.
    else if (found.at && (at === null || /tag|digest|version/i.test(expression))) at = found.at
    return found?.text ?? ''
  })
  return isKnown ? { text: text.replace(/^["']|["']$/g, ''), at } : null
}

function valueOfExpression(chart: Chart, expression: string): Found | null {
  const terms = expression
    .trim()
    .split(/\s*\|\s*/)
    .filter(term => !/^(?:quote|squote|trim|toString|lower)$/.test(term))
  const [first = '', ...rest] = terms
  const [, otherwise, main = ''] = /^default\s+(\S+)\s+(\S+)$/.exec(first) ?? [null, undefined, first]
  const value = term(chart, main)
  if (value === null) return null
  let found = value.text === '' && otherwise !== undefined ? term(chart, otherwise) : value
  for (const next of rest) {
    const fallback = /^default\s+(\S+)$/.exec(next)?.[1]
    if (fallback === undefined) return null
    if (found?.text === '') found = term(chart, fallback)
  }
  return found
}

function term(chart: Chart, written: string): Found | null {
  const literal = /^"([^"]*)"$/.exec(written)?.[1]
  if (literal !== undefined) return { text: literal, at: null }
  if (/^\$?\.Chart\.AppVersion$/.test(written)) return { text: chart.appVersion, at: null }
  const path = /^\$?\.Values((?:\.\w+)+)$/.exec(written)?.[1]?.slice(1).split('.')
  const [values] = chart.values
  if (!path || !values) return null
  const node = path.reduce<YamlNode | undefined>((at, key) => childOf(at, key), values.root)
  if (node === undefined) return { text: '', at: null }
  if (node.kind !== 'scalar') return null
  return { text: textOf(node) ?? '', at: node.value === null ? null : { file: values.file, node } }
}

/** Values that are plainly images: `image: { repository, tag, digest }` and `image: registry/name:tag`. */
export function imagesInValues(file: SourceFile, root: YamlNode | undefined, appVersion: string): ImageUse[] {
  const found: ImageUse[] = []
  const walk = (node: YamlNode | undefined, key: string, depth: number) => {
    if (!node || depth > 20 || found.length > 500) return
    if (node.kind === 'seq') for (const item of node.items) walk(item, key, depth + 1)
    if (node.kind === 'map') {
      const image = /image$/i.test(key) ? fromMap(file, node, appVersion) : null
      if (image) found.push(image)
      else for (const entry of node.entries) walk(entry.value, entry.key, depth + 1)
    }
    const text = node.kind === 'scalar' && /^image$|Image$/.test(key) ? (textOf(node) ?? '') : ''
    const parsed = parseImage(text)
    // A lone word may be anything; a tag, a digest or a registry makes it an image.
    if (parsed && (parsed.tag ?? parsed.digest ?? /^[\w-]+\.[\w.-]+\//.exec(text)) !== null)
      found.push({
        where: 'pod',
        written: text,
        image: text,
        unknown: [],
        place: { file, start: node.start, end: node.end },
      })
  }
  walk(root, '', 0)
  return found
}

function fromMap(file: SourceFile, node: YamlMap, appVersion: string): ImageUse | null {
  const repository = textOf(childOf(node, 'repository'))
  const [tag, digest] = [childOf(node, 'tag'), childOf(node, 'digest')]
  // An image that is never pulled is built where it runs.
  const isPulled = textOf(childOf(node, 'pullPolicy') ?? childOf(node, 'imagePullPolicy')) !== 'Never'
  if (!repository || !isPulled || (tag === undefined && digest === undefined)) return null
  const registry = textOf(childOf(node, 'registry'))
  const version = textOf(tag) || appVersion
  const hash = textOf(digest)
    ?.replace(/^@/, '')
    .replace(/^(?=[0-9a-f]{64}$)/, 'sha256:')
  const name = `${registry ? `${registry}/` : ''}${repository}`
  const image = `${name}${version ? `:${version}` : ''}${hash ? `@${hash}` : ''}`
  if (image.includes('{{') || image.includes('${')) return null
  const shown = [digest, tag, childOf(node, 'repository')].find(
    one => one?.kind === 'scalar' && one.value !== null && one.text !== '',
  )
  const { start, end } = shown ?? node
  return { where: 'pod', written: image, image, unknown: [], place: { file, start, end } }
}
