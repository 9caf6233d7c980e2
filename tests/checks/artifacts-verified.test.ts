import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { job, PATH, workflow } from './publishing-workflow.ts'
import { places, verdictOf } from './verdict-of.ts'

const judge = (files: FileMap) => verdictOf('artifacts-verified', files)
const deploy = '- run: kubectl set image deployment/a a=r.example/a:v1\n'
const verify = '- run: cosign verify --certificate-identity i --certificate-oidc-issuer o r.example/a:v1\n'

test('one verified and one unverified deployment make exactly one finding', () => {
  const result = judge(workflow(job(verify + deploy), job(deploy, { id: 'b' })))
  expect(result).toMatchObject({ examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${PATH}:14`])
})

describe('right', () => {
  test.each<[string, FileMap]>([
    ['cosign with a key', workflow(job(`- run: cosign verify --key k.pub r.example/a:v1\n${deploy}`))],
    ['an attestation', workflow(job(`- run: gh attestation verify oci://r.example/a:v1 --owner acme\n${deploy}`))],
    ...[
      'https://github.com/acme/.*',
      '^https://github\\.com/acme/[^/]+/\\.github/workflows/.*$',
      'github.com/acme/app',
      '$SIGNERS',
      '.*@acme\\.example',
    ].map((regexp): [string, FileMap] => [
      `cosign with an owner: ${regexp}`,
      workflow(
        job(
          `- run: cosign verify --certificate-identity-regexp "${regexp}" --certificate-oidc-issuer o r.example/a:v1\n${deploy}`,
        ),
      ),
    ]),
    ['SLSA', workflow(job(`- run: slsa-verifier verify-image r.example/a:v1 --source-uri s\n${deploy}`))],
    ['notation', workflow(job(`- uses: notaryproject/notation-action/verify@v1\n${deploy}`))],
    ['helm', workflow(job('- run: helm upgrade a r/a --verify'))],
    ['in a job that it needs', workflow(job(verify), job(deploy, { id: 'b', more: '    needs: a\n' }))],
    [
      'in a job that it needs through another',
      workflow(
        job(verify),
        job('- run: make', { id: 'b', more: '    needs: [a]\n' }),
        job(deploy, { id: 'c', more: '    needs: b\n' }),
      ),
    ],
    ['by digest', workflow(job('- run: kubectl set image deployment/a a=r.example/a@sha256:0'))],
    [
      'by the digest of the build',
      workflow(job(`- run: kubectl set image deployment/a "a=r.example/a@$\{{ needs.b.outputs.digest }}"`)),
    ],
    [
      'by an output that holds the digest of the build',
      workflow(
        job('- run: make', {
          id: 'b',
          more: `    outputs:\n      image: r.example/a@$\{{ steps.push.outputs.digest }}\n`,
        }),
        job(`- run: kubectl set image deployment/a "a=$\{{ needs.b.outputs.image }}"`, { more: '    needs: b\n' }),
      ),
    ],
  ])('%s', (_, files) => {
    expect(judge(files)).toMatchObject({ outcome: 'pass', examined: 1 })
  })
})

describe('wrong', () => {
  test.each<[string, FileMap, string]>([
    ['nothing', workflow(job(deploy)), 'nothing verifies it first'],
    [
      'by an output that holds a tag',
      workflow(
        job('- run: make', {
          id: 'b',
          more: `    outputs:\n      image: r.example/a:$\{{ steps.meta.outputs.version }}\n`,
        }),
        job(`- run: kubectl set image deployment/a "a=$\{{ needs.b.outputs.image }}"`, { more: '    needs: b\n' }),
      ),
      'nothing verifies it first',
    ],
    ['behind the deployment', workflow(job(deploy + verify)), 'nothing verifies it first'],
    ['in a job that it does not need', workflow(job(verify), job(deploy, { id: 'b' })), 'nothing verifies it first'],
    [
      'cosign without a name',
      workflow(job(`- run: cosign verify r.example/a:v1\n${deploy}`)),
      'names no identity and no key',
    ],
    [
      'cosign that takes anybody',
      workflow(
        job(
          `- run: cosign verify --certificate-identity-regexp '.*' --certificate-oidc-issuer o r.example/a:v1\n${deploy}`,
        ),
      ),
      'takes the signature of anybody',
    ],
    ...[
      '.*github.com/.*/.*/.github/workflows/.*',
      'https://github.com/.+',
      '^https://github\\.com/[^/]+/[^/]+/\\.github/workflows/release\\.ya?ml@refs/tags/.*$',
      'https://.*',
    ].map((regexp): [string, FileMap, string] => [
      `cosign that takes anybody who has a workflow: ${regexp}`,
      workflow(
        job(
          `- run: cosign verify --certificate-identity-regexp='${regexp}' --certificate-oidc-issuer o r.example/a:v1\n${deploy}`,
        ),
      ),
      'takes the signature of anybody',
    ]),
    [
      'a verification that cannot fail',
      workflow(job(`- run: gh attestation verify a --owner b || true\n${deploy}`)),
      'cannot stop the deployment',
    ],
    [
      'an image on ECS',
      workflow(job('- uses: aws-actions/amazon-ecs-deploy-task-definition@v2')),
      'comes from a registry',
    ],
    [
      'files of a release',
      workflow(job('- run: gh release download v1\n- run: npx wrangler deploy')),
      'was fetched from another run or release',
    ],
    [
      'files of another run',
      workflow(
        job('- uses: actions/download-artifact@v4\n  with: { run-id: 1 }\n- run: rsync -a dist/ u@s.example:/srv'),
      ),
      'was fetched from another run or release',
    ],
  ])('%s', (_, files, words) => {
    const result = judge(files)
    expect(result).toMatchObject({ outcome: 'fail', examined: 1, value: 0 })
    expect(result.findings[0]?.message).toContain(words)
  })
})

test('of what is done on a server only what starts images takes them from a registry', () => {
  const ssh = (script: string) => `- uses: appleboy/ssh-action@v1\n  with:\n    script: |\n      ${script}\n`
  const settings = ssh('cd a\n      echo "POSTGRES_IMAGE=postgres:17" >> .env')
  const build = ssh('# docker compose up\n      docker build -t image .\n      ./restart')
  const result = judge(workflow(job(settings + build + ssh('docker compose pull\n      docker compose up -d'))))
  expect(result).toMatchObject({ outcome: 'fail', examined: 1 })
  expect(places(result)).toEqual([`${PATH}:18`])
})

test.each([
  ['what the job builds', '- run: npm run build\n- run: npx wrangler deploy'],
  ['files of the same run', '- uses: actions/download-artifact@v4\n- run: npx wrangler deploy'],
  ['infrastructure', '- run: terraform apply -auto-approve'],
  ['pages', '- uses: actions/deploy-pages@v4'],
  ['a cluster for tests', '- uses: helm/kind-action@v1\n- run: kubectl apply -f k8s'],
])('not examined: %s', (_, steps) => {
  expect(judge(workflow(job(steps))).outcome).toBe('not-applicable')
})
