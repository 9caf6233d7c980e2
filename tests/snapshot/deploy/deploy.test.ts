/** What counts as a deployment, and what only looks like one. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { deployStepsOf, environmentOf } from '#lib/snapshot/deploy/deploy.ts'
import { snapshotOf } from '../../snapshot-of.ts'

function workflow(steps: string, job = '', id = 'ship', on = 'push'): FileMap {
  const list = steps.replace(/^/gm, '      ')
  return { '.github/workflows/x.yml': `on: ${on}\njobs:\n  ${id}:\n${job}    steps:\n${list}\n` }
}

const targets = (files: FileMap) => deployStepsOf(snapshotOf(files)).map(({ to }) => to)

describe('commands', () => {
  test.each([
    ['kubectl -n prod apply -f k8s/', 'kubernetes'],
    ['kubectl set image deployment/a a=b', 'kubernetes'],
    ['helm upgrade --install a ./chart', 'kubernetes'],
    ['argocd app sync a', 'kubernetes'],
    ['terraform -chdir=infra apply -auto-approve', 'infrastructure'],
    ['pulumi up --yes', 'infrastructure'],
    ['aws s3 sync dist s3://site', 'aws'],
    ['aws --region eu-west-1 ecs update-service --service a', 'aws'],
    ['npx cdk deploy', 'aws'],
    ['gcloud run deploy a --image b', 'google'],
    ['firebase deploy', 'google'],
    ['az webapp deploy -n a', 'azure'],
    ['npx serverless deploy', 'platform'],
    ['vercel --prod', 'platform'],
    ['netlify deploy --prod', 'platform'],
    ['flyctl deploy --remote-only', 'platform'],
    ['heroku container:release web', 'platform'],
    ['npx wrangler deploy', 'platform'],
    ['ansible-playbook -i hosts site.yml', 'host'],
    ['rsync -az dist/ deploy@srv.example:/srv/www', 'host'],
    ['ssh deploy@srv.example "systemctl restart a"', 'host'],
    ['ssh -p 22 u@srv.example "cd /srv; rm -rf old; tar -xf new.tgz"', 'host'],
    ['mkdocs gh-deploy --force', 'pages'],
  ])('%s', (command, to) => {
    expect(targets(workflow(`- run: ${command}`))).toEqual([to])
  })

  test.each([
    'kubectl apply --dry-run=server -f k8s/',
    'kubectl get pods',
    'helm template a ./chart',
    'helm upgrade --dry-run a ./chart',
    'terraform plan',
    'pulumi preview',
    'aws s3 sync s3://cache .',
    'gcloud auth login',
    'vercel pull',
    'ansible-playbook --syntax-check site.yml',
    'ansible-playbook -i localhost, site.yml',
    'rsync -a a/ b/',
    'ssh -T git@code.example',
    'ssh -p 9922 -i key u@srv.example "df --output=pcent /srv | tail -n1"',
    'ssh u@srv.example rm -rf /srv/pull/7',
    'ssh u@srv.example "if docker ps | grep web; then docker system prune -af; fi"',
    'git push origin main',
    'mkdocs build',
  ])('no deployment: %s', command => {
    expect(targets(workflow(`- run: ${command}`))).toEqual([])
  })
})

describe('actions', () => {
  test.each([
    ['aws-actions/amazon-ecs-deploy-task-definition', 'service: a', 'aws'],
    ['google-github-actions/deploy-cloudrun', 'image: a', 'google'],
    ['azure/webapps-deploy', 'images: a', 'azure'],
    ['Azure/k8s-deploy', 'manifests: a', 'kubernetes'],
    ['pulumi/actions', 'command: up', 'infrastructure'],
    ['cloudflare/wrangler-action', 'apiToken: a', 'platform'],
    ['appleboy/ssh-action', 'script: ./deploy', 'host'],
    ['appleboy/ssh-action', 'script: "cd a && git pull"', 'host'],
    ['actions/deploy-pages', 'token: a', 'pages'],
  ])('%s', (action, inputs, to) => {
    expect(targets(workflow(`- uses: ${action}@v1\n  with: { ${inputs} }`))).toEqual([to])
  })

  test.each([
    ['pulumi/actions', 'command: preview'],
    ['cloudflare/wrangler-action', 'command: whoami'],
    ['actions/upload-pages-artifact', 'path: a'],
    ['appleboy/ssh-action', 'script: "rm -rf /srv/pull/7 || true"'],
    ['appleboy/ssh-action', 'script: "cd a\\n# docker compose up\\ndocker system prune -af"'],
    ['aws-actions/configure-aws-credentials', 'role-to-assume: a'],
  ])('no deployment: %s', (action, inputs) => {
    expect(targets(workflow(`- uses: ${action}@v1\n  with: { ${inputs} }`))).toEqual([])
  })
})

test('a cluster that the job starts, and a test, are no service', () => {
  const apply = '- run: kubectl apply -f k8s/'
  expect(targets(workflow(`- uses: helm/kind-action@v1\n${apply}`))).toEqual([])
  expect(targets(workflow(`- run: k3d cluster create\n${apply}`))).toEqual([])
  expect(targets(workflow(apply, '', 'e2e-tests'))).toEqual([])
  expect(targets(workflow(apply, '', 'ship', 'pull_request'))).toEqual([])
  expect(targets(workflow(apply))).toEqual(['kubernetes'])
})

test('a backup puts nothing into service', () => {
  const sync = '- run: aws s3 sync . s3://acme'
  expect(targets(workflow(sync, '', 's3-backup'))).toEqual([])
  expect(targets(workflow(`${sync}-backups`))).toEqual([])
  expect(targets(workflow(sync))).toEqual(['aws'])
})

test('a job deploys where its environment says so and it does not publish', () => {
  expect(targets(workflow('- run: ./deploy', '    environment: production\n'))).toEqual(['environment'])
  expect(targets(workflow('- run: ./deploy', '    environment: { name: production, url: x }\n'))).toEqual([
    'environment',
  ])
  expect(targets(workflow('- run: npm publish', '    environment: npm\n'))).toEqual([])
  expect(targets(workflow('- run: ./deploy'))).toEqual([])
})

test('the environment of a job is known by name, or as an expression', () => {
  const names = ['production', '{ name: production }', `"$\{{ inputs.env }}"`, '""'].map(written => {
    const [step] = deployStepsOf(snapshotOf(workflow('- run: vercel', `    environment: ${written}\n`)))
    return step && environmentOf(step.unit)?.name
  })
  expect(names).toEqual(['production', 'production', null, undefined])
})
