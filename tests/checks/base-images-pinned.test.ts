import { describe, expect, test } from 'vitest'
import { mended, places, verdictOf } from './verdict-of.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`
const CI = '.github/workflows/ci.yml'
const judge = (files: Record<string, string>) => verdictOf('base-images-pinned', files)
const found = (files: Record<string, string>) => {
  const { examined, findings } = judge(files)
  return [examined, findings.length]
}

test('one good and one bad make exactly one finding', () => {
  const result = judge({
    Dockerfile: `FROM node:24@${DIGEST} AS build\nRUN make\nFROM alpine:3.20\nCOPY --from=build /a /b\n`,
  })
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['Dockerfile:3'])
})

/** Dockerfile, images examined, images wrong. */
const dockerfiles: [string, number, number][] = [
  [`FROM node@${DIGEST}`, 1, 0],
  [`FROM --platform=$BUILDPLATFORM node:24@${DIGEST} AS x`, 1, 0],
  [`from node:24@${DIGEST} as x`, 1, 0],
  [`FROM \\\n  node:24@${DIGEST}`, 1, 0],
  [`FROM "node:24@${DIGEST}"`, 1, 0],
  ['FROM node:24', 1, 1],
  ['FROM node', 1, 1],
  [`FROM node@${DIGEST.slice(0, -1)}`, 1, 1],
  [`FROM node@${DIGEST}0`, 1, 1],
  ['FROM scratch', 0, 0],
  ['FROM SCRATCH\nCOPY a b', 0, 0],
  [`FROM node@${DIGEST} AS Build\nFROM build\nFROM BUILD AS again`, 1, 0],
  [`ARG V=24\nFROM node:\${V}`, 1, 1],
  [`ARG BASE=node:24@${DIGEST}\nFROM $BASE`, 1, 0],
  [`ARG BASE="node:24@${DIGEST}"\nFROM \${BASE}`, 1, 0],
  [`ARG D=${DIGEST}\nARG V=24\nFROM node:\${V}@\${D}`, 1, 0],
  [`ARG A=node:24\nARG B=\${A}@${DIGEST}\nFROM $B`, 1, 0],
  [`FROM \${BASE:-node@${DIGEST}}`, 1, 0],
  [`FROM \${BASE:-node}`, 1, 1],
  [`ARG BASE\nFROM \${BASE}`, 1, 1],
  [`ARG REGISTRY\nFROM \${REGISTRY}/node:24@${DIGEST}`, 1, 0],
  [`ARG DIGEST\nFROM node@\${DIGEST}`, 1, 1],
  [`FROM node@${DIGEST}\nARG BASE=alpine\nFROM $BASE`, 2, 1],
  [`FROM a@${DIGEST} AS build-amd64\nFROM a@${DIGEST} AS build-arm64\nFROM build-\${TARGETARCH}`, 2, 0],
  [`ARG VARIANT=slim\nFROM a@${DIGEST} AS base-slim\nFROM base-\${VARIANT}`, 1, 0],
  [`FROM a@${DIGEST}\nCOPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/`, 2, 1],
  [`FROM a@${DIGEST}\nCOPY --link --chown=1:1 --from=b@${DIGEST} /uv /bin/`, 2, 0],
  [`FROM a@${DIGEST}\nFROM b@${DIGEST}\nCOPY --from=0 /x /y`, 2, 0],
  [`FROM a@${DIGEST}\nARG UV=ghcr.io/astral-sh/uv@${DIGEST}\nCOPY --from=$UV /x /y`, 2, 0],
  [`FROM a@${DIGEST}\nRUN --mount=type=bind,from=b:1,source=/x,target=/y true`, 2, 1],
  [`FROM a@${DIGEST} AS deps\nFROM deps\nRUN --mount=from=deps,target=/y true`, 1, 0],
  [`FROM a@${DIGEST}\nONBUILD COPY --from=b:1 /x /y`, 2, 1],
  [`FROM a@${DIGEST}\nRUN <<EOF\nFROM b\nEOF`, 1, 0],
  [`FROM a@${DIGEST}\nCOPY <<EOF /x\nFROM b\nCOPY --from=c d e\nEOF`, 1, 0],
  [`# escape=\`\nFROM a@${DIGEST}\nCOPY x C:\\\nCOPY --from=b:1 y z`, 2, 1],
  [`\uFEFFFROM a@${DIGEST}\r\n`.slice(1), 1, 0],
  ['FROM {{ base }}', 0, 0],
  ['FROM %%BASE%%', 0, 0],
  ['FROM localhost/mine', 0, 0],
  ['FROM', 0, 0],
  ['', 0, 0],
]
test.each(dockerfiles)('%j', (text, examined, wrong) => {
  expect(found({ Dockerfile: text })).toEqual([examined, wrong])
})

test('an argument without a default is named', () => {
  expect(judge({ Dockerfile: 'ARG BASE\nFROM $BASE\n' }).findings[0]?.message).toContain('`BASE` has no default')
})

describe('jobs', () => {
  const job = (lines: string) => ({ [CI]: `on: push\njobs:\n  a:\n    runs-on: x\n${lines}\n    steps: []\n` })
  const cases: [string, number, number][] = [
    [`    container: node:24@${DIGEST}`, 1, 0],
    ['    container: node:24', 1, 1],
    ['    container:\n      image: node:24', 1, 1],
    ["    container: ''", 0, 0],
    ['    services:\n      db:\n        image: postgres:16\n      redis:\n        image: redis', 2, 2],
    [`    strategy:\n      matrix:\n        image: [a@${DIGEST}, b:1]\n    container: \${{ matrix.image }}`, 2, 1],
    [
      `    strategy:\n      matrix:\n        include:\n          - c: {image: b:1}\n          - c: {image: ''}\n    container: \${{ matrix.c.image }}`,
      1,
      1,
    ],
    [`    strategy:\n      matrix:\n        node: [1, 2]\n    container: node:\${{ matrix.node }}`, 1, 1],
    [`    strategy:\n      matrix: \${{ fromJSON(needs.x.outputs.y) }}\n    container: \${{ matrix.image }}`, 0, 0],
    [`    container: \${{ matrix.db == 'pg' && 'postgres:16' || '' }}`, 1, 1],
    [
      `    strategy:\n      matrix:\n        image: ["\${{ inputs.image }}", b:1]\n    container: \${{ matrix.image }}`,
      0,
      0,
    ],
    [`    strategy:\n      matrix:\n        tag: ["1@${DIGEST}"]\n    container: b:\${{ matrix.tag }}`, 0, 0],
    [`    container: \${{ needs.build.outputs.image }}`, 0, 0],
  ]
  test.each(cases)('%j', (lines, examined, wrong) => {
    expect(found(job(lines))).toEqual([examined, wrong])
  })

  test('what only a run can tell is told beside the verdict', () => {
    expect(judge(job(`    container: \${{ inputs.image }}`)).notes).toEqual([
      `Which image \`\${{ inputs.image }}\` is cannot be told from the file; it was not examined.`,
    ])
  })

  test('the default of an input is what runs', () => {
    const text = `on:\n  workflow_call:\n    inputs:\n      image:\n        default: node:24\njobs:\n  a:\n    container: \${{ inputs.image }}\n`
    expect(places(judge({ [CI]: text }))).toEqual([`${CI}:5`])
  })
})

describe('compose', () => {
  const cases: [string, number, number][] = [
    [`services:\n  a:\n    image: postgres:16@${DIGEST}\n  b:\n    image: redis:7`, 2, 1],
    ['services:\n  a:\n    image: acme/app\n    build: .', 0, 0],
    ['services:\n  a:\n    image: acme/app\n    build: .\n  worker:\n    image: acme/app', 0, 0],
    ['x-base: &base\n  build: .\nservices:\n  a:\n    <<: *base\n    image: acme/app', 0, 0],
    ['x-base: &base\n  image: redis:7\nservices:\n  a: *base\n  b:\n    <<: *base', 1, 1],
    ['services:\n  base:\n    build: .\n  a:\n    extends: base\n    image: acme/app', 0, 0],
    [`services:\n  a:\n    image: \${IMAGE:-redis@${DIGEST}}`, 1, 0],
    [`services:\n  a:\n    image: redis:\${TAG}`, 1, 1],
    [`services:\n  a:\n    image: \${IMAGE}`, 1, 1],
    ['services:\n  a:\n    image: app\n    pull_policy: build', 0, 0],
    ['services: []', 0, 0],
    ['{{ if .x }}\nservices:\n', 0, 0],
  ]
  test.each(cases)('%j', (text, examined, wrong) => {
    expect(found({ 'compose.yaml': text })).toEqual([examined, wrong])
  })

  test('one file gives the name, the one laid over it says how it is built', () => {
    const files = {
      'docker-compose.yml': 'services:\n  app:\n    image: acme/app\n  db:\n    image: redis:7\n',
      'docker-compose.dev.yml': 'services:\n  app:\n    build: .\n',
    }
    expect(places(judge(files))).toEqual(['docker-compose.yml:5'])
  })

  test('a service of another file is extended', () => {
    const files = {
      'web/compose.yaml': 'services:\n  a:\n    extends:\n      file: ../base.yml\n      service: b\n    image: x:1\n',
      'base.yml': 'services:\n  b:\n    build: .\n',
    }
    expect(judge(files).examined).toBe(0)
  })

  test('a compose file that cannot be read makes it unknown', () => {
    expect(judge({ 'compose.yml': 'services:\n  a: [\n' }).outcome).toBe('unknown')
  })
})

test('a name that a build is given as context is no image', () => {
  const Dockerfile = 'FROM base\nCOPY --from=assets /a /b\nCOPY --from=docs /a /b\n'
  const bake = 'target "x" {\n  contexts = {\n    base = "target:base"\n  }\n}\n'
  const steps =
    '      - uses: docker/build-push-action@v6\n        with:\n          build-contexts: |\n            assets=./a\n'
  const run = '      - run: docker buildx build --build-context docs=./docs .\n'
  const workflow = `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${steps}${run}`
  expect(found({ Dockerfile, 'docker-bake.hcl': bake, [CI]: workflow })).toEqual([0, 0])
})

test('what a file beside compose sets is not read, and neither good nor bad', () => {
  const files = {
    'a/compose.yaml': `services:\n  a:\n    image: redis:\${TAG}\n  b:\n    image: pg@${DIGEST}\n`,
    'a/.env': 'TAG=7',
  }
  expect(judge(files)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining(`redis:\${TAG}`) })
  const result = judge({ ...files, Dockerfile: 'FROM node:24\n' })
  expect(result).toMatchObject({ outcome: 'fail', examined: 2 })
  expect(places(result)).toEqual(['Dockerfile:1'])
})

test('an image that the repository builds itself does not come from elsewhere', () => {
  const files = {
    Makefile: 'image:\n\tdocker build --target x -t acme/tools:latest .\n',
    [CI]: 'on: push\njobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          tags: ghcr.io/acme/app:latest\n',
    Dockerfile: 'FROM acme/tools:latest\nFROM ghcr.io/acme/app\nFROM acme/other\n',
  }
  expect(places(judge(files))).toEqual(['Dockerfile:3'])
})

describe('patches', () => {
  test('the digest comes from another place of the repository that has it', () => {
    const files = {
      Dockerfile: 'FROM --platform=linux/amd64 node:24 AS x\n',
      'b/Dockerfile': `FROM docker.io/library/node:24@${DIGEST}\n`,
      'compose.yaml': 'services:\n  a:\n    image: "node:24"\n',
    }
    expect(mended(files, judge(files))).toEqual({
      ...files,
      Dockerfile: `FROM --platform=linux/amd64 node:24@${DIGEST} AS x\n`,
      'compose.yaml': `services:\n  a:\n    image: "node:24@${DIGEST}"\n`,
    })
  })

  test('none where two places disagree, where the tag differs, or where a variable writes the name', () => {
    const other = DIGEST.replace('0', 'f')
    const files = {
      'a/Dockerfile': `FROM node:24@${DIGEST}\nFROM x:1@${DIGEST}`,
      'b/Dockerfile': `FROM node:24@${other}`,
      Dockerfile: 'ARG V=1\nFROM node:24\nFROM x:2\nFROM x:$V\n',
    }
    expect(judge(files).findings.map(({ patch }) => patch)).toEqual([undefined, undefined, undefined])
  })
})

test('images in tests and samples are left aside, and told; those of jobs are not', () => {
  const workflow = 'on: push\njobs:\n  a:\n    runs-on: x\n    container: node:24\n    steps: []\n'
  const files = {
    'samples/web/Dockerfile': 'FROM a\n',
    'tests/compose.yaml': 'services:\n  a:\n    image: b:1\n',
    [CI]: workflow,
  }
  const result = judge(files)
  expect(result).toMatchObject({ examined: 1, notes: [expect.stringContaining('2 places')] })
  expect(places(result)).toEqual([`${CI}:5`])
})

test('the frontend that a build takes by tag is told', () => {
  const text = `# syntax=docker/dockerfile:1\nFROM a@${DIGEST}\n`
  expect(judge({ Dockerfile: text })).toMatchObject({
    outcome: 'pass',
    notes: [expect.stringContaining('docker/dockerfile:1')],
  })
})

test('test data, templates and other names are no Dockerfiles', () => {
  expect(judge({ 'Dockerfile.tmpl': 'FROM a', 'docs/Dockerfile.md': 'FROM a', dockerfile: 'FROM a' }).examined).toBe(0)
})
