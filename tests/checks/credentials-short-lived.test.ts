import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { job, OIDC, PATH, workflow } from './publishing-workflow.ts'
import { places, verdictOf } from './verdict-of.ts'

const judge = (files: FileMap) => verdictOf('credentials-short-lived', files)
const secret = (name: string) => `$\{{ secrets.${name} }}`
const deploy = '- run: aws s3 sync dist s3://site\n'
const AWS = 'aws-actions/configure-aws-credentials@v4'

test('one job by secret and one by identity make exactly one finding', () => {
  const result = judge(
    workflow(
      job(`- uses: ${AWS}\n  with: { role-to-assume: r }\n${deploy}`, OIDC),
      job(`- uses: ${AWS}\n  with:\n    aws-secret-access-key: ${secret('KEY')}\n${deploy}`, { id: 'b' }),
    ),
  )
  expect(result).toMatchObject({ examined: 2, value: 0.5 })
  expect(places(result)).toEqual([`${PATH}:17`])
  expect(result.findings[0]?.message).toContain(
    'The job `b` gets into AWS by a secret that lasts (`aws-secret-access-key`)',
  )
})

describe('wrong', () => {
  const env = (name: string, value = secret('X')) => ({ more: `    env:\n      ${name}: ${value}\n` })
  test.each<[string, FileMap, string]>([
    ['AWS by env of the job', workflow(job(deploy, env('AWS_SECRET_ACCESS_KEY'))), 'AWS'],
    ['AWS by another name of the variable', workflow(job(deploy, env('SITE_AWS_SECRET_ACCESS_KEY'))), 'AWS'],
    [
      'AWS by an input of another action',
      workflow(job(`- uses: einaregilsson/beanstalk-deploy@v22\n  with: { aws_secret_key: "${secret('X')}" }`)),
      'AWS',
    ],
    [
      'Azure by the context of a cluster',
      workflow(job(`- uses: Azure/aks-set-context@v1\n  with: { creds: "${secret('X')}" }\n- run: kubectl apply -f a`)),
      'Azure',
    ],
    [
      'Azure by creds',
      workflow(job(`- uses: azure/login@v2\n  with: { creds: "${secret('X')}" }\n- run: az webapp deploy`)),
      'Azure',
    ],
    [
      'Azure by a publish profile',
      workflow(job(`- uses: azure/webapps-deploy@v3\n  with: { publish-profile: "${secret('X')}" }`)),
      'Azure',
    ],
    [
      'Google by JSON',
      workflow(
        job(
          `- uses: google-github-actions/auth@v3\n  with: { credentials_json: "${secret('X')}" }\n- run: gcloud run deploy a`,
        ),
      ),
      'Google Cloud',
    ],
    [
      'ECR by password',
      workflow(
        job(
          `- uses: docker/login-action@v3\n  with: { registry: 1.dkr.ecr.eu.example, password: "${secret('X')}" }\n- run: docker push 1.dkr.ecr.eu.example/a`,
        ),
      ),
      'AWS',
    ],
    ['npm by env', workflow(job(`- run: npm publish\n  env:\n    NODE_AUTH_TOKEN: ${secret('NPM')}`)), 'npm'],
    [
      'npm by a settings file',
      workflow(job(`- run: echo "//r/:_authToken=${secret('NPM')}" > .npmrc\n- run: npm publish`)),
      'npm',
    ],
    [
      'PyPI by password',
      workflow(job(`- uses: pypa/gh-action-pypi-publish@release/v1\n  with: { password: "${secret('X')}" }`)),
      'PyPI',
    ],
    ['PyPI by twine', workflow(job(`- run: twine upload dist/*\n  env:\n    TWINE_PASSWORD: ${secret('X')}`)), 'PyPI'],
    [
      'crates by env',
      workflow(job(`- run: cargo publish\n  env:\n    CARGO_REGISTRY_TOKEN: ${secret('X')}`)),
      'crates.io',
    ],
    ['crates on the line', workflow(job(`- run: cargo publish --token ${secret('X')}`)), 'crates.io'],
    [
      'crates by a variable',
      workflow(job(`- run: cargo publish --token "$T"\n  env:\n    T: ${secret('X')}`)),
      'crates.io',
    ],
    ['RubyGems', workflow(job(`- run: gem push a.gem\n  env:\n    GEM_HOST_API_KEY: ${secret('X')}`)), 'RubyGems'],
    ['NuGet', workflow(job(`- run: dotnet nuget push a.nupkg -k ${secret('X')}`)), 'NuGet'],
  ])('%s', (_, files, where) => {
    const result = judge(files)
    expect(result).toMatchObject({ outcome: 'fail', examined: 1, value: 0 })
    expect(result.findings[0]?.message).toContain(`gets into ${where} by`)
  })
})

describe('right', () => {
  test.each<[string, FileMap]>([
    ['AWS by role', workflow(job(`- uses: ${AWS}\n  with: { role-to-assume: r }\n${deploy}`, OIDC))],
    ['Azure by OIDC', workflow(job('- uses: azure/login@v2\n  with: { client-id: a }\n- run: az webapp deploy', OIDC))],
    [
      'Google by workload identity',
      workflow(
        job(
          '- uses: google-github-actions/auth@v3\n  with: { workload_identity_provider: a }\n- run: gcloud run deploy a',
          OIDC,
        ),
      ),
    ],
    ['npm as a trusted publisher', workflow(job('- run: npm publish', OIDC))],
    ['PyPI as a trusted publisher', workflow(job('- run: uv publish', OIDC))],
    [
      'crates by a token of minutes',
      workflow(
        job(
          `- uses: rust-lang/crates-io-auth-action@v1\n  id: auth\n- run: cargo publish\n  env:\n    CARGO_REGISTRY_TOKEN: $\{{ steps.auth.outputs.token }}`,
          OIDC,
        ),
      ),
    ],
    ['RubyGems by its action', workflow(job('- uses: rubygems/release-gem@v1', OIDC))],
    [
      'NuGet by its login',
      workflow(job(`- uses: NuGet/login@v1\n- run: dotnet nuget push a.nupkg -k $\{{ steps.l.outputs.K }}`, OIDC)),
    ],
    [
      'a key that ends with a session',
      workflow(
        job(
          `- uses: ${AWS}\n  with: { role-to-assume: r, aws-session-token: t, aws-access-key-id: "${secret('X')}" }\n${deploy}`,
        ),
      ),
    ],
  ])('%s', (_, files) => {
    expect(judge(files)).toMatchObject({ outcome: 'pass', examined: 1 })
  })
})

describe('not examined', () => {
  test.each<[string, FileMap]>([
    ["GitHub's own token", workflow(job(`- run: npm publish\n  env:\n    NODE_AUTH_TOKEN: ${secret('GITHUB_TOKEN')}`))],
    [
      'Docker Hub',
      workflow(job(`- uses: docker/login-action@v3\n  with: { password: "${secret('X')}" }\n- run: docker push a/b`)),
    ],
    [
      'a job that neither publishes nor deploys',
      workflow(job(`- run: make test\n  env:\n    AWS_SECRET_ACCESS_KEY: ${secret('X')}`)),
    ],
    ['Maven Central', workflow(job(`- run: mvn deploy\n  env:\n    MAVEN_PASSWORD: ${secret('X')}`))],
    [
      'a registry of GitHub',
      workflow(
        job(
          `- uses: actions/setup-node@v4\n  with: { registry-url: "https://npm.pkg.github.example" }\n- run: npm publish\n  env:\n    NODE_AUTH_TOKEN: ${secret('X')}`,
        ),
      ),
    ],
    [
      'a store that only speaks like AWS',
      workflow(
        job(
          `- run: aws s3 sync a s3://b --endpoint-url https://s.example\n  env:\n    AWS_SECRET_ACCESS_KEY: ${secret('X')}`,
        ),
      ),
    ],
  ])('%s', (_, files) => {
    expect(judge(files).outcome).toBe('not-applicable')
  })
})
