import { defineCheck, type Finding, type Patch } from '../check.ts'
import { isAside, leftAside } from '../snapshot/aside.ts'
import { knownDigests, pinFor } from '../snapshot/image/known-digests.ts'
import { type ImageUse, isByDigest, parseImage } from '../snapshot/image/reference.ts'
import { imagesOf } from '../snapshot/image/uses.ts'
import { podImagesOf } from '../snapshot/kubernetes/images.ts'
import { type ImagePolicy, imagePoliciesOf } from '../snapshot/kubernetes/policies.ts'
import { manifestsOf } from '../snapshot/kubernetes/read.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import type { Unread } from '../snapshot/snapshot.ts'

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/web@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
        - name: proxy
          image: ghcr.io/acme/proxy:1.4
`

export const imagePolicyEnforced = defineCheck({
  id: 'image-policy-enforced',
  item: 'container-images',
  title: 'Clusters run images by digest, or only those that a policy lets in',
  severity: 'high',
  version: 3,
  rationale:
    'A cluster pulls a tag anew on each node and each restart. Whoever moves the tag runs code in it, with the rights of the pod. A digest, or an admission policy that demands signatures, lets in only what was meant.',
  remediation:
    'Write images by digest (in Kustomize under `images:` with `digest:`), or let an admission policy that denies demand signed or digest-pinned images: Kyverno `verifyImages`, a Sigstore ClusterImagePolicy, or a ValidatingAdmissionPolicy with a binding.',
  mapsTo: { scorecard: [], zizmor: [], osps: [], slsa: ['verifying-artifacts'], cis: ['4.3.2', 'kubernetes-5.5.1'] },
  references: [
    { id: 'image-names', url: 'https://kubernetes.io/docs/concepts/containers/images/#image-names' },
    {
      id: 'validating-admission-policy',
      url: 'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
    },
  ],
  reads: ['tree'],

  run(repo) {
    const { images, unread: unreadable } = podImagesOf(repo)
    const unread = [...unreadable, ...repo.unread.filter(decides)]
    const policies = imagePoliciesOf(repo)
    const examined = images.length + policies.length
    const { aside } = manifestsOf(repo)
    const notes = leftAside('Manifests', aside)
    const enforced = policies.filter(({ state }) => state === 'enforced')
    if (enforced.length > 0) {
      const decided = enforced.slice(0, 20).map(({ name, why }) => `${name} decides: ${why}.`)
      return { examined, findings: [], notes: [...notes, ...decided], unread }
    }
    const known = knownDigests([...images, ...imagesOf(repo).images])
    const weight = policies.some(({ state }) => state === 'told' || state === 'partly') ? 0.5 : 1
    const loose = images.filter(({ image }) => !isByDigest(image)).map(image => looseImage(image, known, weight))
    // Where every image is by digest a policy that only tells takes nothing away.
    const weak = images.length > 0 && loose.length === 0 ? [] : policies.map(weakPolicy)
    return { examined, findings: [...weak, ...loose], notes, unread }
  },

  example: {
    failing: { 'k8s/web.yaml': DEPLOYMENT, 'k8s/policy.yaml': kyverno('Audit') },
    fixed: { 'k8s/web.yaml': DEPLOYMENT, 'k8s/policy.yaml': kyverno('Enforce') },
  },
})

/** Unread files that can hold a manifest. */
function decides({ part, path }: Unread): boolean {
  return part === 'files' && (path === null || (/\.ya?ml$/.test(path) && !isAside(path)))
}

function looseImage(use: ImageUse, known: ReadonlyMap<string, string>, weight: 0.5 | 1): Finding {
  const { image, place } = use
  const behind = weight === 1 ? 'and no admission policy here demands signed images' : 'and the policy here lets it in'
  const message = `A pod runs \`${image}\` ${parseImage(image)?.tag === null ? 'without a tag or digest' : 'by a tag'}, ${behind}. Write its digest: \`${image}@sha256:…\`.`
  const pin = pinFor(use, known)
  const edits = pin ? [{ kind: 'replace' as const, path: place.file.path, ...pin }] : []
  const patch: Patch = { title: `Pin ${image} to the digest used elsewhere here`, safety: 'safe', edits }
  return { message, weight, evidence: evidenceOf(place), ...(pin ? { patch } : {}) }
}

function weakPolicy({ name, state, why, place, decides }: ImagePolicy): Finding {
  const message =
    state === 'partly'
      ? `The ${name} demands checked images, but ${why}, and others are let in elsewhere. Make it a ClusterPolicy.`
      : `The ${name} demands checked images but refuses nothing: ${why}. Let it ${state === 'unbound' ? 'be bound with `Deny`' : 'deny'}.`
  const edit = decides && {
    kind: 'replace' as const,
    path: decides.manifest.file.path,
    start: decides.node.start,
    end: decides.node.end,
    text: decides.instead,
  }
  const patch: Patch | null = edit ? { title: 'Let the policy refuse', safety: 'review', edits: [edit] } : null
  return { message, weight: state === 'unbound' ? 1 : 0.5, evidence: evidenceOf(place), ...(patch ? { patch } : {}) }
}

function kyverno(action: string): string {
  return `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: signed-images
spec:
  validationFailureAction: ${action}
  rules:
    - name: signed
      match: { any: [{ resources: { kinds: [Pod] } }] }
      verifyImages:
        - imageReferences: ["ghcr.io/acme/*"]
          attestors:
            - entries:
                - keyless:
                    issuer: https://token.actions.githubusercontent.com
                    subject: https://github.com/acme/*
`
}
