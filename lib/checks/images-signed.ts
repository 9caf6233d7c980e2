import { defineCheck, type Finding, workflowOnMain } from '../check.ts'
import { isCommand } from '../snapshot/commands.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import { attestFix, PINNED } from '../snapshot/publish/attest-fix.ts'
import { type PublishStep, publishStepsOf, verdictsByPlace } from '../snapshot/publish/publish.ts'
import { signaturesFor, signedState } from '../snapshot/publish/signed.ts'
import type { Signature } from '../snapshot/publish/signing.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { workflowsOf } from '../snapshot/workflow.ts'
import { inputEdit } from '../snapshot/workflow-edits.ts'

export const imagesSigned = defineCheck({
  id: 'images-signed',
  item: 'container-images',
  title: 'Images are signed by digest where they are pushed',
  severity: 'medium',
  version: 3,
  rationale:
    'A tag in a registry can be moved to another image by whoever holds a token for it. Only a signature over the digest, kept beside the image, lets a cluster refuse what your workflow did not build.',
  remediation:
    'Behind the push run `cosign sign --yes <image>@<digest>` with `id-token: write`, or attest with `push-to-registry: true`.',
  mapsTo: {
    scorecard: ['Signed-Releases'],
    zizmor: [],
    osps: ['OSPS-BR-06.01'],
    slsa: ['build-l2'],
    cis: ['4.1.1', 'docker-4.5'],
  },
  references: [{ id: 'cosign', url: 'https://docs.sigstore.dev/cosign/signing/signing_with_containers/' }],
  reads: ['tree', 'workflows'],

  run(repo) {
    const steps = publishStepsOf(repo).filter(({ to }) => to === 'container')
    const judged = verdictsByPlace(steps, step => judge(repo, step))
    return { examined: judged.length, findings: judged.flat(), unread: workflowsOf(repo).unread }
  },

  example: {
    failing: { '.github/workflows/image.yml': workflow('') },
    fixed: {
      '.github/workflows/image.yml':
        workflow(`      - uses: actions/attest-build-provenance@${PINNED.commit} # ${PINNED.version}
        with:
          subject-name: registry.example/acme/app
          subject-digest: \${{ steps.push.outputs.digest }}
          push-to-registry: true
`),
    },
  },
})

/** Null where nothing can be told. */
function judge(repo: Snapshot, step: PublishStep): Finding[] | null {
  const signatures = signaturesFor(repo, step)
  if (signatures.some(signature => signature.pushed && !isByTag(signature))) return []
  const evidence = evidenceOf(step.call.place)
  const { by } = step
  const byTag = signatures.find(isByTag)
  if (byTag) {
    const message = `\`${byTag.by}\` signs whatever the tag points to by then, which need not be what \`${by}\` pushed. Sign the digest: \`<image>@sha256:…\`, from the output of the push.`
    return [{ message, evidence }]
  }
  const apart = signatures.find(({ pushed }) => !pushed)
  if (apart) {
    const message = `\`${apart.by}\` attests the image that \`${by}\` pushes, but leaves the attestation out of the registry, where a cluster looks for it. Add \`push-to-registry: true\`.`
    const edits = apart.call && inputEdit(apart.call, 'push-to-registry', 'true')
    const patch = edits && { title: 'Push the attestation to the registry', safety: 'review' as const, edits }
    return [{ message, evidence, ...(patch ? { patch } : {}) }]
  }
  if (signedState(repo, step).state === 'unclear') return null
  const message = `\`${by}\` pushes an image that nothing in its workflow signs. ${by.includes('goreleaser') ? 'Add `docker_signs:` to the settings of GoReleaser.' : 'Run `cosign sign --yes <image>@<digest>` behind it, with `id-token: write`.'}`
  const patch = attestFix(repo, step)
  return [{ message, evidence, ...(patch ? { patch } : {}) }]
}

/** True where every image that a `cosign sign` names is told by a tag; a variable may hold a digest. */
function isByTag({ call }: Signature): boolean {
  if (call === null || !isCommand(call)) return false
  // A path and what an option sets are no image.
  const names = call.argv.slice(2).filter(word => word.includes('/') && !/^[-./~]|:\/\/|^[\w.-]+=/.test(word))
  return names.length > 0 && names.every(name => /:[^/@]+$/.test(name) && !/digest|sha256/i.test(name))
}

function workflow(sign: string): string {
  return workflowOnMain(
    'Image',
    `  image:
    runs-on: ubuntu-24.04
    environment: registry
    permissions:
      contents: read
      id-token: write
      attestations: write
    steps:
      - id: push
        uses: docker/build-push-action@263435318d21b8e681c14492fe198d362a7d2c83 # v6.18.0
        with:
          push: true
          provenance: mode=max
          tags: registry.example/acme/app:latest
${sign}`,
  )
}
