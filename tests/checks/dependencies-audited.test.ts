/** Every trap of `dependencies-audited`: one use of a tool each, with the files that decide. */
import { describe, expect, test } from 'vitest'
import type { FileMap } from '#lib/check.ts'
import { BOTH, CARGO, GO, ID, judge, NPM, NUGET, PIP, run, workflow } from './audited-files.ts'
import { places, verdictOf } from './verdict-of.ts'

describe('an audit that runs on changes and on a schedule and can fail', () => {
  const right: [string, FileMap][] = [
    ['npm audit --audit-level=high', NPM],
    ['npx audit-ci@7 --high', NPM],
    ['yarn npm audit --all --recursive', NPM],
    [
      'npm run check',
      { ...NPM, 'package.json': '{ "dependencies": { "a": "1" }, "scripts": { "check": "npm audit" } }' },
    ],
    ['uvx pip-audit@2.9.0 -r requirements.txt', PIP],
    ['python -m pip_audit -r requirements.txt', PIP],
    ['safety check -r requirements.txt', PIP],
    ['cargo audit', CARGO],
    ['cargo deny check advisories', CARGO],
    ['cargo deny --all-features check', CARGO],
    ['go run golang.org/x/vuln/cmd/govulncheck@v1.6.0 ./...', GO],
    ['govulncheck ./...', GO],
    ['bundle exec bundler-audit check --update', { Gemfile: 'gem "rails"\n' }],
    ['composer audit', { 'composer.json': '{ "require": { "a/b": "1" } }' }],
    ['mix deps.audit', { 'mix.exs': 'deps' }],
    ['dotnet list package --vulnerable | tee out\n! grep -q "has the following" out', NUGET],
    ['osv-scanner scan -r .', { ...NPM, 'web/Cargo.toml': '[dependencies]\na = "1"\n' }],
    ['trivy fs --exit-code 1 .', NPM],
    ['docker run --rm -v "$PWD:/src" aquasec/trivy:0.60.0 fs --exit-code=1 .', NPM],
    ['grype dir:. --fail-on high', NPM],
    ['snyk test --all-projects', { ...NPM, 'a/package.json': NPM['package.json'] }],
    ['set +e\nnpm audit\nexit $?', NPM],
    ['set -o pipefail\nnpm audit | tee log', NPM],
    ['if ! npm audit; then\n  echo bad\n  exit 1\nfi', NPM],
  ]
  test.each(right)('%s', (script, files) => {
    expect(judge({ ...files, ...workflow(run(script)) })).toMatchObject({ outcome: 'pass', weight: 0 })
  })

  const actions: [string, FileMap][] = [
    ['- uses: aquasecurity/trivy-action@v1\n  with: { scan-type: fs, exit-code: "1" }', NPM],
    ['- uses: aquasecurity/trivy-action@v1\n  env: { TRIVY_EXIT_CODE: 1 }\n  with: { scan-type: fs }', NPM],
    ['- uses: anchore/scan-action@v6\n  with: { path: . }', NPM],
    ['- uses: google/osv-scanner-action/osv-scanner-action@v2\n  with: { scan-args: "-r ./" }', NPM],
    ['- uses: snyk/actions/node@v1', NPM],
    ['- uses: golang/govulncheck-action@v1', GO],
    ['- uses: EmbarkStudios/cargo-deny-action@v2', CARGO],
    ['- uses: rustsec/audit-check@v2', CARGO],
    ['- uses: pypa/gh-action-pip-audit@v1\n  with: { inputs: requirements.txt }', PIP],
  ]
  test.each(actions)('%s', (steps, files) => {
    expect(judge({ ...files, ...workflow(steps) })).toMatchObject({ outcome: 'pass' })
  })
})

describe('what cannot fail is not right, and the message says why', () => {
  const cannot: [string, FileMap, string][] = [
    [run('npm audit || true'), NPM, '|| true'],
    [run('npm audit || :'), NPM, '|| :'],
    [run('npm audit || echo bad'), NPM, '|| echo'],
    [run('set +e\nnpm audit\necho done'), NPM, 'errexit'],
    [run('npm audit | tee log'), NPM, 'pipe'],
    [run('npm audit || rc=$?\necho done'), NPM, 'rc'],
    [run('npm audit --audit-level=none'), NPM, 'none'],
    [run('npx audit-ci'), NPM, 'level'],
    ['- run: npm audit\n  continue-on-error: true', NPM, 'continue-on-error'],
    ['- run: npm audit\n  if: false', NPM, 'never runs'],
    [`- run: npm audit\n  if: \${{ false && github.sha }}`, NPM, 'never runs'],
    ['- uses: aquasecurity/trivy-action@v1\n  with: { scan-type: fs }', NPM, 'default is 0'],
    ['- uses: aquasecurity/trivy-action@v1\n  with: { scan-type: fs, exit-code: 0 }', NPM, 'is 0'],
    [run('trivy fs .'), NPM, 'exit-code'],
    ['- uses: anchore/scan-action@v6\n  with: { path: ., fail-build: false }', NPM, 'fail-build'],
    [run('grype dir:.'), NPM, '--fail-on'],
    [run('govulncheck -json ./...'), GO, 'json'],
    ['- uses: golang/govulncheck-action@v1\n  with: { output-format: sarif }', GO, 'sarif'],
    [run('snyk monitor'), NPM, 'monitor'],
    ['- uses: snyk/actions/node@v1\n  with: { command: monitor }', NPM, 'monitor'],
    ['- uses: actions/dependency-review-action@v4\n  with: { warn-only: true }', NPM, 'warn-only'],
    [run('safety check --exit-zero -r requirements.txt'), PIP, '--exit-zero'],
    [run('dotnet list package --vulnerable'), NUGET, 'ends well'],
    [
      run('mvn org.owasp:dependency-check-maven:check'),
      { 'pom.xml': '<project><dependency></dependency></project>' },
      '11',
    ],
    [run('make audit'), { ...NPM, Makefile: 'audit:\n\t-npm audit\n' }, 'make'],
    [
      run('npm run check'),
      { ...NPM, 'package.json': '{ "dependencies": { "a": "1" }, "scripts": { "check": "npm audit; echo" } }' },
      'errexit',
    ],
  ]
  test.each(cannot)('%s', (steps, files, word) => {
    const { outcome, weight, message } = judge({ ...files, ...workflow(steps) })
    expect({ outcome, weight }).toEqual({ outcome: 'fail', weight: 1 })
    expect(message).toContain('cannot fail')
    expect(message).toContain(word)
  })

  test('reusable workflow of OSV-Scanner: its input decides', () => {
    const call = (more: string) => ({
      ...NPM,
      '.github/workflows/a.yml': `${BOTH}jobs:\n  a:\n    uses: google/osv-scanner-action/.github/workflows/osv-scanner-reusable.yml@v2\n${more}`,
    })
    expect(judge(call('')).outcome).toBe('pass')
    expect(judge(call('    with: { fail-on-vuln: false }\n')).message).toContain('fail-on-vuln')
  })

  test('a matrix turn whose failure is let pass is the one that counts', () => {
    const steps = `- uses: EmbarkStudios/cargo-deny-action@v2\n  with: { command: "check \${{ matrix.checks }}" }`
    const job = (when: string) =>
      `    strategy:\n      matrix:\n        checks: [advisories, bans licenses]\n    continue-on-error: \${{ matrix.checks == '${when}' }}\n`
    expect(judge({ ...CARGO, ...workflow(steps, BOTH, job('advisories')) }).outcome).toBe('fail')
    expect(judge({ ...CARGO, ...workflow(steps, BOTH, job('bans licenses')) }).outcome).toBe('pass')
  })
})

describe('what is no audit of dependencies', () => {
  const none: [string, FileMap][] = [
    [run('npm audit signatures'), NPM],
    [run('npm audit fix'), NPM],
    [run('cargo deny check licenses'), CARGO],
    [run('trivy image --exit-code 1 app'), NPM],
    [run('trivy config --exit-code 1 .'), NPM],
    [run('trivy fs --format cyclonedx --output sbom.json .'), NPM],
    ['- uses: aquasecurity/trivy-action@v1\n  with: { image-ref: app, exit-code: 1 }', NPM],
    ['- uses: aquasecurity/trivy-action@v1\n  with: { scan-type: fs, scanners: secret, exit-code: 1 }', NPM],
    ['- uses: github/codeql-action/analyze@v3', NPM],
    [run('echo npm audit'), NPM],
    [run('bundle audit update'), { Gemfile: 'gem "rails"\n' }],
  ]
  test.each(none)('%s', (steps, files) => {
    expect(judge({ ...files, ...workflow(steps) }).message).toContain('Nothing in CI')
  })
})

describe('when it runs', () => {
  const ons: [string, 'pass' | 0.5 | 1][] = [
    ['on: [pull_request]\n', 0.5],
    ['on: push\n', 0.5],
    ['on:\n  schedule: [{ cron: "0 0 * * 1" }]\n', 0.5],
    ['on: workflow_dispatch\n', 1],
    ['on:\n  push: { tags: ["v*"] }\n', 1],
    ['on:\n  push: { tags: ["v*"], branches: [main] }\n  schedule: [{ cron: "0 0 * * 1" }]\n', 'pass'],
    ['on:\n  pull_request: { paths: ["docs/**"] }\n  schedule: [{ cron: "0 0 * * 1" }]\n', 0.5],
    ['on:\n  pull_request: { paths: ["**/package-lock.json"] }\n  schedule: [{ cron: "0 0 * * 1" }]\n', 'pass'],
    ['on:\n  pull_request: { paths-ignore: ["**.json"] }\n  schedule: [{ cron: "0 0 * * 1" }]\n', 0.5],
    ['on:\n  pull_request: { types: [closed] }\n  schedule: [{ cron: "0 0 * * 1" }]\n', 0.5],
  ]
  test.each(ons)('%s', (on, expected) => {
    const { outcome, weight } = judge({ ...NPM, ...workflow(run('npm audit'), on) })
    expect(expected === 'pass' ? outcome : weight).toBe(expected)
  })

  test.each([
    ["github.event_name == 'schedule'", 0.5],
    ["github.event_name != 'schedule'", 0.5],
    ["github.ref == 'refs/heads/main'", 0.5],
    ["github.event_name == 'workflow_dispatch'", 1],
    ["github.actor != 'someone'", 0],
    ['always()', 0],
  ])('a step with `if: %s`', (condition, weight) => {
    expect(judge({ ...NPM, ...workflow(`- run: npm audit\n  if: ${condition}`) }).weight).toBe(weight)
    expect(judge({ ...NPM, ...workflow('- run: npm audit', BOTH, `    if: ${condition}\n`) }).weight).toBe(weight)
  })

  test('a job waits for a job that is skipped', () => {
    const text = `${BOTH}jobs:\n  first:\n    if: github.event_name == 'schedule'\n    steps: [{ run: x }]\n  a:\n    needs: first\n    steps: [{ run: npm audit }]\n`
    expect(judge({ ...NPM, '.github/workflows/a.yml': text }).weight).toBe(0.5)
    expect(
      judge({ ...NPM, '.github/workflows/a.yml': text.replace('needs: first', 'needs: first\n    if: always()') })
        .weight,
    ).toBe(0)
  })

  test('pull requests by one workflow and a schedule by another make a whole', () => {
    const review = {
      '.github/workflows/b.yml':
        'on: pull_request\njobs:\n  b:\n    steps:\n      - uses: actions/dependency-review-action@v4\n',
    }
    const weekly = workflow(run('npm audit'), 'on:\n  schedule: [{ cron: "0 0 * * 1" }]\n')
    expect(judge({ ...NPM, ...review }).weight).toBe(0.5)
    expect(judge({ ...NPM, ...weekly }).weight).toBe(0.5)
    expect(judge({ ...NPM, ...review, ...weekly }).outcome).toBe('pass')
  })
})

describe('what it covers', () => {
  test('one good and one bad place of the same file give one finding, at the manifest', () => {
    const files = { ...NPM, ...PIP, ...workflow(run('npm audit')) }
    expect(places(verdictOf(ID, files))).toEqual(['requirements.txt:1'])
  })

  test('a folder that is audited is not its neighbour, and a member belongs to its root', () => {
    const web = { 'web/package.json': NPM['package.json'], 'web/package-lock.json': '{}' }
    const files = {
      ...web,
      'api/package.json': NPM['package.json'],
      ...workflow('- run: npm audit\n  working-directory: web'),
    }
    expect(places(verdictOf(ID, files))).toEqual(['api/package.json:1'])
    const members = {
      'package.json': '{ "workspaces": ["a"], "dependencies": { "b": "1" } }',
      'a/package.json': NPM['package.json'],
    }
    expect(verdictOf(ID, { ...members, ...workflow(run('npm audit')) })).toMatchObject({ outcome: 'pass', examined: 1 })
  })

  test('a matrix of folders covers each of them', () => {
    const job = '    strategy: { matrix: { dir: [web, api] } }\n'
    const files = { 'web/package.json': NPM['package.json'], 'api/package.json': NPM['package.json'] }
    const steps = `- run: npm audit\n  working-directory: \${{ matrix.dir }}`
    expect(judge({ ...files, ...workflow(steps, BOTH, job) }).outcome).toBe('pass')
    expect(judge({ ...files, 'x/package.json': NPM['package.json'], ...workflow(steps, BOTH, job) }).weight).toBe(1)
  })

  test('where the folder cannot be told the place is unknown', () => {
    const steps = `- run: npm audit\n  working-directory: \${{ vars.DIR }}`
    expect(judge({ ...NPM, ...workflow(steps) })).toMatchObject({ outcome: 'unknown' })
  })

  test('a target that promises an audit and cannot be followed leaves it unknown', () => {
    const steps = run('make verify-govulncheck')
    expect(judge({ ...GO, ...workflow(steps) }).outcome).toBe('unknown')
    expect(judge({ ...GO, ...workflow(run('make test')) }).outcome).toBe('fail')
    expect(judge({ ...GO, Makefile: 'verify-govulncheck:\n\techo later\n', ...workflow(steps) }).outcome).toBe('fail')
  })

  test('warnings of NuGet as errors are an audit of each build', () => {
    const props = {
      'Directory.Build.props':
        '<Project><PropertyGroup><WarningsAsErrors>NU1901;NU1904</WarningsAsErrors></PropertyGroup></Project>',
    }
    expect(judge({ ...NUGET, ...props, ...workflow(run('dotnet build')) }).outcome).toBe('pass')
    expect(judge({ ...NUGET, ...workflow(run('dotnet build')) }).outcome).toBe('fail')
  })
})

test('alerts in the settings are told beside the verdict and are no substitute', () => {
  const settings = {
    vulnerabilityAlerts: true,
    securityUpdates: null,
    secretScanning: null,
    shaPinningRequired: null,
    defaultBranchProtected: null,
    protectedEnvironments: null,
  }
  const result = verdictOf(ID, NPM, { settings })
  expect(result.outcome).toBe('fail')
  expect(result.notes.join()).toContain('alerts are switched on')
})

test('a workflow that cannot be read may hold the audit', () => {
  expect(judge({ ...NPM, '.github/workflows/a.yml': 'on: [' }).outcome).toBe('unknown')
})
