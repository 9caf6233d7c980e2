/** Everything in manifests that runs containers: the kinds of Kubernetes itself, and others that embed the same. */
import type { Snapshot } from '../snapshot.ts'
import { childOf, itemsOf, textOf, type YamlMap, type YamlNode, type YamlScalar } from '../yaml.ts'
import { type Manifest, manifestsOf } from './read.ts'

export type Container = {
  role: 'container' | 'init' | 'ephemeral'
  name: string
  node: YamlMap
  image: YamlScalar | null
}
/** `isService`: it is meant to go on running, unlike a job or a step of a pipeline. */
export type Pod = {
  manifest: Manifest
  spec: YamlMap
  isService: boolean
  containers: Container[]
  volumes: YamlScalar[]
}

/** API group and kind → where the pod's spec stands. Only where the schema is the pod's own. */
const SPECS: readonly { group: RegExp; kind: RegExp; path: readonly string[]; isService: boolean }[] = [
  { group: /^v1$/, kind: /^Pod$/, path: ['spec'], isService: true },
  { group: /^v1$/, kind: /^PodTemplate$/, path: ['template', 'spec'], isService: false },
  { group: /^v1$/, kind: /^ReplicationController$/, path: ['spec', 'template', 'spec'], isService: true },
  {
    group: /^(?:apps|extensions)\//,
    kind: /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet)$/,
    path: ['spec', 'template', 'spec'],
    isService: true,
  },
  { group: /^batch\//, kind: /^Job$/, path: ['spec', 'template', 'spec'], isService: false },
  { group: /^batch\//, kind: /^CronJob$/, path: ['spec', 'jobTemplate', 'spec', 'template', 'spec'], isService: false },
  { group: /^argoproj\.io\//, kind: /^Rollout$/, path: ['spec', 'template', 'spec'], isService: true },
  {
    group: /^serving\.knative\.dev\//,
    kind: /^(?:Service|Configuration)$/,
    path: ['spec', 'template', 'spec'],
    isService: true,
  },
  { group: /^apps\.openshift\.io\//, kind: /^DeploymentConfig$/, path: ['spec', 'template', 'spec'], isService: true },
  {
    group: /^apps\.kruise\.io\//,
    kind: /^(?:CloneSet|StatefulSet|DaemonSet)$/,
    path: ['spec', 'template', 'spec'],
    isService: true,
  },
  { group: /^keda\.sh\//, kind: /^ScaledJob$/, path: ['spec', 'jobTargetRef', 'template', 'spec'], isService: false },
]

const known = new WeakMap<Snapshot, Pod[]>()

export function podsOf(repo: Snapshot): Pod[] {
  const found = known.get(repo)
  if (found) return found
  const pods = manifestsOf(repo).manifests.flatMap(podsIn)
  known.set(repo, pods)
  return pods
}

function podsIn(manifest: Manifest): Pod[] {
  const { apiVersion, kind, node } = manifest
  const place = SPECS.find(one => one.group.test(apiVersion) && one.kind.test(kind))
  if (place) {
    const spec = place.path.reduce<YamlNode | undefined>((at, key) => childOf(at, key), node)
    return spec?.kind === 'map' ? [podFrom(manifest, spec, place.isService)] : []
  }
  const isWorkflow = /^argoproj\.io\//.test(apiVersion) && /Workflow/.test(kind)
  const steps = isWorkflow
    ? workflowContainers(node)
    : /^tekton\.dev\//.test(apiVersion) && kind === 'Task'
      ? [
          ...containersIn(childOf(node, 'spec'), 'steps', 'container'),
          ...containersIn(childOf(node, 'spec'), 'sidecars', 'container'),
        ]
      : []
  return steps.length > 0 ? [{ manifest, spec: node, isService: false, containers: steps, volumes: [] }] : []
}

function podFrom(manifest: Manifest, spec: YamlMap, isService: boolean): Pod {
  const containers = [
    ...containersIn(spec, 'containers', 'container'),
    ...containersIn(spec, 'initContainers', 'init'),
    ...containersIn(spec, 'ephemeralContainers', 'ephemeral'),
  ]
  const volumes = itemsOf(childOf(spec, 'volumes')).flatMap(volume => {
    const reference = childOf(childOf(volume, 'image'), 'reference')
    return reference?.kind === 'scalar' && reference.value !== null ? [reference] : []
  })
  return { manifest, spec, isService, containers, volumes }
}

function containersIn(spec: YamlNode | undefined, key: string, role: Container['role']): Container[] {
  return itemsOf(childOf(spec, key)).flatMap(node => {
    if (node.kind !== 'map') return []
    const image = childOf(node, 'image')
    const written = image?.kind === 'scalar' && image.value !== null && image.text !== '' ? image : null
    return [{ role, name: textOf(childOf(node, 'name')) ?? '', node, image: written }]
  })
}

/** Argo Workflows: the templates of a workflow, wherever its kind keeps them. */
function workflowContainers(node: YamlMap): Container[] {
  const spec = childOf(node, 'spec')
  const templates = [spec, childOf(spec, 'workflowSpec')].flatMap(one => itemsOf(childOf(one, 'templates')))
  return templates.flatMap(template => [
    ...['container', 'script'].flatMap(key => {
      const one = childOf(template, key)
      const image = childOf(one, 'image')
      if (one?.kind !== 'map' || image?.kind !== 'scalar' || image.value === null) return []
      return [{ role: 'container' as const, name: textOf(childOf(template, 'name')) ?? '', node: one, image }]
    }),
    ...containersIn(template, 'initContainers', 'init'),
    ...containersIn(template, 'sidecars', 'container'),
  ])
}
