import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { job, PATH, workflow } from './publishing-workflow.ts'
import { places, verdictOf } from './verdict-of.ts'

const judge = (files: FileMap) => verdictOf('sbom-produced', files)
const publish = '- run: npm publish\n'

test('it is asked once, and points to what goes out', () => {
  const result = judge(workflow(job(`${publish}- run: cargo publish`)))
  expect(result).toMatchObject({ outcome: 'fail', examined: 1, value: 0 })
  expect(places(result)).toEqual([`${PATH}:7`])
  expect(result.findings[0]?.message).toContain('`npm publish` publishes, and no workflow makes a bill of materials')
})

describe('made and kept', () => {
  const upload = '- uses: actions/upload-artifact@v4\n'
  test.each<[string, string]>([
    ["Anchore's action, which uploads it", '- uses: anchore/sbom-action@v0\n'],
    ['syft, uploaded', `- run: syft . -o spdx-json=a.json\n${upload}`],
    ['npm sbom, released', '- run: npm sbom --sbom-format=spdx > a.json\n- run: gh release upload v1 a.json\n'],
    ['cdxgen, sent away', '- run: npx @cyclonedx/cdxgen -o bom.json\n- run: curl -F bom=@bom.json https://a.example\n'],
    ['Trivy, uploaded', `- uses: aquasecurity/trivy-action@v0\n  with: { format: cyclonedx }\n${upload}`],
    ['Trivy, submitted', '- uses: aquasecurity/trivy-action@v0\n  with: { format: github }\n'],
    ['attested', '- uses: actions/attest-sbom@v3\n  with: { subject-path: a, sbom-path: b }\n'],
    ['beside an image', '- uses: docker/build-push-action@v6\n  with: { push: true, sbom: true }\n'],
    ['beside an image, by command', '- run: docker buildx build --push --sbom=true -t a/b .\n'],
    ['by ko, which always does', '- run: ko build ./cmd\n'],
    ['Gradle, uploaded', `- run: ./gradlew cyclonedxBom\n${upload}`],
    ['cargo, uploaded', `- run: cargo cyclonedx\n${upload}`],
  ])('%s', (_, steps) => {
    expect(judge(workflow(job(publish + steps)))).toMatchObject({ outcome: 'pass', examined: 1 })
  })

  test('by GoReleaser and by Maven, by their settings', () => {
    const goreleaser = {
      ...workflow(job('- run: goreleaser release')),
      '.goreleaser.yml': 'sboms:\n  - artifacts: archive\n',
    }
    expect(judge(goreleaser).outcome).toBe('pass')
    const pom = '<project><artifactId>cyclonedx-maven-plugin</artifactId></project>'
    expect(judge({ ...workflow(job('- run: mvn deploy')), 'pom.xml': pom }).outcome).toBe('pass')
  })

  test('in another workflow', () => {
    const other = `on: push\njobs:\n${job('- uses: anchore/sbom-action@v0')}`
    expect(judge({ ...workflow(job(publish)), '.github/workflows/sbom.yml': other }).outcome).toBe('pass')
  })
})

test.each([
  ['left on the runner', '- run: syft . -o spdx-json=a.json\n'],
  ['made after the last upload', '- uses: actions/upload-artifact@v4\n- run: npm sbom > a.json\n'],
  [
    'told not to upload it',
    '- uses: anchore/sbom-action@v0\n  with: { upload-artifact: false, upload-release-assets: false }\n',
  ],
])('half: %s', (_, steps) => {
  const result = judge(workflow(job(publish + steps)))
  expect(result).toMatchObject({ outcome: 'fail', value: 0.5, findings: [{ weight: 0.5 }] })
  expect(result.findings[0]?.message).toContain('goes away with the runner')
})

describe('none', () => {
  test.each<[string, string]>([
    ['a scan', '- run: trivy fs --format table .\n'],
    ['an image that is not pushed', '- uses: docker/build-push-action@v6\n  with: { sbom: true }\n'],
    ['switched off', '- uses: docker/build-push-action@v6\n  with: { push: true, sbom: false }\n'],
    ['a step that never runs', '- uses: anchore/sbom-action@v0\n  if: false\n'],
    ['the version of syft', '- run: syft version\n'],
  ])('%s', (_, steps) => {
    expect(judge(workflow(job(publish + steps)))).toMatchObject({ outcome: 'fail', value: 0 })
  })
})

test('it applies where something goes out', () => {
  expect(judge(workflow(job('- run: npm test'))).outcome).toBe('not-applicable')
  expect(judge(workflow(job('- uses: actions/deploy-pages@v4'))).outcome).toBe('not-applicable')
  expect(judge(workflow(job('- run: npx wrangler deploy'))).outcome).toBe('fail')
  const release = { tag: 'v1', publishedAt: '', immutable: null, url: null, assets: [], attested: null }
  const result = verdictOf('sbom-produced', { 'README.md': '# A\n' }, { releases: [release] })
  expect(result).toMatchObject({ outcome: 'fail', findings: [{ evidence: { path: 'README.md' } }] })
})

test('arguments that only a variable holds may ask for it: neither good nor bad', () => {
  const push = (more: string) => workflow(job(`- run: docker buildx build --push ${more} -t a.example/b .\n`))
  expect(judge(push('$ATTESTATIONS'))).toMatchObject({
    outcome: 'unknown',
    reason: expect.stringContaining('$ATTESTATIONS'),
  })
  expect(judge(push('--sbom=true $ATTESTATIONS')).outcome).toBe('pass')
  expect(judge(push('')).outcome).toBe('fail')
  expect(judge(workflow(job('- run: docker buildx imagetools create $tag_args $sources\n'))).outcome).toBe('fail')
})
