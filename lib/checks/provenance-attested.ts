import { defineCheck, type Finding, workflowOnMain } from '../check.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import { attestFix, type Fix, fullProvenanceFix } from '../snapshot/publish/attest-fix.ts'
import { DESTINATIONS, type Destination } from '../snapshot/publish/destination.ts'
import { buildProvenance, untoldArguments } from '../snapshot/publish/image-provenance.ts'
import { type PublishStep, publishStepsOf, verdictsByPlace } from '../snapshot/publish/publish.ts'
import { mayWrite } from '../snapshot/publish/same-run.ts'
import { attestsItself, signaturesFor } from '../snapshot/publish/signed.ts'
import type { Signature } from '../snapshot/publish/signing.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { workflowsOf } from '../snapshot/workflow.ts'

export const provenanceAttested = defineCheck({
  id: 'provenance-attested',
  item: 'build-pipeline',
  title: 'What is published says how it was built',
  severity: 'medium',
  version: 3,
  rationale:
    'Provenance names the source commit, the workflow and the runner that made an artifact, signed by the build platform. With it a package that was built on a stolen laptop, or from other source, is told from yours.',
  remediation:
    'Add `actions/attest-build-provenance` to the job that builds, with `id-token: write` and `attestations: write`; publish to npm with `--provenance`; build images with `provenance: mode=max`.',
  mapsTo: { scorecard: ['Signed-Releases'], zizmor: [], osps: ['OSPS-BR-06.01'], slsa: ['build-l2'], cis: ['4.4.1'] },
  references: [
    { id: 'artifact-attestations', url: 'https://docs.github.com/en/actions/concepts/security/artifact-attestations' },
  ],
  reads: ['tree', 'workflows'],

  run(repo) {
    const steps = publishStepsOf(repo).filter(({ to }) => to !== 'other')
    const judged = verdictsByPlace(steps, step => judge(repo, step))
    return { examined: judged.length, findings: judged.flat(), unread: workflowsOf(repo).unread }
  },

  example: {
    failing: { '.github/workflows/release.yml': workflow('') },
    fixed: { '.github/workflows/release.yml': workflow('          provenance: mode=max\n') },
  },
})

/** Null where nothing can be told. */
function judge(repo: Snapshot, step: PublishStep): Finding[] | null {
  const { to, by, call } = step
  if (attestsItself(repo, step) !== null) return []
  const evidence = evidenceOf(call.place)
  const attesting = signaturesFor(repo, step).filter(({ says }) => says === 'provenance')
  const [first] = attesting
  const missing = attesting.map(signature => permissionsMissing(repo, signature))
  if (missing.some(names => names.length === 0)) return []
  if (first) {
    const names = (missing[0] ?? []).map(name => `\`${name}: write\``).join(' and ')
    const message = `\`${first.by}\` cannot attest what \`${by}\` publishes: its job lacks ${names}. Add that to the permissions of the job \`${first.unit.name}\`.`
    return [{ message, evidence }]
  }
  if (to !== 'container') {
    const message = `\`${by}\` publishes ${DESTINATIONS[to]} without provenance. ${adviceFor(to)}`
    return [{ message, evidence, ...patched(attestFix(repo, step)) }]
  }
  const built = buildProvenance(repo, step)
  if (built === 'full') return []
  if (untoldArguments(call) !== null) return null
  if (built === 'default') {
    const message = `\`${by}\` leaves provenance to the default, which is in full only while the repository is public. Write \`provenance: mode=max\`.`
    return [{ message, evidence, weight: 0.5, ...patched(fullProvenanceFix(step)) }]
  }
  const what = built === 'least' ? 'the least provenance, without materials and build steps' : 'no provenance'
  const fix = /docker/.test(by) ? 'Build it with `provenance: mode=max` (`--provenance=mode=max`), or attest' : 'Attest'
  const message = `\`${by}\` publishes an image with ${what}. ${fix} its digest with \`actions/attest-build-provenance\`.`
  return [{ message, evidence, ...patched(fullProvenanceFix(step) ?? attestFix(repo, step)) }]
}

function patched(patch: Fix | null): Pick<Finding, 'patch'> {
  return patch ? { patch } : {}
}

function adviceFor(to: Destination): string {
  if (to === 'npm') return 'Publish with `--provenance` and `id-token: write`.'
  if (to === 'pypi')
    return 'Publish as a trusted publisher by `pypa/gh-action-pypi-publish`, which then attests by itself, or add `actions/attest-build-provenance` for the files before it.'
  const subject = to === 'oci' ? 'for its digest behind it' : 'for the files before it'
  return `Add \`actions/attest-build-provenance\` ${subject}, with \`id-token: write\` and \`attestations: write\`.`
}

/** GitHub's attestations need both; the generators of SLSA run in the calling job's name and need the first. */
function permissionsMissing(repo: Snapshot, { call, by, unit }: Signature): string[] {
  const needed = call === null ? ['id-token'] : by.startsWith('actions/attest') ? ['id-token', 'attestations'] : []
  return needed.filter(scope => !mayWrite(repo, unit, scope))
}

function workflow(provenance: string): string {
  return workflowOnMain(
    'Image',
    `  image:
    runs-on: ubuntu-24.04
    environment: registry
    steps:
      - uses: docker/build-push-action@263435318d21b8e681c14492fe198d362a7d2c83 # v6.18.0
        with:
          push: true
          tags: registry.example/acme/app:latest
${provenance}`,
  )
}
