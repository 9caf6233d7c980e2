/** Which containers of services cannot write where their program lies (`readOnlyRootFilesystem`). */
import { parseImage } from '../image/reference.ts'
import { lineAt, lineBreakOf, lineRange } from '../lines.ts'
import type { Snapshot, SourceFile } from '../snapshot.ts'
import { childOf, entryOf, textOf, type YamlNode } from '../yaml.ts'
import { type Chart, chartOf, chartsOf } from './helm.ts'
import { type Container, type Pod, podsOf } from './pods.ts'
import type { Manifest } from './read.ts'

export type ServiceContainer = { manifest: Manifest; container: Container; readOnly: boolean }

/** Of pods that go on running. What a patch of Kustomize or the values of a chart say of a container is taken in. */
export function serviceContainersOf(repo: Snapshot): ServiceContainer[] {
  const charts = new Map(chartsOf(repo).map(chart => [chart.folder, chart]))
  const services = podsOf(repo).filter(({ isService }) => isService)
  const patched = new Set(services.flatMap(pod => pod.containers.filter(saysReadOnly).map(one => keyOf(pod, one))))
  return services.flatMap(pod =>
    pod.containers.flatMap(container => {
      const { manifest } = pod
      // A piece of a pod without an image is a patch for another one.
      if (container.role !== 'container' || !container.image) return []
      // A word that another program fills in is no image yet, and the file no manifest.
      if (!manifest.templated && parseImage(container.image.text) === null) return []
      const chart = manifest.templated ? chartOf(charts, manifest.file.path) : undefined
      const readOnly =
        patched.has(keyOf(pod, container)) || (chart !== undefined && templateSays(manifest, container, chart))
      return [{ manifest, container, readOnly }]
    }),
  )
}

function keyOf({ manifest }: Pod, { name }: Container): string {
  // Two templates of a chart may well share the word that stands for a name.
  return [manifest.templated ? manifest.file.path : '', manifest.kind, manifest.name, name].join('\0')
}

function saysReadOnly({ node }: Container): boolean {
  return textOf(childOf(childOf(node, 'securityContext'), 'readOnlyRootFilesystem')) === 'true'
}

/** A template that takes its security context from the values. */
function templateSays({ file }: Manifest, { node }: Container, { values }: Chart): boolean {
  const own = entryOf(node, 'securityContext')
  if (!own || textOf(childOf(own.value, 'readOnlyRootFilesystem')) === 'false') return false
  // An action alone below the key is no value to the parser; it stands in the next lines, or in a `with` before.
  const written = file.text.slice(Math.max(0, own.keyStart - 150), Math.max(own.value.end, own.keyEnd + 200))
  const paths = [...written.matchAll(/\.Values\.([\w.]*[sS]ecurityContext)\b/g)].map(([, path = '']) => path.split('.'))
  const byHelper = /include\s+"[^"]*[sS]ecurityContext/.test(written)
  return values.some(
    ({ root }) =>
      (byHelper && holdsReadOnly(root, 0)) ||
      paths.some(path => {
        const node = path.reduce<YamlNode | undefined>((at, key) => childOf(at, key), root)
        return node !== undefined && holdsReadOnly(node, 0)
      }),
  )
}

function holdsReadOnly(node: YamlNode, depth: number): boolean {
  if (depth > 20) return false
  if (node.kind === 'seq') return node.items.some(item => holdsReadOnly(item, depth + 1))
  if (node.kind !== 'map') return false
  return node.entries.some(({ key, value }) =>
    key === 'readOnlyRootFilesystem' ? textOf(value) === 'true' : holdsReadOnly(value, depth + 1),
  )
}

/** The edit that makes it so; null where the way that it is written leaves no safe place. */
export function readOnlyEdit(
  file: SourceFile,
  { node, image }: Container,
): { start: number; end: number; text: string } | null {
  const said = entryOf(childOf(node, 'securityContext'), 'readOnlyRootFilesystem')
  if (said) return { start: said.value.start, end: said.value.end, text: 'true' }
  const context = childOf(node, 'securityContext')
  const first = context?.kind === 'map' && !context.flow ? context.entries[0] : undefined
  const anchor = context ? first : entryOf(node, 'image')
  if (!anchor || !image || node.flow || image.style === 'block') return null
  const lineBreak = lineBreakOf(file.text)
  const indent = ' '.repeat(anchor.keyStart - lineRange(file, lineAt(file, anchor.keyStart)).start)
  if (context)
    return { start: anchor.keyStart, end: anchor.keyStart, text: `readOnlyRootFilesystem: true${lineBreak}${indent}` }
  const { end } = lineRange(file, lineAt(file, image.end))
  const added = `${lineBreak}${indent}securityContext:${lineBreak}${indent}  readOnlyRootFilesystem: true`
  return { start: end, end, text: added }
}
