/** Targets of build tools whose name promises an audit and whose text is not here: included files, other languages. */
import type { Command } from '../commands.ts'
import type { Found, Invocation } from './tool.ts'

const TASKS = /^(?:g?make|just|task|mage|tox|nox|hatch|invoke|inv|rake|earthly|pre-commit)$/
const PROMISE =
  /(?:^|[-_:./])(?:audit|vuln|vulns|vulncheck|govulncheck|vulnerabilities|snyk|trivy|osv|osv-scanner|grype|cves?)(?=$|[-_:./])/

/** Nobody can tell what it covers; where the target could be followed, what it runs speaks for itself. */
export function promisedAudit({ command, args }: Invocation, name: string): Found | null {
  const target = args.find(arg => !arg.startsWith('-') && PROMISE.test(arg))
  if (!TASKS.test(name) || target === undefined || isFollowed(command)) return null
  const scope = { kind: 'tree' as const, folder: null }
  return { tool: `${name} ${target}`, ecosystems: 'all', scope, toothless: null }
}

function isFollowed({ unit, order, step, script }: Command): boolean {
  const next = unit.commands.find(later => later.order > order)
  return (
    next !== undefined && next.step === step && (next.script.file !== script.file || next.script.start !== script.start)
  )
}
