import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { job, PATH, workflow } from './publishing-workflow.ts'
import { places, verdictOf } from './verdict-of.ts'

const judge = (files: FileMap) => verdictOf('images-signed', files)
const push = '- run: docker push a.example/b\n'

test('one signed and one unsigned image make exactly one finding', () => {
  const files = {
    ...workflow(job(`${push}- run: cosign sign --yes a.example/b@$DIGEST`)),
    '.github/workflows/other.yml': `on: push\njobs:\n${job(push)}`,
  }
  const result = judge(files)
  expect(result).toMatchObject({ examined: 2, value: 0.5 })
  expect(places(result)).toEqual(['.github/workflows/other.yml:7'])
})

describe('right', () => {
  test.each<[string, FileMap]>([
    ['cosign, by digest', workflow(job(`${push}- run: cosign sign --yes a.example/b@sha256:0`))],
    ['cosign, by a variable', workflow(job(`${push}- run: cosign sign --key env://KEY "$IMAGE"`))],
    ['cosign in another job', workflow(job(push), job('- run: cosign sign --yes "$REF"', { id: 'b' }))],
    [
      'a signed attestation of cosign',
      workflow(job(`${push}- run: cosign attest --type slsaprovenance --predicate p a.example/b@$D`)),
    ],
    ['notation', workflow(job(`${push}- uses: notaryproject/notation-action/sign@v1`))],
    [
      'an attestation in the registry',
      workflow(
        job(
          `${push}- uses: actions/attest@v4\n  with: { subject-name: a.example/b, subject-digest: x, push-to-registry: true }`,
        ),
      ),
    ],
    ['content trust', workflow(job(push, { more: '    env: { DOCKER_CONTENT_TRUST: 1 }\n' }))],
    [
      'GoReleaser by its settings',
      {
        ...workflow(job('- run: goreleaser release')),
        '.goreleaser.yml': 'dockers: [{}]\ndocker_signs: [{ artifacts: all }]\n',
      },
    ],
  ])('%s', (_, files) => {
    expect(judge(files)).toMatchObject({ outcome: 'pass', examined: 1 })
  })
})

test('what signs only what it pushes itself signs no other image', () => {
  const timoni = '- run: timoni mod push ./m oci://a.example/m --sign cosign\n'
  const byTag = '- run: cosign sign --yes a.example/b:1\n'
  expect(places(judge(workflow(job(`${push}${timoni}`))))).toEqual([`${PATH}:7`])
  expect(judge(workflow(job(`${push}${timoni}${byTag}`))).findings[0]?.message).toContain('signs whatever the tag')
  const goreleaser = '- run: goreleaser release\n'
  const files = {
    ...workflow(job(`${push}${goreleaser}`)),
    '.goreleaser.yml': 'dockers: [{}]\ndocker_signs: [{ artifacts: all }]\n',
  }
  expect(places(judge(files))).toEqual([`${PATH}:7`])
})

test.each(['--key /tmp/k', '-key ./k', '-a repo=acme/app', '--key ~/k --yes'])(
  'by tag, with the words of an option: %s',
  words => {
    const result = judge(workflow(job(`${push}- run: cosign sign ${words} a.example/b:1\n`)))
    expect(result.findings[0]?.message).toContain('signs whatever the tag')
  },
)

test('a variable that make is given decides whether its recipe pushes', () => {
  const Makefile = 'PUSH ?= true\nimage:\n\tko build --push=$(PUSH) .\nlocal:\n\t$(MAKE) PUSH=false image\n'
  expect(judge({ Makefile, ...workflow(job('- run: make local')) }).outcome).toBe('not-applicable')
  expect(judge({ Makefile, ...workflow(job('- run: make image PUSH=false')) }).outcome).toBe('not-applicable')
  expect(judge({ Makefile, ...workflow(job('- run: make image')) })).toMatchObject({ outcome: 'fail', examined: 1 })
})

describe('wrong', () => {
  test.each<[string, FileMap, string]>([
    ['unsigned', workflow(job(push)), 'nothing in its workflow signs'],
    ['by tag', workflow(job(`${push}- run: cosign sign --yes a.example/b:latest`)), 'Sign the digest'],
    [
      'attested apart',
      workflow(job(`${push}- uses: actions/attest@v4\n  with: { subject-name: a.example/b, subject-digest: x }`)),
      '`push-to-registry: true`',
    ],
    [
      'files are signed, the image is not',
      workflow(job(`${push}- run: cosign sign-blob a`)),
      'nothing in its workflow signs',
    ],
    [
      'GoReleaser without docker_signs',
      { ...workflow(job('- run: goreleaser release')), '.goreleaser.yml': 'dockers: [{}]\nsigns: [{}]\n' },
      '`docker_signs:`',
    ],
  ])('%s', (_, files, words) => {
    const result = judge(files)
    expect(result).toMatchObject({ outcome: 'fail', value: 0 })
    expect(result.findings[0]?.message).toContain(words)
  })
})

test('packages are not examined', () => {
  expect(judge({ ...workflow(job('- run: npm publish')), [`${PATH}x`]: '' }).outcome).toBe('not-applicable')
})
