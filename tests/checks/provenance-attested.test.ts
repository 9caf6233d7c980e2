import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { ATTESTING, calling, job, OIDC, PATH, workflow } from './publishing-workflow.ts'
import { places, verdictOf } from './verdict-of.ts'

const judge = (files: FileMap) => verdictOf('provenance-attested', files)
const attest = '- uses: actions/attest-build-provenance@v3\n  with: { subject-path: a }\n'
const image = (inputs: string) => `- uses: docker/build-push-action@v6\n  with: { push: true, tags: a/b, ${inputs} }\n`
const GENERATOR = 'slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0'

test('one step with and one without make exactly one finding', () => {
  const result = judge(workflow(job('- run: npm publish --provenance\n- run: docker push a/b', OIDC)))
  expect(result).toMatchObject({ examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${PATH}:8`])
})

test('PyPI is told the way that attests by itself', () => {
  const [finding] = judge(workflow(job('- run: twine upload dist/*'))).findings
  expect(finding?.message).toContain('trusted publisher')
})

describe('right', () => {
  test.each<[string, FileMap]>([
    ['npm provenance', workflow(job('- run: npm publish --provenance', OIDC))],
    ['PyPI attestations', workflow(job('- uses: pypa/gh-action-pypi-publish@release/v1', OIDC))],
    ['an attestation in the job', workflow(job(`${attest}- run: gh release upload v1 a`, ATTESTING))],
    [
      'an attestation in another job',
      workflow(job('- run: gh release upload v1 a'), job(attest, { id: 'b', ...ATTESTING })),
    ],
    [
      'the generator of SLSA',
      workflow(job('- run: gh release upload v1 a'), calling(GENERATOR, 'b', '    permissions: { id-token: write }\n')),
    ],
    [
      'a release that takes the provenance up with its files',
      workflow(
        job(
          `- uses: softprops/action-gh-release@v2\n  with:\n    files: |\n      app\n      \${{ needs.provenance.outputs.name }}\n`,
        ),
      ),
    ],
    ['a release command that does', workflow(job('- run: gh release create v1 app app.intoto.jsonl'))],
    ['an image, in full', workflow(job(image('provenance: mode=max')))],
    ['an image by buildx', workflow(job('- run: docker buildx build --push --provenance=mode=max -t a/b .'))],
    [
      'an image by --attest',
      workflow(job('- run: docker buildx build --push --attest type=provenance,mode=max -t a/b .')),
    ],
    [
      'a list of images that others built in full',
      workflow(
        job('- run: docker buildx imagetools create -t a/b:1 a/b@$D'),
        job(
          '- uses: docker/build-push-action@v6\n  with: { outputs: "type=image,push-by-digest=true,push=true", provenance: mode=max }',
          {
            id: 'b',
          },
        ),
      ),
    ],
    [
      'an image, attested',
      workflow(
        job(
          `- run: docker push a/b\n- uses: actions/attest-build-provenance@v3\n  with: { subject-name: a/b, subject-digest: x }`,
          ATTESTING,
        ),
      ),
    ],
  ])('%s', (_, files) => {
    expect(judge(files)).toMatchObject({ outcome: 'pass', examined: 1 })
  })
})

describe('wrong', () => {
  test.each<[string, FileMap, string]>([
    ['nothing', workflow(job('- run: gem push a.gem')), 'without provenance'],
    [
      'a signature says not how it was built',
      workflow(job('- run: cosign sign-blob a\n- run: gh release upload v1 a')),
      'without provenance',
    ],
    [
      'an attestation without identity',
      workflow(job(`${attest}- run: gh release upload v1 a`)),
      '`id-token: write` and `attestations: write`',
    ],
    [
      'an attestation that may not be stored',
      workflow(job(`${attest}- run: gh release upload v1 a`, OIDC)),
      'lacks `attestations: write`',
    ],
    [
      'an SBOM is no provenance',
      workflow(
        job(
          '- uses: actions/attest-sbom@v2\n  with: { subject-path: a, sbom-path: b }\n- run: gh release upload v1 a',
          ATTESTING,
        ),
      ),
      'without provenance',
    ],
    ['an image, switched off', workflow(job(image('provenance: false'))), 'no provenance'],
    ['an image, the least', workflow(job(image('provenance: mode=min'))), 'the least provenance'],
    ['an image by plain docker', workflow(job('- run: docker build --push -t a/b .')), 'the least provenance'],
    ['an image by podman', workflow(job('- run: podman build -t a/b .\n- run: podman push a/b')), 'no provenance'],
    [
      'defaults switched off',
      workflow(job(image('tags: c'), { more: '    env: { BUILDX_NO_DEFAULT_ATTESTATIONS: 1 }\n' })),
      'no provenance',
    ],
  ])('%s', (_, files, words) => {
    const result = judge(files)
    expect(result).toMatchObject({ outcome: 'fail', value: 0 })
    expect(result.findings[0]?.message).toContain(words)
  })
})

test('the default of the action is half: it depends on whether the repository is public', () => {
  expect(judge(workflow(job(image('platforms: x'))))).toMatchObject({ value: 0.5, findings: [{ weight: 0.5 }] })
})

test('arguments that only a variable holds may ask for it: nothing is told', () => {
  const push = (more: string) => workflow(job(`- run: docker buildx build --push ${more} -t a.example/b .\n`))
  expect(judge(push('$ATTESTATIONS')).outcome).toBe('not-applicable')
  expect(judge(push(`$\{EXTRA_ARGS}`)).outcome).toBe('not-applicable')
  expect(judge(push('--build-arg $ARGS')).outcome).toBe('fail')
  expect(judge(push('')).outcome).toBe('fail')
})

test('an image that another workflow builds has the provenance of that build under another name too', () => {
  const build = { '.github/workflows/build.yml': `on: push\njobs:\n${job(image('provenance: mode=max'))}` }
  const tag = '- run: docker buildx imagetools create -t a.example/b:1 a.example/b:$SHA\n'
  expect(judge({ ...workflow(job(tag)), ...build })).toMatchObject({ outcome: 'pass', examined: 2 })
  expect(judge(workflow(job(tag)))).toMatchObject({ outcome: 'fail', value: 0 })
  const mirror = workflow(job('- run: crane copy b.example/c:1 a.example/c:1\n'))
  expect(judge({ ...mirror, ...build })).toMatchObject({ examined: 2, value: 0.5 })
  const other = '- run: docker push a.example/c\n'
  expect(places(judge({ ...workflow(job(tag + other)), ...build }))).toEqual([`${PATH}:8`])
})
