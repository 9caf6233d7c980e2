/** Small repositories with something to audit, and workflows that may do it. */
import type { FileMap } from '#lib/check.ts'
import { verdictOf } from './verdict-of.ts'

export const ID = 'dependencies-audited'
export const NPM = {
  'package.json': '{ "dependencies": { "a": "1" } }',
  'package-lock.json': '{ "lockfileVersion": 3 }',
}
export const PIP = { 'requirements.txt': 'flask==3.0.3\n' }
export const CARGO = { 'Cargo.toml': '[dependencies]\na = "1"\n', 'Cargo.lock': '' }
export const GO = { 'go.mod': 'module a\nrequire b v1.0.0\n' }
export const NUGET = {
  'a.csproj': '<Project><ItemGroup><PackageReference Include="a" Version="1"/></ItemGroup></Project>',
}
export const BOTH = 'on:\n  pull_request:\n  schedule:\n    - cron: "0 0 * * 1"\n'

export function workflow(steps: string, on = BOTH, job = ''): FileMap {
  return {
    '.github/workflows/a.yml': `${on}jobs:\n  a:\n    runs-on: ubuntu-24.04\n${job}    steps:\n${steps.replace(/^/gm, '      ')}\n`,
  }
}

export function run(script: string): string {
  return `- run: |\n${script.replace(/^/gm, '    ')}`
}

export function judge(files: FileMap) {
  const { outcome, findings, reason } = verdictOf(ID, files)
  return {
    outcome,
    reason,
    weight: findings.reduce((sum, one) => sum + one.weight, 0),
    message: findings[0]?.message ?? '',
  }
}
