/** Manifests that nobody vouches for: bounded in size, depth and aliases, and one bad one hides no other. */
import { describe, expect, test } from 'vitest'
import { composeServicesOf } from '#lib/snapshot/compose/read.ts'
import { podImagesOf } from '#lib/snapshot/kubernetes/images.ts'
import { kustomizationsOf } from '#lib/snapshot/kubernetes/kustomize.ts'
import { manifestsOf } from '#lib/snapshot/kubernetes/read.ts'
import { lineAt } from '#lib/snapshot/lines.ts'
import { snapshotOf } from '../../snapshot-of.ts'

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n    - image: a:1\n'
const read = (text: string) => manifestsOf(snapshotOf({ 'k8s/a.yaml': text }))

test('offsets of a later document are those of the file', () => {
  const repo = snapshotOf({ 'k8s/a.yaml': `# one\n---\nkind: List\n---\r\n${POD}--- # three\n${POD}` })
  const lines = podImagesOf(repo).images.map(({ place }) => lineAt(place.file, place.start))
  expect(lines).toEqual([11, 19])
})

test('one broken document is named, and the others are read all the same', () => {
  const { manifests, unread } = read(`${POD}---\napiVersion: v1\nkind: Pod\nspec: [\n---\n${POD}`)
  expect(manifests).toHaveLength(2)
  expect(unread.map(({ path }) => path)).toEqual(['k8s/a.yaml'])
})

test('a template is read around the blocks that its actions write', () => {
  const repo = snapshotOf({
    'chart/Chart.yaml': 'name: c\n',
    'chart/templates/a.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  labels: {{- include "c.labels" . | nindent 4 }}
    app.kubernetes.io/component: web
spec:
  template:
    spec:
      initContainers:
        - name: wait
          image: a:1
          args:
            - |
              {{- if .Values.slow }}
              sleep 10
              {{- end }}
      containers:
        - name: web
          image: b:1
          {{- if .Values.securityContext }}
          securityContext: {{- toYaml .Values.securityContext | nindent 12 }}
          {{- end }}
`,
  })
  expect(podImagesOf(repo).images.map(({ image, place }) => [image, lineAt(place.file, place.start)])).toEqual([
    ['b:1', 19],
    ['a:1', 11],
  ])
})

describe('hostile', () => {
  test('a bomb of aliases', () => {
    const bomb = [
      'a: &a [x]',
      ...Array.from(
        { length: 9 },
        (_, at) =>
          `b${at}: &b${at} [${Array(9)
            .fill(at === 0 ? '*a' : `*b${at - 1}`)
            .join(', ')}]`,
      ),
    ]
    expect(
      podImagesOf(snapshotOf({ 'k8s/a.yaml': `${POD}extra:\n${bomb.map(line => `  ${line}\n`).join('')}` })).images,
    ).toHaveLength(1)
  })

  test('thousands of aliases and levels are refused with the reason', () => {
    expect(read(`${POD}x: &x 1\ny: [${'*x, '.repeat(1_500)}1]\n`).unread[0]?.reason).toContain('aliases')
    expect(read(`${POD}x: ${'['.repeat(5_000)}\n`).unread[0]?.reason).toContain('nested')
  })

  test('many documents and marks take no time to speak of', () => {
    expect(read('---\n'.repeat(200_000)).manifests).toEqual([])
    expect(read(`${'{{'.repeat(20_000)}\n${POD}`).unread).toEqual([])
  })

  test('kustomizations that take in each other', () => {
    const repo = snapshotOf({
      'a/kustomization.yaml': 'resources: [../b]\nimages:\n  - name: x\n    newTag: "1"\n',
      'b/kustomization.yaml': 'resources: [../a, ../b, ../../.., /etc]\nimages: []\n',
    })
    expect(kustomizationsOf(repo).map(({ takesIn }) => [...takesIn].sort())).toEqual([
      ['a/kustomization.yaml', 'b/kustomization.yaml'],
      [],
    ])
  })

  test('services that extend each other', () => {
    const text = 'services:\n  a:\n    extends: b\n    image: x:1\n  b:\n    extends: a\n    image: y:1\n'
    const { services } = composeServicesOf(snapshotOf({ 'compose.yaml': text }))
    expect(services.map(({ builds }) => builds)).toEqual([false, false])
  })
})

test('what is no manifest is passed by', () => {
  const files = {
    'k8s/a.yaml': 'kind: Pod\n',
    'k8s/b.yaml': 'apiVersion: v1\n',
    'k8s/c.yaml': '- apiVersion: v1\n  kind: Pod\n',
    'mkdocs.yml': 'x: !!python/name:y\n',
  }
  expect(manifestsOf(snapshotOf(files))).toEqual({ manifests: [], aside: 0, unread: [] })
})
