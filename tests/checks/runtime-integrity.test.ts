import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const judge = (files: Record<string, string>) => verdictOf('runtime-integrity', files)
const IMAGE = { Dockerfile: 'FROM a\nCOPY . .\nCMD ["app"]\n' }
const DEPLOY = {
  '.github/workflows/deploy.yml':
    'on: push\njobs:\n  deploy:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: kubectl set image deployment/app app=acme/app\n',
}
const container = (name: string, context: string) =>
  `        - name: ${name}\n          image: acme/${name}:1\n${context}`
const deployment = (...containers: string[]) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\nspec:\n  template:\n    spec:\n      containers:\n${containers.join('')}`
const READ_ONLY = '          securityContext:\n            readOnlyRootFilesystem: true\n'
const k8s = (...containers: string[]) => ({ ...IMAGE, 'k8s/app.yaml': deployment(...containers) })

test('one good and one bad make exactly one finding', () => {
  const result = judge(k8s(container('a', READ_ONLY), container('b', '')))
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['k8s/app.yaml:14'])
})

describe('what it applies to', () => {
  test.each<[string, Record<string, string>]>([
    ['an image that nobody deploys', IMAGE],
    ['manifests of images from elsewhere', { 'k8s/app.yaml': deployment(container('a', '')) }],
    [
      'an image beside a deployment of something else',
      {
        ...IMAGE,
        '.github/workflows/site.yml':
          'on: push\njobs:\n  site:\n    runs-on: x\n    steps:\n      - uses: cloudflare/wrangler-action@v3\n        with:\n          command: deploy\n',
      },
    ],
    [
      'an image on a platform that makes its file system read-only by itself',
      {
        ...IMAGE,
        '.github/workflows/ship.yml':
          'on: push\njobs:\n  ship:\n    runs-on: x\n    steps:\n      - uses: nais/deploy/actions/deploy@v2\n',
      },
    ],
    ['manifests of a development cluster', { ...IMAGE, 'manifests/dev-tilt/a.yaml': deployment(container('a', '')) }],
    [
      'a manifest that is filled in first',
      { ...IMAGE, 'k8s/app.yaml': deployment('        - name: a\n          image: "{IMAGE}"\n') },
    ],
    [
      'an image that a job publishes under an environment',
      {
        ...IMAGE,
        '.github/workflows/docker.yml':
          'on: push\njobs:\n  image:\n    environment: docker\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          outputs: type=image,push=true\n',
      },
    ],
    ['an image that starts nothing', { ...DEPLOY, Dockerfile: 'FROM a\nRUN make\n' }],
    ['an image for tests', { ...DEPLOY, 'tests/Dockerfile': IMAGE.Dockerfile }],
    [
      'a job',
      {
        ...IMAGE,
        'k8s/job.yaml': deployment(container('a', '')).replace('apps/v1', 'batch/v1').replace('Deployment', 'Job'),
      },
    ],
    ['manifests of tests', { ...IMAGE, 'test/e2e/app.yaml': deployment(container('a', '')) }],
  ])('not: %s', (_, files) => {
    expect(judge(files).outcome).toBe('not-applicable')
  })

  test('an image with a workflow that deploys it', () => {
    const result = judge({ ...IMAGE, ...DEPLOY })
    expect(result).toMatchObject({ outcome: 'fail', examined: 1 })
    expect(places(result)).toEqual(['Dockerfile:3'])
  })

  test('init containers are gone before the service runs', () => {
    const text = `${deployment(container('a', READ_ONLY))}      initContainers:\n        - name: i\n          image: b:1\n`
    expect(judge({ ...IMAGE, 'k8s/app.yaml': text })).toMatchObject({ outcome: 'pass', examined: 1 })
  })
})

test.each([
  ['a sum checked by the entrypoint', 'FROM a\nENTRYPOINT ["sh", "-c", "sha256sum -c /app/manifest && exec app"]\n'],
  ['by a script of the repository', 'FROM a\nCOPY start.sh /\nCMD ["/start.sh"]\n'],
  ['by a script of package.json', 'FROM a\nCMD ["npm", "start"]\n'],
  ['by cosign', 'FROM a\nENTRYPOINT cosign verify-blob --key k --signature s app && app\n'],
])('verified at start: %s', (_, Dockerfile) => {
  const scripts = {
    'start.sh': 'sha256sum --check --status /manifest || exit 1\nexec app\n',
    'package.json': '{"scripts":{"start":"node verify-integrity.js && node app.js"}}',
  }
  expect(judge({ ...DEPLOY, ...scripts, Dockerfile }).outcome).toBe('pass')
  expect(judge({ ...k8s(container('a', '')), ...scripts, Dockerfile }).outcome).toBe('pass')
})

test.each<[string, Record<string, string>]>([
  ['Falco rules', { 'falco/falco_rules.local.yaml': '- rule: x\n' }],
  ['AIDE', { 'etc/aide.conf': '/app R\n' }],
  [
    'Falco by Flux',
    {
      'apps/falco.yaml':
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: falco\nspec:\n  chart:\n    spec:\n      chart: falco\n',
    },
  ],
  [
    'a policy',
    {
      'policies/ro.yaml':
        'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: ro\nspec:\n  validationFailureAction: Enforce\n  rules:\n    - validate:\n        pattern:\n          spec:\n            containers:\n              - securityContext:\n                  readOnlyRootFilesystem: true\n',
    },
  ],
])('watched over from outside: %s', (_, files) => {
  expect(judge({ ...k8s(container('a', '')), ...files })).toMatchObject({
    outcome: 'pass',
    examined: 1,
    notes: [expect.stringContaining('watches over')],
  })
})

test('a compose service with a read-only root file system', () => {
  const compose = (line: string) => ({
    ...IMAGE,
    ...DEPLOY,
    'compose.yaml': `services:\n  app:\n    build: .\n${line}`,
  })
  expect(judge(compose('    read_only: true\n')).outcome).toBe('pass')
  expect(judge(compose('')).outcome).toBe('fail')
})

test('a patch of Kustomize says it for the base', () => {
  const files = k8s(container('a', ''), container('b', ''))
  const patch = deployment(`        - name: a\n${READ_ONLY}`)
  expect(places(judge({ ...files, 'k8s/overlays/prod/patch.yaml': patch }))).toEqual(['k8s/app.yaml:12'])
})

describe('Helm', () => {
  const chart = (values: string, context = READ_ONLY) => ({
    ...IMAGE,
    'charts/a/Chart.yaml': 'name: a\n',
    'charts/a/values.yaml': values,
    'charts/a/templates/a.yaml': `{{- if .Values.on }}\n${deployment(container('a', context))}{{- end }}\n`,
  })
  const fromValues = '          securityContext:\n            {{- toYaml .Values.securityContext | nindent 12 }}\n'
  test.each([
    ['x: 1\n', READ_ONLY, 'pass'],
    ['securityContext:\n  readOnlyRootFilesystem: true\n', fromValues, 'pass'],
    ['securityContext:\n  readOnlyRootFilesystem: false\n', fromValues, 'fail'],
    ['securityContext: {}\n', fromValues, 'fail'],
    ['securityContext:\n  readOnlyRootFilesystem: true\n', '', 'fail'],
    [
      'containerSecurityContext:\n  readOnlyRootFilesystem: true\n',
      `          {{- with .Values.containerSecurityContext }}\n          securityContext:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}\n`,
      'pass',
    ],
    ['other:\n  securityContext:\n    readOnlyRootFilesystem: true\nsecurityContext: {}\n', fromValues, 'fail'],
  ])('%j %j', (values, context, outcome) => {
    expect(judge(chart(values, context)).outcome).toBe(outcome)
  })
})

test.each([
  ['', READ_ONLY],
  ['          securityContext:\n            readOnlyRootFilesystem: false\n', READ_ONLY],
  [
    '          securityContext:\n            runAsNonRoot: true\n',
    '          securityContext:\n            readOnlyRootFilesystem: true\n            runAsNonRoot: true\n',
  ],
])('patch: %j', (before, after) => {
  const files = k8s(container('a', before))
  const result = judge(files)
  expect(result.findings[0]?.patch?.safety).toBe('review')
  expect(mended(files, result)).toEqual(k8s(container('a', after)))
})
