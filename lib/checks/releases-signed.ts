import { defineCheck, type Evidence, type Finding, type Verdict } from '../check.ts'
import { evidenceOf, evidenceOfFile } from '../snapshot/lines.ts'
import { attestFix } from '../snapshot/publish/attest-fix.ts'
import { DESTINATIONS, type Destination } from '../snapshot/publish/destination.ts'
import { type PublishStep, publishStepsOf, verdictsByPlace } from '../snapshot/publish/publish.ts'
import { signedState } from '../snapshot/publish/signed.ts'
import { judgedReleases, releaseState } from '../snapshot/publish/signed-release.ts'
import type { Release, Snapshot, Unread } from '../snapshot/snapshot.ts'
import { workflowsOf } from '../snapshot/workflow.ts'

export const releasesSigned = defineCheck({
  id: 'releases-signed',
  item: 'sign-releases',
  title: 'What is released is signed',
  severity: 'high',
  version: 3,
  rationale:
    'Whoever gets hold of a registry token or of the release page can swap what you released. A signature or an attestation by the workflow lets everyone who takes it see that it is yours and how it was built.',
  remediation:
    'Attest what the workflow makes with `actions/attest-build-provenance`, let npm and PyPI attest by trusted publishing, sign images with cosign by digest, or switch on immutable releases.',
  mapsTo: {
    scorecard: ['Signed-Releases'],
    zizmor: [],
    osps: ['OSPS-BR-06.01'],
    slsa: ['build-l2'],
    cis: ['2.4.1', '4.1.1'],
  },
  references: [],
  reads: ['tree', 'workflows', 'releases'],
  facts: { attestations: 'decides' },

  run(repo) {
    const releases = judgeReleases(repo)
    const newest = judgedReleases(repo.releases)[0]
    // A release page that GitHub or the newest release's files vouch for was signed by this very step.
    const isSigned = newest !== undefined && releaseState(newest).state === 'signed'
    const steps = publishStepsOf(repo).filter(({ to }) => to !== 'other')
    const judged = verdictsByPlace(steps, step => judgeStep(repo, step, isSigned))
    const examined = releases.examined + judged.length
    const { unread: broken } = workflowsOf(repo)
    return {
      examined,
      outOf: (releases.outOf ?? 0) + judged.length,
      findings: [...releases.findings, ...judged.flat()],
      unread: [...broken, ...(releases.unread ?? [])],
    }
  },

  example: {
    failing: { '.github/workflows/release.yml': workflow('npm publish') },
    fixed: { '.github/workflows/release.yml': workflow('npm publish --provenance') },
  },
})

/** The newest release weighs as much as the others together, so that a repository that starts to sign sees it. */
function judgeReleases(repo: Snapshot): Verdict {
  const judged = judgedReleases(repo.releases)
  const [first, ...others] = judged.map(release => ({ release, ...releaseState(release) }))
  const states = first ? [first, ...others] : []
  const older = others.filter(({ state }) => state !== 'unknown')
  const unsigned = older.filter(({ state }) => state === 'unsigned')
  const findings: Finding[] = []
  const weight = !first || first.state === 'unknown' ? 0 : Math.max(1, older.length)
  if (first?.state === 'unsigned') {
    const files = first.files.slice(0, 3).map(name => `\`${name}\``)
    const which = files.length > 0 ? ` (${files.join(', ')}${first.files.length > 3 ? ' …' : ''})` : ''
    const message = `The newest release, ${first.release.tag}, has neither signatures nor attestations for its files${which}. Attest them in the workflow that makes them, or switch on immutable releases in the repository's settings.`
    findings.push({ message, evidence: nearest(repo), weight })
  }
  if (unsigned.length > 0) {
    const tags = unsigned.map(({ release }) => release.tag).join(', ')
    const message = `${unsigned.length === 1 ? 'An older release is' : `${unsigned.length} older releases are`} unsigned: ${tags}. They leave the count as newer ones are published; sign those.`
    findings.push({ message, evidence: nearest(repo), weight: unsigned.length })
  }
  const unread = states.filter(({ state }) => state === 'unknown').map(({ release }) => notAsked(repo, release))
  return { examined: older.length + Math.sign(weight), outOf: weight + older.length, findings, unread }
}

function notAsked({ unread }: Snapshot, { tag }: Release): Unread {
  const why = unread.find(({ part }) => part === 'attestations')?.reason
  const reason = `Whether the files of ${tag} are attested could not be asked.${why ? ` ${why}` : ''}`
  return { part: 'attestations', path: null, reason }
}

/** The workflow that makes release files, else any file: a release stands in none. */
function nearest(repo: Snapshot): Evidence {
  const step = publishStepsOf(repo).find(({ to }) => to === 'github-release')
  if (step) return evidenceOf(step.call.place)
  const file = repo.files.get('README.md') ?? [...repo.files.values()][0]
  return file ? evidenceOfFile(file) : { path: repo.tree[0]?.path ?? '', startLine: 1, endLine: 1, excerpt: '' }
}

/** Null where nothing can be told. */
function judgeStep(repo: Snapshot, step: PublishStep, isSigned: boolean): Finding[] | null {
  const { to, by, call } = step
  if (to === 'github-release' && isSigned) return []
  const { state } = signedState(repo, step)
  if (state !== 'unsigned') return state === 'signed' ? [] : null
  const message = `\`${by}\` publishes ${DESTINATIONS[to]}, and nothing in its workflow signs or attests that. ${adviceFor(to, by)}`
  const patch = attestFix(repo, step)
  return [{ message, evidence: evidenceOf(call.place), ...(patch ? { patch } : {}) }]
}

const ATTEST = 'add `actions/attest-build-provenance` with the files as `subject-path` before it'
const ADVICE: Readonly<Record<Destination, string>> = {
  npm: 'Give the job `id-token: write` and publish with `--provenance`, or make the workflow the trusted publisher of the package.',
  pypi: `Upload by \`pypa/gh-action-pypi-publish\` as a trusted publisher, which attests from v1.11 on; or run \`astral-sh/attest-action\` before \`uv publish\`, or ${ATTEST}.`,
  crates: `The registry signs nothing for you: ${ATTEST} (\`target/package/*.crate\`).`,
  rubygems: `Publish by \`rubygems/release-gem\`, which attests, or ${ATTEST}.`,
  nuget: `Sign the packages with \`dotnet nuget sign\`, or ${ATTEST}.`,
  maven: 'Sign with the `maven-gpg-plugin`, or in Gradle with the `signing` plugin.',
  container:
    'Sign the image by its digest: `cosign sign --yes <image>@<digest>` behind the push, with `id-token: write`.',
  oci: 'Sign it by its digest: `cosign sign --yes <registry>/<name>@<digest>` behind the push, with `id-token: write`.',
  'github-release': `To sign the files, ${ATTEST}, or switch on immutable releases in the repository's settings.`,
  jsr: 'Give the job `id-token: write`, so that JSR can attest where the package comes from.',
  other: `To sign it, ${ATTEST}.`,
}

function adviceFor(to: Destination, by: string): string {
  if (!by.includes('goreleaser')) return ADVICE[to]
  const key = to === 'container' ? 'docker_signs' : 'signs'
  return `Add \`${key}:\` to the settings of GoReleaser, or attest \`dist/checksums.txt\` behind it.`
}

function workflow(publish: string): string {
  return `name: Release
on:
  release:
    types: [published]
permissions:
  contents: read
jobs:
  npm:
    runs-on: ubuntu-24.04
    environment: npm
    permissions:
      contents: read
      id-token: write
    steps:
      - run: npm ci
      - run: ${publish}
        env:
          NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}
`
}
