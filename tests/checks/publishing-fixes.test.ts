/** What the fixes of the publishing checks write, and that the finding goes away. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyEdits } from '#lib/patch/apply.ts'
import { combine } from '#lib/patch/combine.ts'
import { PINNED } from '#lib/snapshot/publish/attest-fix.ts'
import { snapshotOf } from '../snapshot-of.ts'
import { mended, verdictOf } from './verdict-of.ts'

const PATH = '.github/workflows/release.yml'
const PIN = `actions/attest-build-provenance@${PINNED.commit} # ${PINNED.version}`
const HEAD = 'on: push\njobs:\n  a:\n    runs-on: x\n'

/** The workflow after the fix of the check's only finding. */
function fixed(id: string, text: string, more: Record<string, string> = {}): string {
  const files = { [PATH]: text, ...more }
  const result = verdictOf(id, files)
  expect(result.findings).toHaveLength(1)
  const after = mended(files, result)
  expect(result.findings[0]?.patch?.safety).toBe('review')
  expect(verdictOf(id, after).findings).toEqual([])
  return after[PATH] ?? ''
}

function unfixed(id: string, text: string): void {
  const { findings } = verdictOf(id, { [PATH]: text })
  expect(findings).toHaveLength(1)
  expect(findings[0]).not.toHaveProperty('patch')
}

test('the commit that fixes pin is the one that our own release workflow pins', () => {
  const own = readFileSync(join(import.meta.dirname, '../..', PATH), 'utf8')
  expect(own).toContain(`uses: ${PIN}`)
})

describe('releases-signed', () => {
  const step = (run: string) => `    steps:\n      - run: make\n      # The files.\n      - run: ${run}\n`

  test('a step before the upload, and what its token needs', () => {
    const before = `${HEAD}    permissions:\n      contents: write\n${step('gh release create "$TAG" --title x dist/a.tar.gz dist/*.zip')}`
    expect(fixed('releases-signed', before)).toBe(
      `${HEAD}    permissions:\n      contents: write\n      id-token: write\n      attestations: write\n    steps:\n      - run: make\n      - uses: ${PIN}\n        with:\n          subject-path: |\n            dist/a.tar.gz\n            dist/*.zip\n      # The files.\n      - run: gh release create "$TAG" --title x dist/a.tar.gz dist/*.zip\n`,
    )
  })

  test('permissions of the workflow are the job’s own then, with the missing ones', () => {
    const before = `permissions:\n  contents: write\n${HEAD}${step('gh release upload v1 a.zip')}`
    expect(fixed('releases-signed', before)).toContain(
      '    runs-on: x\n    permissions:\n      contents: write\n      id-token: write\n      attestations: write\n    steps:\n',
    )
  })

  test('permissions in braces stay in braces', () => {
    const before = `${HEAD}    permissions: { contents: write }\n${step('gh release upload v1 a.zip')}`
    expect(fixed('releases-signed', before)).toContain(
      'permissions: { contents: write, id-token: write, attestations: write }',
    )
  })

  test('the files of an action, and its condition', () => {
    const before = `${HEAD}    permissions: { contents: write }\n    steps:\n      - uses: softprops/action-gh-release@v2\n        if: startsWith(github.ref, 'refs/tags/')\n        with:\n          files: |\n            dist/a\n            dist/b\n`
    expect(fixed('releases-signed', before)).toContain(
      `      - uses: ${PIN}\n        if: startsWith(github.ref, 'refs/tags/')\n        with:\n          subject-path: |\n            dist/a\n            dist/b\n      - uses: softprops`,
    )
  })

  test('what YAML would read otherwise is written so that it does not', () => {
    const before = `${HEAD}    permissions: { contents: write }\n    steps:\n      - run: gh release upload v1 *.zip\n        if: "!cancelled()"\n`
    expect(fixed('releases-signed', before)).toContain(
      `        if: $\{{ !cancelled() }}\n        with:\n          subject-path: "*.zip"\n`,
    )
  })

  test('as the repository pins it already', () => {
    const mine = `actions/attest-build-provenance@${'b'.repeat(40)} # v9.9.9`
    const other = `on: push\njobs:\n  z:\n    steps:\n      - uses: ${mine}\n`
    const before = `${HEAD}    permissions: { contents: write }\n${step('gh release upload v1 a.zip')}`
    expect(fixed('releases-signed', before, { '.github/workflows/other.yml': other })).toContain(`- uses: ${mine}\n`)
  })

  test('npm by its own flag', () => {
    const before = `${HEAD}    permissions: { contents: read }\n${step('npm publish --access public')}`
    const after = fixed('releases-signed', before)
    expect(after).toContain('- run: npm publish --provenance --access public\n')
    expect(after).toContain('{ contents: read, id-token: write }')
  })

  test('an image behind its push, under the condition of the push', () => {
    const push = `      - uses: docker/build-push-action@v6\n        with:\n          push: $\{{ github.ref == 'refs/heads/main' }}\n          tags: r.example/a/b:$\{{ github.sha }}\n`
    const before = `${HEAD}    permissions: { packages: write }\n    steps:\n${push}      - run: make\n`
    const id = push.replace('- uses: docker', '- id: push\n        uses: docker')
    expect(fixed('releases-signed', before)).toBe(
      `${HEAD}    permissions: { packages: write, id-token: write, attestations: write }\n    steps:\n${id}      - uses: ${PIN}\n        if: github.ref == 'refs/heads/main'\n        with:\n          subject-name: r.example/a/b\n          subject-digest: $\{{ steps.push.outputs.digest }}\n          push-to-registry: true\n      - run: make\n`,
    )
  })

  test.each([
    ['no permissions are declared', `${HEAD}${step('gh release upload v1 a.zip')}`],
    [
      'only a run can tell the files',
      `${HEAD}    permissions: { contents: write }\n${step('gh release upload v1 "$FILE"')}`,
    ],
    [
      'several images are pushed',
      `${HEAD}    permissions: {}\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: a/b:1,c/d:1\n`,
    ],
  ])('left to a person: %s', (_, text) => {
    unfixed('releases-signed', text)
  })
})

const PUSH = `${HEAD}    permissions: { packages: write }\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: r.example/b:1\n`

test('provenance-attested asks for it in full', () => {
  expect(fixed('provenance-attested', PUSH)).toBe(`${PUSH}          provenance: mode=max\n`)
})

test('sbom-produced asks for one beside the image', () => {
  expect(fixed('sbom-produced', PUSH)).toBe(`${PUSH}          sbom: true\n`)
})

test('images-signed pushes the attestation that is there', () => {
  const attest =
    '      - uses: actions/attest@v4\n        with:\n          subject-name: r.example/b\n          subject-digest: x\n'
  expect(fixed('images-signed', PUSH + attest)).toBe(`${PUSH}${attest}          push-to-registry: true\n`)
})

test('all fixes of a job with two images go together', () => {
  const ids = ['releases-signed', 'images-signed', 'provenance-attested', 'sbom-produced']
  const push = (name: string) =>
    `      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: r.example/${name}:1\n`
  const files = { [PATH]: `${HEAD}    permissions: { packages: write }\n    steps:\n${push('b')}${push('c')}` }
  const findings = ids.flatMap(id => verdictOf(id, files).findings)
  const { edits, leftOut } = combine(findings.map(({ patch }) => patch?.edits ?? []))
  expect(leftOut).toBe(0)
  const text = applyEdits(snapshotOf(files).files, edits).get(PATH) ?? ''
  expect(ids.flatMap(id => verdictOf(id, { [PATH]: text }).findings)).toEqual([])
  expect(text.match(/^ {6}- id: .*$/gm)).toEqual(['      - id: push', '      - id: push-2'])
  expect(text.match(/steps\.[\w-]+/g)).toEqual(['steps.push', 'steps.push-2'])
})

describe('credentials-short-lived', () => {
  const secret = `$\{{ secrets.T }}`

  test('takes the token of npm away', () => {
    const before = `${HEAD}    permissions: { contents: read }\n    steps:\n      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${secret}\n      - run: make\n`
    expect(fixed('credentials-short-lived', before)).toBe(
      `${HEAD}    permissions: { contents: read, id-token: write }\n    steps:\n      - run: npm publish\n      - run: make\n`,
    )
  })

  test('takes the password of PyPI away, and leaves the rest', () => {
    const before = `${HEAD}    permissions: { contents: read }\n    steps:\n      - uses: pypa/gh-action-pypi-publish@release/v1\n        with:\n          user: __token__\n          password: ${secret} # old\n          print-hash: true\n`
    expect(fixed('credentials-short-lived', before)).toBe(
      `${HEAD}    permissions: { contents: read, id-token: write }\n    steps:\n      - uses: pypa/gh-action-pypi-publish@release/v1\n        with:\n          print-hash: true\n`,
    )
  })

  test('a cloud needs a role first', () => {
    unfixed(
      'credentials-short-lived',
      `${HEAD}    permissions: { contents: read }\n    steps:\n      - run: aws s3 sync a s3://b\n        env:\n          AWS_SECRET_ACCESS_KEY: ${secret}\n`,
    )
  })
})
