import { defineCheck, type Finding, workflowOnMain } from '../check.ts'
import { isCommand } from '../snapshot/commands.ts'
import { type DeployStep, deployStepsOf } from '../snapshot/deploy/deploy.ts'
import { isByDigest, takenFrom, verificationsBefore } from '../snapshot/deploy/verified.ts'
import { shown } from '../snapshot/install/verdict.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { workflowsOf } from '../snapshot/workflow.ts'

export const artifactsVerified = defineCheck({
  id: 'artifacts-verified',
  item: 'build-pipeline',
  title: 'What is deployed was verified first',
  severity: 'medium',
  version: 3,
  rationale:
    'Between the push of an image and its deployment lies a registry that others can write to. A signature that nobody verifies protects nothing: the step that deploys has to refuse what your build did not sign.',
  remediation:
    'Before the deployment run `cosign verify --certificate-identity … --certificate-oidc-issuer …` or `gh attestation verify`, in the same job or in one that it needs; or deploy by the digest that the build put out.',
  mapsTo: { scorecard: [], zizmor: [], osps: [], slsa: ['verifying-artifacts'], cis: ['4.3.2', 'docker-4.12'] },
  references: [{ id: 'cosign-verify', url: 'https://docs.sigstore.dev/cosign/verifying/verify/' }],
  reads: ['tree', 'workflows'],

  run(repo) {
    const judged = deployStepsOf(repo).flatMap(step => judge(repo, step))
    return { examined: judged.length, findings: judged.flat(), unread: workflowsOf(repo).unread }
  },

  example: {
    failing: { '.github/workflows/deploy.yml': workflow('') },
    fixed: {
      '.github/workflows/deploy.yml': workflow(
        '      - run: cosign verify --certificate-identity "$SIGNER" --certificate-oidc-issuer "$ISSUER" registry.example/acme/app:v1\n',
      ),
    },
  },
})

/** Empty where the job deploys what it has built itself, else one verdict: its findings. */
function judge(repo: Snapshot, step: DeployStep): Finding[][] {
  const from = takenFrom(repo, step)
  if (from === null) return []
  const verifications = verificationsBefore(repo, step)
  if (isByDigest(repo, step) || verifications.some(({ wrong }) => wrong === null)) return [[]]
  const [futile] = verifications
  if (futile) {
    const { call, wrong } = futile
    const what = isCommand(call) ? shown(call) : call.name
    const message = `\`${what}\` ${wrong}, so that \`${step.by}\` deploys whatever lies there. Name the signer: \`--certificate-identity\` with \`--certificate-oidc-issuer\`, or \`--key\`.`
    return [[{ message, evidence: evidenceOf(call.place) }]]
  }
  const message = `What \`${step.by}\` deploys ${from}, and nothing verifies it first. Run \`cosign verify\` with the identity of the build (or \`gh attestation verify\`) before it, or deploy by digest.`
  return [[{ message, evidence: evidenceOf(step.place) }]]
}

function workflow(verify: string): string {
  return workflowOnMain(
    'Deploy',
    `  app:
    runs-on: ubuntu-24.04
    environment: production
    steps:
${verify}      - run: kubectl set image deployment/app app=registry.example/acme/app:v1
`,
  )
}
