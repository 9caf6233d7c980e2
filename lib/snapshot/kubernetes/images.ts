/** Every image that manifests, kustomizations and charts of a repository run, each at the place that decides it. */
import { type ImageUse, isPlaceholder, parseImage, withoutVersion } from '../image/reference.ts'
import { imagesBuiltHere } from '../image/uses.ts'
import type { Snapshot, Unread } from '../snapshot.ts'
import { filesWhere } from '../workflow.ts'
import { childOf, itemsOf, readYamlPart, textOf, type YamlNode, type YamlScalar } from '../yaml.ts'
import { type Chart, chartOf, chartsOf, filledByValues, imagesInValues } from './helm.ts'
import { type ImageOverride, kustomizationsOf } from './kustomize.ts'
import { podsOf } from './pods.ts'
import { documentsOf, type Manifest, manifestsOf, writtenOf } from './read.ts'

/** What runs elsewhere than it is written: images that the repository or the machine makes are not among them. */
export function podImagesOf(repo: Snapshot): { images: ImageUse[]; unread: Unread[] } {
  const charts = new Map(chartsOf(repo).map(chart => [chart.folder, chart]))
  const overrides = overridesOf(repo)
  const ofPods: ImageUse[] = []
  for (const { manifest, containers, volumes } of podsOf(repo)) {
    const pulled = containers.filter(({ node }) => pullPolicyOf(manifest, node, charts) !== 'Never')
    const places = [...pulled.flatMap(({ image }) => image ?? []), ...volumes]
    for (const node of places) {
      const image = imageAt(manifest, node, charts)
      if (!image) continue
      const overridden = overrides.get(image.place.file.path)?.get(withoutVersion(image.image)) ?? []
      if (!overridden.some(one => one.image !== null)) ofPods.push(image)
    }
  }
  // Of a remote base too: what the entry writes is what runs.
  const written = kustomizationsOf(repo).flatMap(({ overrides: own }) => own.flatMap(overrideUse))
  const values = [...charts.values()].flatMap(chart =>
    chart.values.flatMap(({ file, root }) => imagesInValues(file, root, chart.appVersion)),
  )
  const released = manifestsOf(repo).manifests.flatMap(manifest =>
    releasedImages(manifest).filter(({ image }) => !(manifest.templated && ACTION.test(image))),
  )
  const local = localNames(repo)
  const all = onceEach([...ofPods, ...written, ...values, ...released])
  const images = all.filter(({ image }) => !local.has(image) && !isFilledInLater(image))
  return { images, unread: manifestsOf(repo).unread }
}

/** What stands for an action of a template, as the reader of manifests leaves it. */
const ACTION = /x{5,}/

/** What no registry has, and a name or tag that is there to be replaced: `local/web`, `web:CONTAINER_IMAGES_TAG`. */
function isFilledInLater(image: string): boolean {
  return /^(?:local[/-]|localhost(?::\d+)?\/)/.test(image) || /:[A-Z]+(?:_[A-Z]+)+$/.test(image)
}

/** Names without registry, folder and tag that a tool replaces by what it has just built: Skaffold's, and kubebuilder's own. */
function localNames(repo: Snapshot): Set<string> {
  const names = new Set(['controller', 'controller:latest'])
  for (const name of imagesBuiltHere(repo)) if (!name.includes('/')) names.add(name).add(`${name}:latest`)
  for (const file of filesWhere(repo, path => /(?:^|\/)skaffold\.ya?ml$/.test(path))) {
    for (const { start, text } of documentsOf(file)) {
      const read = readYamlPart(file, start, text)
      if (!read.ok) continue
      const builds = [read.root, ...itemsOf(childOf(read.root, 'profiles'))].map(one => childOf(one, 'build'))
      const artifacts = builds.flatMap(build => itemsOf(childOf(build, 'artifacts')))
      for (const artifact of artifacts) names.add(textOf(childOf(artifact, 'image')) ?? '')
    }
  }
  return names
}

function pullPolicyOf(manifest: Manifest, container: YamlNode, charts: ReadonlyMap<string, Chart>): string | undefined {
  const policy = childOf(container, 'imagePullPolicy')
  const chart = manifest.templated ? chartOf(charts, manifest.file.path) : undefined
  if (!chart || policy?.kind !== 'scalar') return textOf(policy)
  return filledByValues(chart, writtenOf(manifest, policy))?.text
}

function imageAt(manifest: Manifest, node: YamlScalar, charts: ReadonlyMap<string, Chart>): ImageUse | null {
  const { file } = manifest
  const here = { file, start: node.start, end: node.end }
  const written = manifest.templated ? writtenOf(manifest, node) : node.text
  if (!written.includes('{{')) {
    // `ko://` and the like name a build; a variable of envsubst or a word of sed is filled in before it is applied.
    const isName = parseImage(written) !== null && !isPlaceholder(written)
    return isName ? { where: 'pod', written, image: written, unknown: [], place: here } : null
  }
  const chart = chartOf(charts, file.path)
  const found = chart ? filledByValues(chart, written) : null
  if (!found || parseImage(found.text) === null) return null
  const place = found.at ? { file: found.at.file, start: found.at.node.start, end: found.at.node.end } : here
  return { where: 'pod', written: found.text, image: found.text, unknown: [], place }
}

/** File → image name without version → the entries of kustomizations that take the file in. */
function overridesOf(repo: Snapshot): Map<string, Map<string, ImageOverride[]>> {
  const found = new Map<string, Map<string, ImageOverride[]>>()
  for (const { overrides, takesIn } of kustomizationsOf(repo))
    for (const path of takesIn) {
      const names = found.get(path) ?? new Map<string, ImageOverride[]>()
      for (const one of overrides) names.set(one.name, [...(names.get(one.name) ?? []), one])
      found.set(path, names)
    }
  return found
}

function overrideUse({ file, node, image }: ImageOverride): ImageUse[] {
  if (image === null || parseImage(image) === null) return []
  const { start, end } = childOf(node, 'digest') ?? childOf(node, 'newTag') ?? node
  return [{ where: 'pod', written: image, image, unknown: [], place: { file, start, end } }]
}

/** Flux and Argo CD: the values that a release gives its chart. */
function releasedImages({ file, apiVersion, kind, node }: Manifest): ImageUse[] {
  const spec = childOf(node, 'spec')
  if (/^helm\.toolkit\.fluxcd\.io\//.test(apiVersion) && kind === 'HelmRelease')
    return imagesInValues(file, childOf(spec, 'values'), '')
  if (!/^argoproj\.io\//.test(apiVersion) || kind !== 'Application') return []
  const sources = [childOf(spec, 'source'), ...itemsOf(childOf(spec, 'sources'))]
  return sources.flatMap(source => {
    const helm = childOf(source, 'helm')
    const own = imagesInValues(file, childOf(helm, 'valuesObject'), '')
    const text = childOf(helm, 'values')
    if (text?.kind !== 'scalar' || text.value === null) return own
    const read = readYamlPart(file, 0, text.text)
    // The offsets inside are of the block's text, so the whole block is shown.
    const inner = read.ok ? imagesInValues(file, read.root, '') : []
    return [...own, ...inner.map(image => ({ ...image, place: { file, start: text.start, end: text.end } }))]
  })
}

function onceEach(images: readonly ImageUse[]): ImageUse[] {
  const byPlace = new Map(images.map(image => [`${image.place.file.path}:${image.place.start}:${image.image}`, image]))
  return [...byPlace.values()]
}
