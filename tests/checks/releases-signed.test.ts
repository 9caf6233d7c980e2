/** Every trap of `releases-signed`: releases by what the crawl tells of them, publish steps by their workflow. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import type { Release } from '#lib/snapshot/snapshot.ts'
import { calling, job, OIDC, PATH, workflow } from './publishing-workflow.ts'
import { places, verdictOf } from './verdict-of.ts'

const judge = (files: FileMap, releases: Release[] | null = null) => verdictOf('releases-signed', files, { releases })
const right = { outcome: 'pass', findings: [] }

function release(tag: string, names: string[], more: Partial<Release> = {}): Release {
  const attested = more.attested ?? false
  const assets = names.map(name => ({ name, digest: null, attested }))
  return { tag, publishedAt: '2026-01-01T00:00:00Z', immutable: false, url: null, assets, attested, ...more }
}

test('one signed and one unsigned step make exactly one finding', () => {
  const files = workflow(job('- run: npm publish --provenance\n- run: cargo publish'))
  const result = judge(files)
  expect(result).toMatchObject({ outcome: 'fail', examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${PATH}:8`])
  expect(result.findings[0]?.message).toContain('`cargo publish` publishes a crate')
})

describe('a publish step is right', () => {
  const upload = '- run: gh release upload v1 a.tar.gz'
  const push = '- uses: docker/build-push-action@v6\n  with: { push: true, tags: a/b }'
  test.each<[string, FileMap]>([
    ['npm --provenance', workflow(job('- run: npm publish --provenance'))],
    ['npm by env', workflow(job('- run: npm publish\n  env: { NPM_CONFIG_PROVENANCE: true }'))],
    ['npm by .npmrc', { ...workflow(job('- run: npm publish')), '.npmrc': 'provenance=true\n' }],
    [
      'npm by publishConfig',
      { ...workflow(job('- run: npm publish')), 'package.json': '{"publishConfig":{"provenance":true}}' },
    ],
    ['npm as a trusted publisher', workflow(job('- run: npm publish', OIDC))],
    ['PyPI as a trusted publisher', workflow(job('- uses: pypa/gh-action-pypi-publish@release/v1', OIDC))],
    [
      'PyPI by a SHA of v1.11 or later',
      workflow(job(`- uses: pypa/gh-action-pypi-publish@${'a'.repeat(40)} # v1.12.4`, OIDC)),
    ],
    ['cosign sign-blob', workflow(job(`${upload}\n- run: cosign sign-blob --yes --bundle a.sigstore a.tar.gz`))],
    ['gpg', workflow(job(`- run: gpg --batch --armor --detach-sign a.tar.gz\n${upload}`))],
    ['gpg in short', workflow(job(`- run: gpg -ab a.tar.gz\n${upload}`))],
    ['gpg for each file', workflow(job(`- run: find . -name '*.gz' -exec gpg --detach-sign {} \\;\n${upload}`))],
    [
      'an attestation',
      workflow(job(`- uses: actions/attest-build-provenance@v3\n  with: { subject-path: a }\n${upload}`)),
    ],
    ['sigstore-python', workflow(job(`- uses: sigstore/gh-action-sigstore-python@v3\n${upload}`))],
    ['a signature among the files', workflow(job('- run: gh release upload v1 a.tar.gz a.tar.gz.asc'))],
    ['another job of the workflow', workflow(job(upload), job('- run: minisign -Sm a.tar.gz', { id: 'b' }))],
    [
      'the SLSA generator',
      workflow(
        job(upload),
        calling('slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0'),
      ),
    ],
    [
      'a workflow that it calls',
      {
        ...workflow(job(upload), calling('./.github/workflows/sign.yml')),
        '.github/workflows/sign.yml': `on: workflow_call\njobs:\n${job('- run: cosign sign-blob a')}`,
      },
    ],
    ['an image, cosign', workflow(job(`${push}\n- run: cosign sign --yes a/b@$DIGEST`))],
    [
      'an image, attested',
      workflow(
        job(`${push}\n- uses: actions/attest-build-provenance@v3\n  with: { subject-name: a/b, subject-digest: x }`),
      ),
    ],
    ['an image, notation', workflow(job(`${push}\n- run: notation sign a/b@$DIGEST`))],
    [
      'GoReleaser by its settings',
      { ...workflow(job('- run: goreleaser release')), '.goreleaser.yaml': 'signs:\n  - artifacts: checksum\n' },
    ],
    ['RubyGems by its action', workflow(job('- uses: rubygems/release-gem@v1', OIDC))],
    ['NuGet, signed before', workflow(job('- run: dotnet nuget sign a.nupkg\n- run: dotnet nuget push a.nupkg'))],
    [
      'Maven by its plugin',
      {
        ...workflow(job('- run: mvn deploy')),
        'pom.xml':
          '<project><build><plugins><plugin><artifactId>maven-gpg-plugin</artifactId></plugin></plugins></build></project>',
      },
    ],
    [
      'Gradle by its plugin',
      { ...workflow(job('- run: ./gradlew publish')), 'build.gradle': "plugins { id 'signing' }\n" },
    ],
    ['Maven Central, which takes nothing else', workflow(job('- run: ./gradlew publishToMavenCentral'))],
    ['sbt', workflow(job('- run: sbt ci-release'))],
    [
      'JReleaser by its settings',
      { ...workflow(job('- run: jreleaser full-release')), 'jreleaser.yml': 'signing:\n  active: ALWAYS\n' },
    ],
    ['JSR with an identity', workflow(job('- run: npx jsr publish', OIDC))],
  ])('%s', (_, files) => {
    expect(judge(files)).toMatchObject({ ...right, examined: 1 })
  })
})

describe('a publish step is wrong', () => {
  const token = '    env: { NODE_AUTH_TOKEN: x }\n'
  test.each<[string, FileMap]>([
    ['npm with a token', workflow(job('- run: npm publish', { ...OIDC, more: token }))],
    ['npm without an identity', workflow(job('- run: npm publish'))],
    ['npm told not to', workflow(job('- run: npm publish --no-provenance', OIDC))],
    [
      'PyPI with a password',
      workflow(job('- uses: pypa/gh-action-pypi-publish@release/v1\n  with: { password: x }', OIDC)),
    ],
    [
      'PyPI told not to',
      workflow(job('- uses: pypa/gh-action-pypi-publish@v1.12.4\n  with: { attestations: false }', OIDC)),
    ],
    ['PyPI before v1.11', workflow(job('- uses: pypa/gh-action-pypi-publish@v1.10.3', OIDC))],
    ['PyPI by uv', workflow(job('- run: uv publish', OIDC))],
    [
      'an image with BuildKit attestations',
      workflow(job('- uses: docker/build-push-action@v6\n  with: { push: true, provenance: mode=max, sbom: true }')),
    ],
    ['an image where only files are signed', workflow(job('- run: docker push a/b\n- run: cosign sign-blob a'))],
    ['files where only the image is signed', workflow(job('- run: gh release upload v1 a\n- run: cosign sign a/b'))],
    ['verifying is no signing', workflow(job('- run: gh release upload v1 a\n- run: gpg --batch --verify b.asc b'))],
    [
      'a signing step that never runs',
      workflow(job('- run: gh release upload v1 a\n- run: cosign sign-blob a\n  if: false')),
    ],
    ['GoReleaser without signs', { ...workflow(job('- run: goreleaser release')), '.goreleaser.yml': 'builds: []\n' }],
    [
      'GoReleaser told to skip it',
      { ...workflow(job('- run: goreleaser release --skip=sign')), '.goreleaser.yml': 'signs: [{ artifacts: all }]\n' },
    ],
    ['Gradle without signing', { ...workflow(job('- run: ./gradlew publish')), 'build.gradle': '// id "signing"\n' }],
    ['Maven without signing', { ...workflow(job('- run: mvn deploy')), 'pom.xml': '<project/>' }],
    [
      'another workflow that signs',
      {
        ...workflow(job('- run: gh release upload v1 a')),
        '.github/workflows/sign.yml': `on: workflow_dispatch\njobs:\n${job('- run: cosign sign-blob a')}`,
      },
    ],
  ])('%s', (_, files) => {
    expect(judge(files)).toMatchObject({ outcome: 'fail', examined: 1, value: 0 })
  })
})

test.each([
  'gh release create v1 --generate-notes',
  'npx changeset version',
  'npm publish --dry-run',
  'goreleaser release --snapshot',
  'docker build .',
])('not examined: %s', command => {
  expect(judge(workflow(job(`- run: ${command}`))).outcome).toBe('not-applicable')
})

test('settings that cannot be read decide nothing', () => {
  expect(judge(workflow(job('- run: goreleaser release -f build/x.yml'))).outcome).toBe('not-applicable')
  const parent = '<project><parent><groupId>g</groupId><artifactId>oss-parent</artifactId></parent></project>'
  expect(judge({ ...workflow(job('- run: mvn deploy')), 'pom.xml': parent }).outcome).toBe('not-applicable')
})

describe('a release', () => {
  const files = { 'README.md': '# A\n' }
  test.each<[string, Release]>([
    ['immutable', release('v1', ['a.tar.gz'], { immutable: true })],
    ['attested', release('v1', ['a.tar.gz'], { attested: true })],
    ['a signature beside each file', release('v1', ['a.tar.gz', 'a.tar.gz.asc', 'b.zip', 'b.zip.sig'])],
    [
      'signed checksums',
      release('v1', ['a.tar.gz', 'b.zip', 'checksums.txt', 'checksums.txt.pem', 'checksums.txt.sig']),
    ],
    ['a clear-signed list', release('v1', ['a.tar.gz', 'SHA256SUMS', 'SHA256SUMS.asc'])],
    ['provenance for all', release('v1', ['a.tar.gz', 'b.zip', 'multiple.intoto.jsonl'])],
    ['a bundle of sigstore', release('v1', ['a.whl', 'a.whl.sigstore.json'])],
  ])('is right: %s', (_, one) => {
    expect(judge(files, [one])).toMatchObject({ ...right, examined: 1 })
  })

  test.each<[string, Release]>([
    ['nothing', release('v1', ['a.tar.gz'])],
    ['checksums that nobody signed', release('v1', ['a.tar.gz', 'checksums.txt', 'a.tar.gz.sha256'])],
    ['a certificate without a signature', release('v1', ['a.tar.gz', 'a.tar.gz.pem'])],
    ['a public key', release('v1', ['a.tar.gz', 'public-key.asc'])],
    ["git's own bundle", release('v1', ['a.tar.gz', 'repository.bundle'])],
    ['one file of many', release('v1', ['a.zip', 'a.zip.sig', 'b.zip', 'c.zip'])],
  ])('is wrong: %s', (_, one) => {
    const result = judge(files, [one])
    expect(result).toMatchObject({ outcome: 'fail', examined: 1, value: 0 })
    expect(result.findings[0]?.message).toContain('The newest release, v1,')
  })

  const unsigned = (count: number) => Array.from({ length: count }, (_, index) => release(`v0.${index}`, ['a']))

  test('the newest weighs as much as the others together', () => {
    expect(judge(files, [release('v1', ['a'], { immutable: true }), ...unsigned(4)])).toMatchObject({
      examined: 5,
      value: 0.5,
      findings: [{ weight: 4 }],
    })
    const signed = ['v4', 'v3', 'v2', 'v1'].map(tag => release(tag, ['a'], { immutable: true }))
    expect(judge(files, [release('v5', ['a']), ...signed])).toMatchObject({
      examined: 5,
      value: 0.5,
      findings: [{ weight: 4 }],
    })
  })

  test('five with files count; those without are passed over', () => {
    const result = judge(files, [release('v9', []), release('v8', ['a'], { immutable: true }), ...unsigned(9)])
    expect(result).toMatchObject({ examined: 5, value: 0.5 })
    expect(result.findings[0]?.message).toContain('v0.0, v0.1, v0.2, v0.3.')
  })

  test('that cannot be asked about is neither good nor bad', () => {
    const reason = 'The token may not read attestations.'
    const unread = [{ part: 'attestations' as const, path: null, reason }]
    const releases = [release('v1', ['a'], { attested: null })]
    expect(verdictOf('releases-signed', files, { releases, unread })).toMatchObject({ outcome: 'unknown', value: null })
    const signed = [release('v1', ['a', 'a.asc'], { attested: null })]
    expect(verdictOf('releases-signed', files, { releases: signed, unread })).toMatchObject(right)
  })

  test('that is signed vouches for the step that makes release files, and shows where to sign it', () => {
    const makes = workflow(job('- run: gh release upload v1 a'))
    expect(judge(makes, [release('v1', ['a'], { immutable: true })])).toMatchObject({ ...right, examined: 2 })
    expect(places(judge(makes, [release('v1', ['a'])]))).toEqual([`${PATH}:7`, `${PATH}:7`])
  })
})

test('without releases and publish steps it does not apply', () => {
  expect(judge({ 'a.txt': 'a' }, []).outcome).toBe('not-applicable')
})
