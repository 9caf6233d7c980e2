import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`
const judge = (files: Record<string, string>) => verdictOf('image-policy-enforced', files)
const found = (files: Record<string, string>) => {
  const { examined, findings } = judge(files)
  return [examined, findings.length]
}

const containers = (indent: string, ...images: string[]) =>
  `${indent}containers:\n${images.map((image, at) => `${indent}  - name: c${at}\n${indent}    image: ${image}\n`).join('')}`
const pod = (...images: string[]) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n${containers('  ', ...images)}`
const workload = (apiVersion: string, kind: string, ...images: string[]) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: w\nspec:\n  template:\n    spec:\n${containers('      ', ...images)}`

test('one good and one bad make exactly one finding', () => {
  const result = judge({ 'k8s/a.yaml': pod(`nginx@${DIGEST}`, 'nginx:1.27') })
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['k8s/a.yaml:10'])
})

describe('kinds', () => {
  const cases: [string, string, number][] = [
    ['Deployment', workload('apps/v1', 'Deployment', 'a:1'), 1],
    ['old Deployment', workload('extensions/v1beta1', 'Deployment', 'a:1'), 1],
    ['Job', workload('batch/v1', 'Job', 'a:1'), 1],
    ['Rollout', workload('argoproj.io/v1alpha1', 'Rollout', 'a:1'), 1],
    ['Knative service', workload('serving.knative.dev/v1', 'Service', 'a:1'), 1],
    ['a service of the network', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: x\nspec:\n  image: a:1\n', 0],
    ['unknown kind', workload('acme.io/v1', 'Deployment', 'a:1'), 0],
    [
      'CronJob',
      `apiVersion: batch/v1\nkind: CronJob\nspec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n${containers('          ', 'a:1')}`,
      1,
    ],
    [
      'init and ephemeral containers',
      pod('a:1') +
        containers('  ', 'b:1').replace('containers', 'initContainers') +
        containers('  ', 'c:1').replace('containers', 'ephemeralContainers'),
      3,
    ],
    ['image volume', `${pod('a:1')}  volumes:\n    - name: v\n      image:\n        reference: b:1\n`, 2],
    ['list', `apiVersion: v1\nkind: List\nitems:\n  - ${pod('a:1').trimEnd().replaceAll('\n', '\n    ')}\n`, 1],
    ['several documents', `# first\n---\n${pod('a:1')}---\n---\n${workload('apps/v1', 'DaemonSet', 'b:1')}`, 2],
    ['CRLF', pod('a:1').replaceAll('\n', '\r\n'), 1],
    ['anchor', `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - &a\n      image: a:1\n    - *a\n`, 1],
    [
      'Argo workflow',
      'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  templates:\n    - name: x\n      container:\n        image: a:1\n',
      1,
    ],
    ['Tekton task', 'apiVersion: tekton.dev/v1\nkind: Task\nspec:\n  steps:\n    - name: x\n      image: a:1\n', 1],
    ['no manifest', 'image: a:1\nkind: Pod\n', 0],
    ['no image', pod('""'), 0],
    ['placeholder of envsubst', pod('$' + '{IMAGE}'), 0],
    ['image of ko', pod('ko://example.org/cmd'), 0],
  ]
  test.each(cases)('%s', (_, text, examined) => {
    expect(judge({ 'k8s/a.yaml': text }).examined).toBe(examined)
  })

  test('of a bundle only what runs containers is parsed', () => {
    const definition = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: [\n`
    expect(found({ 'deploy/install.yaml': `${definition}---\n${pod('a:1')}` })).toEqual([1, 1])
  })
})

describe('Kustomize', () => {
  const base = { 'base/kustomization.yaml': 'resources: [web.yaml]\n', 'base/web.yaml': pod('acme/web', 'redis:7') }
  test('a digest written by an overlay is what runs', () => {
    const overlay = `resources: [../base]\nimages:\n  - name: acme/web\n    newName: ghcr.io/acme/web\n    digest: ${DIGEST}\n`
    const result = judge({ ...base, 'overlays/prod/kustomization.yaml': overlay.replace('../base', '../../base') })
    expect(result.examined).toBe(2)
    expect(places(result)).toEqual(['base/web.yaml:10'])
  })
  test('a tag written by an overlay is wrong at the overlay', () => {
    const overlay = 'resources: [../base]\nimages:\n  - name: acme/web\n    newTag: v2\n'
    expect(places(judge({ ...base, 'prod/kustomization.yaml': overlay }))).toEqual([
      'base/web.yaml:10',
      'prod/kustomization.yaml:4',
    ])
  })
  test('a new name alone changes nothing of the version', () => {
    const overlay = 'resources: [../base]\nimages:\n  - name: redis\n    newName: mirror/redis\n'
    expect(judge({ ...base, 'prod/kustomization.yaml': overlay }).findings).toHaveLength(2)
  })
  test('an overlay of other files is no answer', () => {
    const overlay = `resources: [other.yaml]\nimages:\n  - name: redis\n    digest: ${DIGEST}\n`
    expect(judge({ ...base, 'prod/kustomization.yaml': overlay }).findings).toHaveLength(2)
  })
})

describe('Helm', () => {
  const chart = (values: string, image: string) => ({
    'charts/web/Chart.yaml': 'name: web\nappVersion: "1.2"\n',
    'charts/web/values.yaml': values,
    'charts/web/templates/web.yaml': `{{- if .Values.enabled }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include "web.name" . }}\n  labels:\n    {{- include "web.labels" . | nindent 4 }}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: ${image}\n          resources:\n            {{- toYaml .Values.resources | nindent 12 }}\n{{- end }}\n`,
  })
  const usual = '"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"'
  const cases: [string, string, number, number, string][] = [
    ['image:\n  repository: acme/web\n  tag: v1\n', usual, 1, 1, 'charts/web/values.yaml:3'],
    ['image:\n  repository: acme/web\n  tag: ""\n', usual, 1, 1, 'charts/web/values.yaml:2'],
    [`image:\n  repository: acme/web\n  tag: v1@${DIGEST}\n`, usual, 1, 0, ''],
    [`image:\n  repository: acme/web\n  tag: v1\n  digest: ${DIGEST}\n`, '{{ include "web.image" . }}', 1, 0, ''],
    [
      'image:\n  registry: ghcr.io\n  repository: acme/web\n  tag: v1\n',
      '{{ include "web.image" . }}',
      1,
      1,
      'charts/web/values.yaml:4',
    ],
    ['x: 1\n', 'redis:7', 1, 1, 'charts/web/templates/web.yaml:13'],
    ['x: 1\n', '{{ include "web.image" . }}', 0, 0, ''],
    ['image: nginx\n', '{{ include "web.image" . }}', 0, 0, ''],
    [
      `image:\n  repository: acme/web\n  digest: ${DIGEST.slice('sha256:'.length)}\n`,
      '{{ include "web.image" . }}',
      1,
      0,
      '',
    ],
    ['image:\n  repository: acme/web\n  tag: v1\n  pullPolicy: Never\n', '{{ include "web.image" . }}', 0, 0, ''],
    [
      'image:\n  repository: acme/web\n  tag: v1\n  pullPolicy: Never\n',
      `${usual}\n          imagePullPolicy: {{ .Values.image.pullPolicy }}`,
      0,
      0,
      '',
    ],
    ['sidecar:\n  image: nginx:1.27\n', '"{{ .Values.sidecar.image }}"', 1, 1, 'charts/web/values.yaml:2'],
  ]
  test.each(cases)('%j %j', (values, image, examined, wrong, place) => {
    const result = judge(chart(values, image))
    expect([result.examined, result.findings.length]).toEqual([examined, wrong])
    expect(places(result).join()).toBe(place)
  })

  test('the values of a release are read', () => {
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: x\nspec:\n  values:\n    controllers:\n      main:\n        image:\n          repository: ghcr.io/a/b\n          tag: 1.0@${DIGEST}\n      side:\n        image:\n          repository: ghcr.io/a/c\n          tag: 1.0\n`
    expect(places(judge({ 'kubernetes/apps/x/helmrelease.yaml': release }))).toEqual([
      'kubernetes/apps/x/helmrelease.yaml:15',
    ])
  })

  test('a template that cannot be read is passed by, a broken manifest is not', () => {
    expect(judge({ 'templates/a.yaml': `${pod('a:1')}{{ if x }}\n  - [\n{{ end }}` }).outcome).toBe('not-applicable')
    expect(judge({ 'k8s/a.yaml': `${pod('a:1')}  x: [\n` }).outcome).toBe('unknown')
  })
})

test('what a template writes into the values of a release is not known', () => {
  const application = (tag: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {{ .name }}\nspec:\n  source:\n    helm:\n      values: |\n        image:\n          repository: r.example/a\n          tag: ${tag}\n`
  expect(judge({ 'charts/apps/templates/a.yaml': application('{{ $tag }}') }).outcome).toBe('not-applicable')
  expect(judge({ 'charts/apps/templates/a.yaml': application('v1') })).toMatchObject({ outcome: 'fail', examined: 1 })
})

test.each([
  'test/e2e/a.yaml',
  'cmd/_testdata/a.yaml',
  'k8s/samples/a.yaml',
  'docs/a.yaml',
  '.chainsaw-test/a.yaml',
  'examples/web/k8s/a.yaml',
])('%s runs in no cluster of the owner, and that is told', path => {
  expect(judge({ [path]: pod('a:1'), 'k8s/a.yaml': pod(`a@${DIGEST}`) })).toMatchObject({
    outcome: 'pass',
    examined: 1,
    notes: ['Manifests in tests, samples and documentation were left aside: 1 place.'],
  })
})

test('an image that is built where it runs is not pulled', () => {
  const skaffold =
    'apiVersion: skaffold/v3\nkind: Config\nbuild:\n  artifacts:\n    - image: web\nprofiles:\n  - name: dev\n    build:\n      artifacts:\n        - image: db\n'
  const files = {
    'skaffold.yaml': skaffold,
    Makefile: 'image:\n\tdocker build -t tools .\n',
    'k8s/a.yaml': pod(
      'web',
      'tools',
      'controller:latest',
      'mine\n      imagePullPolicy: Never',
      'local/x:1',
      'localhost/x:1',
      'localhost:5000/x:1',
      'x:IMAGE_TAG',
      'db',
      'redis',
    ),
  }
  expect(judge(files)).toMatchObject({ examined: 1, findings: [{ message: expect.stringContaining('`redis`') }] })
})

test('a digest that the repository uses elsewhere is written', () => {
  const files = { 'k8s/a.yaml': pod('node:24'), Dockerfile: `FROM node:24@${DIGEST}\n` }
  expect(mended(files, judge(files))['k8s/a.yaml']).toBe(pod(`node:24@${DIGEST}`))
})
