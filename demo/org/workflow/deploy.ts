import type { FileMap } from '../files.ts'
import type { Posture } from '../posture.ts'
import type { Deploys, RepositoryDescription } from '../repository.ts'
import { action, checkout, prepare, run } from './step.ts'
import { workflow } from './workflow.ts'

/** Brings the default branch to production. */
export function deployWorkflow(repository: RepositoryDescription, posture: Posture): FileMap {
  const kind = repository.deploys
  if (kind === undefined) return {}
  const part = repository.parts?.[0]
  const steps = [
    checkout(posture),
    credentials(posture),
    ...(kind !== 'kubernetes' && part ? prepare(part, posture) : []),
    ...(posture.verified ? verify(repository.name, posture) : []),
    run('Deploy', command(kind, repository.name)),
  ]
  const before = [
    ...(posture.gated ? ['environment: production'] : []),
    'permissions:',
    '  contents: read',
    ...(posture.credentials === 'oidc' ? ['  id-token: write'] : []),
  ]
  const on = ['push:', `  branches: [${repository.branch ?? 'main'}]`]
  return { '.github/workflows/deploy.yml': workflow('Deploy', on, posture, [{ id: 'deploy', before, steps }]) }
}

function credentials(posture: Posture): string {
  const how =
    posture.credentials === 'oidc'
      ? { 'role-to-assume': `\${{ vars.DEPLOY_ROLE }}` }
      : {
          'aws-access-key-id': `\${{ secrets.AWS_ACCESS_KEY_ID }}`,
          'aws-secret-access-key': `\${{ secrets.AWS_SECRET_ACCESS_KEY }}`,
        }
  return action('aws-actions/configure-aws-credentials', posture, { 'aws-region': 'eu-west-1', ...how })
}

function verify(name: string, posture: Posture): string[] {
  const identity = `--certificate-identity-regexp '^https://github.com/northwind-labs/' --certificate-oidc-issuer "$ISSUER"`
  return [
    action('sigstore/cosign-installer', posture),
    run('Verify', `cosign verify ${identity} "\${{ vars.REGISTRY }}/${name}@\${{ vars.IMAGE_DIGEST }}"`),
  ]
}

function command(kind: Deploys, name: string): string {
  if (kind === 'kubernetes') return 'kubectl apply -k deploy'
  if (kind === 'terraform') return 'terraform apply -auto-approve'
  return `npm run build && aws s3 sync dist s3://northwind-${name}`
}
