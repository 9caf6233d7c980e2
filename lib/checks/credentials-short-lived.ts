import { defineCheck, type Finding, workflowOnMain } from '../check.ts'
import { commandsOf, type Unit } from '../snapshot/commands.ts'
import { deployStepsOf } from '../snapshot/deploy/deploy.ts'
import { evidenceOf } from '../snapshot/lines.ts'
import { type Credential, credentialsOf, type Provider } from '../snapshot/publish/credentials.ts'
import { oidcFix } from '../snapshot/publish/oidc-fix.ts'
import { publishStepsOf } from '../snapshot/publish/publish.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

export const credentialsShortLived = defineCheck({
  id: 'credentials-short-lived',
  item: 'build-pipeline',
  title: 'Deploying and publishing needs no secret that lasts',
  severity: 'high',
  version: 3,
  rationale:
    'A cloud key or registry token in the secrets works from anywhere until somebody revokes it; every action and every dependency of the job can send it away. An identity of the run (OIDC) is good for minutes, and only for this repository and workflow.',
  remediation:
    'Give the job `id-token: write`, let the cloud or registry trust this repository and workflow (a role, workload identity, trusted publisher), then delete the secret.',
  mapsTo: { scorecard: [], zizmor: ['use-trusted-publishing'], osps: [], slsa: [], cis: [] },
  references: [{ id: 'openid-connect', url: 'https://docs.github.com/en/actions/concepts/security/openid-connect' }],
  reads: ['tree', 'workflows'],

  run(repo) {
    const { unread } = commandsOf(repo)
    const judged = unitsOf(repo).flatMap(unit => judge(credentialsOf(repo, unit)))
    return { examined: judged.length, findings: judged.flat(), unread: [...unread] }
  },

  example: {
    failing: { '.github/workflows/deploy.yml': workflow(`aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}`) },
    fixed: { '.github/workflows/deploy.yml': workflow('role-to-assume: arn:aws:iam::123456789012:role/deploy') },
  },
})

/** The jobs that publish or deploy, each once. */
function unitsOf(repo: Snapshot): Unit[] {
  const steps = [...publishStepsOf(repo).filter(({ to }) => to !== 'other'), ...deployStepsOf(repo)]
  return [...new Set(steps.map(({ unit }) => unit))]
}

/** One place for each provider that the job gets into: its findings, none where only the run's identity is shown. */
function judge(credentials: readonly Credential[]): Finding[][] {
  return [...Map.groupBy(credentials, ({ provider }) => provider)].map(([provider, shown]) => {
    const lasting = shown.find(({ lasts }) => lasts)
    if (!lasting) return []
    const { name, place, unit } = lasting
    const message = `The job \`${unit.name}\` gets into ${WHERE[provider]} by a secret that lasts (\`${name}\`). ${INSTEAD[provider]}`
    const patch = oidcFix(lasting)
    return [{ message, evidence: evidenceOf(place), ...(patch ? { patch } : {}) }]
  })
}

const WHERE: Readonly<Record<Provider, string>> = {
  aws: 'AWS',
  azure: 'Azure',
  google: 'Google Cloud',
  npm: 'npm',
  pypi: 'PyPI',
  crates: 'crates.io',
  rubygems: 'RubyGems',
  nuget: 'NuGet',
}

const TRUSTED = 'Make this workflow its trusted publisher, give the job `id-token: write`'
const INSTEAD: Readonly<Record<Provider, string>> = {
  aws: 'Let it assume a role by OIDC: `role-to-assume` of `aws-actions/configure-aws-credentials`, with `id-token: write`.',
  azure:
    'Let it log in by OIDC: `client-id`, `tenant-id` and `subscription-id` of `azure/login`, with `id-token: write`.',
  google:
    'Use workload identity: `workload_identity_provider` of `google-github-actions/auth`, with `id-token: write`.',
  npm: `${TRUSTED} and take the token away; npm 11.5 and later need none.`,
  pypi: `${TRUSTED} and take the password away; \`pypa/gh-action-pypi-publish\` and \`uv publish\` need none.`,
  crates: `${TRUSTED} and take the token from \`rust-lang/crates-io-auth-action\`.`,
  rubygems: `${TRUSTED} and publish by \`rubygems/release-gem\`.`,
  nuget: `${TRUSTED} and take the key from \`NuGet/login\`.`,
}

function workflow(credential: string): string {
  return workflowOnMain(
    'Deploy',
    `  site:
    runs-on: ubuntu-24.04
    environment: production
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: aws-actions/configure-aws-credentials@7474bc4690e29a8392af63c5b98e7449536d5c3a # v4.3.1
        with:
          aws-region: eu-west-1
          ${credential}
      - run: aws s3 sync dist s3://site
`,
  )
}
