/** The table of audit tools that are called as actions: what their inputs make of them. */
import type { CalledAction } from '../commands.ts'
import type { Snapshot } from '../snapshot.ts'
import { cvssTeeth } from './builds.ts'
import { govulncheckTeeth } from './commands.ts'
import { folderAt, makesSbom, osvBy, snykBy, trivySetting, trivyTeeth, whole } from './scanners.ts'
import { type ActionUse, type Found, PYTHON, setOf, type Toothless } from './tool.ts'

type Reader = (use: ActionUse) => Found | null

const ACTIONS: Readonly<Record<string, Reader>> = {
  'google/osv-scanner-action': osvAction,
  'google/osv-scanner-action/osv-scanner-action': osvAction,
  'aquasecurity/trivy-action': trivyAction,
  'anchore/scan-action': grypeAction,
  'actions/dependency-review-action': dependencyReview,
  'golang/govulncheck-action': govulncheck,
  'rustsec/audit-check': ({ input, action }) =>
    found('cargo audit', setOf('cargo'), action, input('working-directory')),
  'actions-rs/audit-check': ({ action }) => found('cargo audit', setOf('cargo'), action),
  'actions-rust-lang/audit': ({ input, action }) =>
    found('cargo audit', setOf('cargo'), action, input('workingDirectory') ?? input('working-directory')),
  'embarkstudios/cargo-deny-action': cargoDeny,
  'pypa/gh-action-pip-audit': pipAudit,
  'trailofbits/gh-action-pip-audit': pipAudit,
  'pyupio/safety-action': ({ action }) => found('safety', PYTHON, action),
  'dependency-check/dependency-check_action': dependencyCheck,
  'symfonycorp/security-checker-action': composer,
  'oke-py/npm-audit-action': ({ action }) => found('npm audit', setOf('npm'), action),
  'sonatype-nexus-community/iq-github-action': ({ action }) => whole('Sonatype', root(action)),
  'sonatype/actions/evaluate': ({ action }) => whole('Sonatype', root(action)),
  'jfrog/frogbot': ({ action }) => whole('Frogbot', root(action)),
  'mend/mend-action': ({ action }) => whole('Mend', root(action)),
}

/** What a called action audits; null where it audits nothing. */
export function actionAudit(repo: Snapshot, action: CalledAction): Found | null {
  const input = (name: string) => {
    const value = [...action.inputs].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
    return value?.trim() === '' ? undefined : value?.trim()
  }
  const use: ActionUse = { repo, action, input }
  const reader = Object.hasOwn(ACTIONS, action.name) ? ACTIONS[action.name] : undefined
  if (reader) return reader(use)
  return action.name.startsWith('snyk/actions/') ? snyk(use) : null
}

/** The folder of the repository that the workspace is; an action that scans the workspace takes a checkout below it in. */
function root({ cwd }: CalledAction): string {
  return cwd ?? ''
}

function found(
  tool: string,
  ecosystems: Found['ecosystems'],
  action: CalledAction,
  folder?: string,
  toothless: Toothless | null = null,
): Found {
  return { tool, ecosystems, scope: { kind: 'root', folder: folderAt(root(action), folder) }, toothless }
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter(word => word !== '')
}

function osvAction({ action, input }: ActionUse): Found {
  const args = words(input('scan-args')).filter(word => !/^(?:scan|source)$/.test(word))
  return osvBy(args.length > 0 ? args : ['-r', './'], root(action))
}

/** Google's reusable workflows, by the inputs that a job hands over. */
export function osvWorkflow(inputs: ReadonlyMap<string, string>): Found {
  const args = words(inputs.get('scan-args'))
  const toothless =
    inputs.get('fail-on-vuln') === 'false' ? setTo('fail-on-vuln', 'true', 'its `fail-on-vuln` is false') : null
  return { ...osvBy(args.length > 0 ? args : ['-r', './'], ''), toothless }
}

function setTo(name: string, value: string, reason: string): Toothless {
  return { reason, advice: `Set \`${name}: ${value}\`.`, fix: { kind: 'input', name, value } }
}

function trivyAction({ action, input, repo }: ActionUse): Found | null {
  const type = input('scan-type') ?? action.env.get('TRIVY_SCAN_TYPE') ?? 'image'
  if (!/^(?:fs|filesystem|repo|repository|rootfs|sbom)$/.test(type)) return null
  const scanners = input('scanners') ?? input('security-checks') ?? action.env.get('TRIVY_SCANNERS')
  if (scanners !== undefined && !/\bvuln\b|\$/.test(scanners)) return null
  if (makesSbom(input('format'))) return null
  const exit = input('exit-code') ?? action.env.get('TRIVY_EXIT_CODE') ?? trivySetting(repo, input('trivy-config'))
  const folder = type === 'sbom' ? '' : folderAt(root(action), input('scan-ref'))
  return whole('trivy', folder, trivyTeeth(exit, { kind: 'input', name: 'exit-code', value: '1' }))
}

function grypeAction({ action, input }: ActionUse): Found | null {
  if (input('image') !== undefined) return null
  const folder = input('sbom') === undefined ? folderAt(root(action), input('path')) : ''
  const toothless = input('fail-build') === 'false' ? setTo('fail-build', 'true', 'its `fail-build` is false') : null
  return whole('grype', folder, toothless)
}

function dependencyReview({ action, input }: ActionUse): Found | null {
  if (input('vulnerability-check') === 'false') return null
  const toothless = input('warn-only') === 'true' ? setTo('warn-only', 'false', 'its `warn-only` is true') : null
  return { ...whole('dependency-review-action', root(action), toothless), changesOnly: true }
}

function govulncheck({ action, input }: ActionUse): Found {
  const toothless = govulncheckTeeth(input('output-format') ?? 'text')
  return found('govulncheck', setOf('gomod'), action, input('work-dir'), toothless)
}

function cargoDeny({ action, input }: ActionUse): Found | null {
  const which = [...words(input('command')), ...words(input('command-arguments'))].filter(word => word !== 'check')
  const checks = which.length === 0 || which.some(word => /^(?:advisories|all)$|\$\{\{/.test(word))
  return checks ? { ...found('cargo deny', setOf('cargo'), action), ...manifest(action, input('manifest-path')) } : null
}

function manifest(action: CalledAction, path: string | undefined): Partial<Found> {
  const at = path === undefined ? null : folderAt(root(action), path)
  return at === null ? {} : { scope: { kind: 'files', paths: [at] } }
}

function pipAudit({ action, input }: ActionUse): Found {
  const inputs = words(input('inputs'))
  const paths = inputs.flatMap(path => folderAt(root(action), path) ?? [])
  const files = paths.length > 0 && inputs.every(path => /\.(?:txt|in|toml)$/.test(path))
  return {
    ...found('pip-audit', PYTHON, action, files ? undefined : inputs[0]),
    ...(files ? { scope: { kind: 'files' as const, paths } } : {}),
  }
}

function composer({ action, input }: ActionUse): Found {
  const lock = input('lock')
  const paths = lock === undefined ? [] : [folderAt(root(action), lock) ?? '']
  const scope = paths.length > 0 ? { scope: { kind: 'files' as const, paths } } : {}
  return { ...found('security-checker', setOf('composer'), action), ...scope }
}

function dependencyCheck({ action, input }: ActionUse): Found {
  const level = /--failOnCVSS[= ]+(\S+)/.exec(input('args') ?? '')?.[1]
  return whole('OWASP dependency-check', folderAt(root(action), input('path')), cvssTeeth(level))
}

function snyk({ action, input }: ActionUse): Found | null {
  if (/\/(?:docker|iac|setup)$/.test(action.name)) return null
  const [verb = 'test', ...rest] = words(input('command'))
  return snykBy(verb, [...rest, ...words(input('args'))], root(action))
}
