/** Admission policies that demand signed images or digests, and whether they refuse or only tell. */
import type { Place } from '../lines.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, itemsOf, textOf, type YamlNode, type YamlScalar } from '../yaml.ts'
import { podsOf } from './pods.ts'
import { type Manifest, manifestsOf, writtenOf } from './read.ts'

/**
 * `enforced`: it refuses; `told`: it only audits or warns; `partly`: it refuses, in one namespace of several; `unbound`: nothing puts it to use here. `decides`: the value that says
 * so, with what to write there instead; null where it is said nowhere.
 */
export type ImagePolicy = {
  name: string
  state: 'enforced' | 'told' | 'partly' | 'unbound'
  place: Place
  why: string
  decides: { node: YamlScalar; manifest: Manifest; instead: string } | null
}

export function imagePoliciesOf(repo: Snapshot): ImagePolicy[] {
  const { manifests } = manifestsOf(repo)
  return manifests.flatMap(manifest => {
    const { apiVersion, kind } = manifest
    if (/^admissionregistration\.k8s\.io\//.test(apiVersion) && kind === 'ValidatingAdmissionPolicy')
      return validating(manifest, manifests)
    if (/^kyverno\.io\//.test(apiVersion) && /^(?:Cluster)?Policy$/.test(kind)) return kyverno(repo, manifest)
    if (/^policies\.kyverno\.io\//.test(apiVersion) && kind === 'ImageValidatingPolicy')
      return byActions(manifest, childOf(childOf(manifest.node, 'spec'), 'validationActions'))
    if (/^policy\.sigstore\.dev\//.test(apiVersion) && kind === 'ClusterImagePolicy') return sigstore(manifest)
    if (/^templates\.gatekeeper\.sh\//.test(apiVersion) && kind === 'ConstraintTemplate')
      return gatekeeper(manifest, manifests)
    if (/^constraints\.gatekeeper\.sh\//.test(apiVersion) && /^(?:K8sImageDigests|RatifyVerification)$/.test(kind))
      return constraint(manifest)
    return isConnaisseur(manifest) ? connaisseur(manifest) : []
  })
}

function policy(
  manifest: Manifest,
  state: ImagePolicy['state'],
  why: string,
  node?: YamlNode,
  instead = '',
): ImagePolicy[] {
  const { file, kind, name } = manifest
  const at = node ?? childOf(manifest.node, 'kind') ?? manifest.node
  const decides = node?.kind === 'scalar' && instead !== '' ? { node, manifest, instead } : null
  return [{ name: `${kind} \`${name}\``, state, why, place: { file, start: at.start, end: at.end }, decides }]
}

/** CEL that looks at images for a digest; the binding says what comes of it. */
function validating(manifest: Manifest, all: readonly Manifest[]): ImagePolicy[] {
  const spec = childOf(manifest.node, 'spec')
  const expressions = ['validations', 'variables'].flatMap(key =>
    itemsOf(childOf(spec, key)).map(one => textOf(childOf(one, 'expression')) ?? ''),
  )
  const words = expressions.join('\n')
  if (!/\bimage\b|\.images?\b/i.test(words) || !/sha256|digest|verifyImage|signature/i.test(words)) return []
  const bindings = all.filter(
    one =>
      one.kind === 'ValidatingAdmissionPolicyBinding' &&
      textOf(childOf(childOf(one.node, 'spec'), 'policyName')) === manifest.name,
  )
  const [first] = bindings
  if (!first) return policy(manifest, 'unbound', 'no ValidatingAdmissionPolicyBinding here names it')
  const actions = bindings.map(one => ({ one, node: childOf(childOf(one.node, 'spec'), 'validationActions') }))
  const refuses = actions.some(({ node }) => itemsOf(node).some(action => textOf(action) === 'Deny'))
  if (refuses) return policy(manifest, 'enforced', 'its binding denies')
  return policy(first, 'told', 'its `validationActions` have no `Deny`', actions[0]?.node)
}

function byActions(manifest: Manifest, actions: YamlNode | undefined): ImagePolicy[] {
  const words = itemsOf(actions).map(textOf)
  // Kyverno denies where nothing is said.
  if (words.length === 0 || words.includes('Deny')) return policy(manifest, 'enforced', 'it denies')
  return policy(manifest, 'told', 'its `validationActions` have no `Deny`', actions)
}

function kyverno(repo: Snapshot, manifest: Manifest): ImagePolicy[] {
  const spec = childOf(manifest.node, 'spec')
  const rules = itemsOf(childOf(spec, 'rules')).filter(rule => {
    if (!isOfPods(rule)) return false
    if (itemsOf(childOf(rule, 'verifyImages')).length > 0) return true
    const validate = childOf(rule, 'validate')
    return validate ? /image:\s*["']?[^\n]*@sha256|@sha256:|\.digest\b/.test(textWithin(manifest, validate)) : false
  })
  if (rules.length === 0) return []
  const own = rules.flatMap(rule => [
    ...itemsOf(childOf(rule, 'verifyImages')).map(one => childOf(one, 'failureAction')),
    childOf(childOf(rule, 'validate'), 'failureAction'),
  ])
  const action = own.find(one => one !== undefined) ?? childOf(spec, 'validationFailureAction')
  if (/^enforce$/i.test(textOf(action) ?? '')) {
    const namespace = leavesOut(repo, manifest)
    return namespace === null
      ? policy(manifest, 'enforced', 'its failure action is Enforce')
      : policy(manifest, 'partly', `it refuses only in the namespace ${namespace}`)
  }
  const why = action
    ? `its failure action is \`${textOf(action)}\``
    : 'it names no failure action, and Kyverno then only audits'
  return policy(manifest, 'told', why, action, 'Enforce')
}

/** Where a rule names kinds, pods or what makes them are among them. */
function isOfPods(rule: YamlNode): boolean {
  const match = childOf(rule, 'match')
  const choices = [match, ...['any', 'all'].flatMap(key => itemsOf(childOf(match, key)))]
  const kinds = choices.flatMap(one => itemsOf(childOf(childOf(one, 'resources'), 'kinds')).map(textOf))
  const runs = /(?:^|\/)(?:\*|Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob)(?:\/|$)|\{\{/
  return kinds.length === 0 || kinds.some(kind => runs.test(kind ?? ''))
}

/** The namespace that a policy of one namespace guards, in words; null where every pod here runs in it. */
function leavesOut(repo: Snapshot, manifest: Manifest): string | null {
  if (manifest.kind !== 'Policy') return null
  const own = namespaceOf(manifest)
  if (own === undefined || own.includes('{{')) return 'of its release'
  const all = podsOf(repo).every(pod => (namespaceOf(pod.manifest) ?? own) === own)
  return all ? null : `\`${own}\``
}

function namespaceOf(manifest: Manifest): string | undefined {
  const node = childOf(childOf(manifest.node, 'metadata'), 'namespace')
  return node?.kind === 'scalar' ? writtenOf(manifest, node) : undefined
}

function sigstore(manifest: Manifest): ImagePolicy[] {
  const spec = childOf(manifest.node, 'spec')
  const authorities = itemsOf(childOf(spec, 'authorities'))
  const passesAll =
    authorities.length > 0 && authorities.every(one => textOf(childOf(childOf(one, 'static'), 'action')) === 'pass')
  if (authorities.length === 0 || passesAll) return []
  const mode = childOf(spec, 'mode')
  if (textOf(mode) === 'warn') return policy(manifest, 'told', 'its mode is `warn`', mode, 'enforce')
  return policy(manifest, 'enforced', 'it refuses what no authority has signed')
}

/** A template demands nothing by itself; its constraints do. */
function gatekeeper(manifest: Manifest, all: readonly Manifest[]): ImagePolicy[] {
  const kind = textOf(
    ['spec', 'crd', 'spec', 'names', 'kind'].reduce<YamlNode | undefined>((at, key) => childOf(at, key), manifest.node),
  )
  const rego = textWithin(manifest, manifest.node)
  const isOurs = /@sha256|sha256:|external_data\([^)]*(?:ratify|cosign)/i.test(rego) && /image/i.test(rego)
  if (!isOurs || kind === undefined || /^(?:K8sImageDigests|RatifyVerification)$/.test(kind)) return []
  return all
    .filter(one => /^constraints\.gatekeeper\.sh\//.test(one.apiVersion) && one.kind === kind)
    .flatMap(constraint)
}

function constraint(manifest: Manifest): ImagePolicy[] {
  const action = childOf(childOf(manifest.node, 'spec'), 'enforcementAction')
  const word = textOf(action) ?? 'deny'
  if (word === 'deny' || word === 'scoped') return policy(manifest, 'enforced', 'it denies')
  return policy(manifest, 'told', `its enforcement action is \`${word}\``, action, 'deny')
}

function isConnaisseur({ kind, node }: Manifest): boolean {
  const spec = childOf(node, 'spec')
  const charts = [childOf(childOf(childOf(spec, 'chart'), 'spec'), 'chart'), childOf(childOf(spec, 'source'), 'chart')]
  return /^(?:HelmRelease|Application)$/.test(kind) && charts.some(chart => textOf(chart) === 'connaisseur')
}

function connaisseur(manifest: Manifest): ImagePolicy[] {
  const [, mode] = /^\s*detectionMode:\s*(\S+)/m.exec(textWithin(manifest, manifest.node)) ?? []
  return mode === 'true'
    ? policy(manifest, 'told', 'Connaisseur is in detection mode')
    : policy(manifest, 'enforced', 'Connaisseur refuses what its validators do not accept')
}

function textWithin({ file }: Manifest, { start, end }: YamlNode): string {
  return file.text.slice(start, end)
}
