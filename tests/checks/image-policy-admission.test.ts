import { describe, expect, test } from 'vitest'
import { mended, verdictOf } from './verdict-of.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`
const judge = (files: Record<string, string>) => verdictOf('image-policy-enforced', files)
const pod = (...images: string[]) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n${images.map((image, at) => `    - name: c${at}\n      image: ${image}\n`).join('')}`

describe('policies', () => {
  const images = pod('a:1', `b@${DIGEST}`)
  const kyverno = (spec: string) =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: signed\nspec:\n${spec}`
  const verify = '  rules:\n    - name: r\n      verifyImages:\n        - imageReferences: ["*"]\n'
  const admission = (expression: string) =>
    `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata:\n  name: digests\nspec:\n  validations:\n    - expression: "${expression}"\n`
  const binding = (actions: string) =>
    `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata:\n  name: b\nspec:\n  policyName: digests\n  validationActions: [${actions}]\n`
  const digests = "object.spec.containers.all(c, c.image.contains('@sha256:'))"
  const constraint = (kind: string, action: string) =>
    `apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: ${kind}\nmetadata:\n  name: c\nspec:\n${action}  match: {}\n`
  const template =
    'apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata:\n  name: t\nspec:\n  crd:\n    spec:\n      names:\n        kind: OurDigests\n  targets:\n    - rego: |\n        not contains(c.image, "@sha256:")\n'
  const sigstore = (mode: string, authority = 'keyless: {}') =>
    `apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata:\n  name: s\nspec:\n${mode}  images: [{glob: "**"}]\n  authorities:\n    - ${authority}\n`

  const enforced: [string, string][] = [
    ['Kyverno', kyverno(`  validationFailureAction: Enforce\n${verify}`)],
    ['Kyverno, old spelling', kyverno(`  validationFailureAction: enforce\n${verify}`)],
    ['Kyverno, by rule', kyverno(`${verify}          failureAction: Enforce\n`)],
    [
      'Kyverno, digests by pattern',
      kyverno(
        '  validationFailureAction: Enforce\n  rules:\n    - validate:\n        pattern:\n          spec:\n            containers:\n              - image: "*@sha256:*"\n',
      ),
    ],
    [
      'Kyverno, new kind',
      'apiVersion: policies.kyverno.io/v1alpha1\nkind: ImageValidatingPolicy\nmetadata:\n  name: x\nspec:\n  validationActions: [Deny]\n',
    ],
    ['admission policy with binding', admission(digests) + binding('Deny, Audit')],
    ['Gatekeeper', constraint('K8sImageDigests', '')],
    ['Gatekeeper, own template', `${template}---\n${constraint('OurDigests', '  enforcementAction: deny\n')}`],
    ['Ratify', constraint('RatifyVerification', '  enforcementAction: deny\n')],
    ['Sigstore', sigstore('')],
    [
      'Connaisseur',
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: c\nspec:\n  chart:\n    spec:\n      chart: connaisseur\n',
    ],
  ]
  test.each(enforced)('%s: every image is right', (_, text) => {
    expect(judge({ 'policies/p.yaml': text, 'k8s/a.yaml': images })).toMatchObject({ outcome: 'pass', examined: 3 })
    expect(judge({ 'policies/p.yaml': text })).toMatchObject({ outcome: 'pass', examined: 1 })
  })

  const told: [string, string][] = [
    ['Kyverno', kyverno(`  validationFailureAction: Audit\n${verify}`)],
    ['Kyverno, unsaid', kyverno(verify)],
    ['admission policy', admission(digests) + binding('Audit')],
    ['Gatekeeper', constraint('K8sImageDigests', '  enforcementAction: dryrun\n')],
    ['Sigstore', sigstore('  mode: warn\n')],
    [
      'Connaisseur',
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: c\nspec:\n  chart:\n    spec:\n      chart: connaisseur\n  values:\n    application:\n      features:\n        detectionMode: true\n',
    ],
  ]
  test.each(told)('%s that only tells: half', (_, text) => {
    const result = judge({ 'policies/p.yaml': text, 'k8s/a.yaml': images })
    expect(result).toMatchObject({ outcome: 'fail', examined: 3 })
    expect(result.findings.map(({ weight }) => weight)).toEqual([0.5, 0.5])
    expect(judge({ 'policies/p.yaml': text })).toMatchObject({ outcome: 'fail', value: 0.5 })
    expect(judge({ 'policies/p.yaml': text, 'k8s/a.yaml': pod(`b@${DIGEST}`) }).outcome).toBe('pass')
  })

  test('a policy that nothing binds demands nothing', () => {
    expect(judge({ 'policies/p.yaml': admission(digests) })).toMatchObject({ outcome: 'fail', value: 0 })
  })

  test.each([
    [
      'of other things',
      kyverno(
        '  validationFailureAction: Enforce\n  rules:\n    - validate:\n        pattern:\n          metadata:\n            labels: x\n',
      ),
    ],
    [
      'of other kinds than pods',
      kyverno(
        `  validationFailureAction: Enforce\n${verify.replace('      verifyImages', '      match: { resources: { kinds: [PipelineRun] } }\n      verifyImages')}`,
      ),
    ],
    ['of other fields', admission('object.spec.replicas < 5') + binding('Deny')],
    ['that lets everything pass', sigstore('', 'static: {action: pass}')],
    ['a template without constraint', template],
    ['other constraints', constraint('K8sRequiredLabels', '')],
  ])('%s: no policy on images', (_, text) => {
    expect(judge({ 'policies/p.yaml': text }).outcome).toBe('not-applicable')
  })

  test('a policy of one namespace guards only what runs there: half', () => {
    const inNamespace = (namespace: string) =>
      kyverno(`  validationFailureAction: Enforce\n${verify}`)
        .replace('ClusterPolicy', 'Policy')
        .replace('  name: signed\n', `  name: signed\n  namespace: ${namespace}\n`)
    const elsewhere = images.replace('  name: p\n', '  name: p\n  namespace: web\n')
    const result = judge({ 'policies/p.yaml': inNamespace('try'), 'k8s/a.yaml': elsewhere })
    expect(result).toMatchObject({ outcome: 'fail', examined: 3 })
    expect(result.findings.map(({ weight }) => weight)).toEqual([0.5, 0.5])
    expect(result.findings[0]?.message).toContain('only in the namespace `try`')
    expect(judge({ 'policies/p.yaml': inNamespace('web'), 'k8s/a.yaml': elsewhere }).outcome).toBe('pass')
    expect(judge({ 'policies/p.yaml': inNamespace('web'), 'k8s/a.yaml': images }).outcome).toBe('pass')
    const chart = `{{- if .Values.policy }}\n${inNamespace('{{ .Release.Namespace }}')}{{- end }}\n`
    expect(judge({ 'charts/p/templates/p.yaml': chart, 'k8s/a.yaml': elsewhere }).findings[0]?.message).toContain(
      'only in the namespace of its release',
    )
  })

  test('a patch lets the policy refuse', () => {
    const files = { 'p.yaml': kyverno(`  validationFailureAction: Audit\n${verify}`) }
    expect(mended(files, judge(files))).toEqual({ 'p.yaml': kyverno(`  validationFailureAction: Enforce\n${verify}`) })
  })
})
