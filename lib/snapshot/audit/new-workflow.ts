/** An audit workflow for the ecosystems of a repository: pull requests and weekly, no right but to read, nothing unpinned. */
import type { EcosystemPlace } from '../ecosystems.ts'
import type { Snapshot } from '../snapshot.ts'
import { isFullSha, usesOf } from '../uses.ts'
import { joined } from '../workspaces.ts'

/** A version of each tool that is known to work; Go checks what it fetches against its checksum database. */
const OSV_SCANNER = 'go run github.com/google/osv-scanner/v2/cmd/osv-scanner@v2.4.0 scan source --recursive .'
const GOVULNCHECK = 'go run golang.org/x/vuln/cmd/govulncheck@v1.6.0 ./...'
const DENO_AUDIT = 'npx --yes deno@2.9.6 audit --level=high'
export const NPM_AUDIT = 'npm audit --audit-level=high'
const CHECKOUT = '3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1'

export const WEEKLY = '17 5 * * 1'

/** Where a new workflow can be written; null where each name is taken. */
export function newWorkflowPath(repo: Snapshot): string | null {
  const taken = new Set(repo.tree.map(({ path }) => path))
  const names = ['audit', 'dependency-audit', 'vulnerability-audit'].map(name => `.github/workflows/${name}.yml`)
  return names.find(path => !taken.has(path)) ?? null
}

export function newAuditWorkflow(repo: Snapshot, places: readonly EcosystemPlace[]): string {
  return auditWorkflow(stepsFor(repo, places), checkoutOf(repo))
}

/** `checkout`: the commit of actions/checkout, with its version as a comment. */
export function auditWorkflow(steps: readonly AuditStep[], checkout = CHECKOUT): string {
  return `name: Audit
on:
  pull_request:
  schedule:
    - cron: "${WEEKLY}"

permissions:
  contents: read

jobs:
  audit:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@${checkout}
        with:
          persist-credentials: false
${steps.map(({ run, folder }) => `      - run: ${run}\n${folder === '' ? '' : `        working-directory: ${written(folder)}\n`}`).join('')}`
}

function written(folder: string): string {
  return /^[\w./-]+$/.test(folder) ? folder : JSON.stringify(folder)
}

type AuditStep = { run: string; folder: string }

/** The ecosystem's own tool where every place has one that a runner brings along, else one scanner for all that it reads. */
function stepsFor(repo: Snapshot, places: readonly EcosystemPlace[]): AuditStep[] {
  const deno = places.filter(({ ecosystem }) => ecosystem === 'deno')
  const own = places.filter(place => !deno.includes(place)).map(place => ownTool(repo, place))
  const isScanned = own.length > 6 || own.includes(null)
  const others = isScanned ? [{ run: OSV_SCANNER, folder: '' }] : own.filter(one => one !== null)
  return [...others, ...deno.map(({ directory }) => ({ run: DENO_AUDIT, folder: directory.slice(1) }))]
}

function ownTool(repo: Snapshot, { ecosystem, directory }: EcosystemPlace): AuditStep | null {
  const folder = directory.slice(1)
  // A folder that would need quoting is left to the scanner, which walks.
  if (!/^[\w./-]*$/.test(folder)) return null
  if (ecosystem === 'gomod') return { run: GOVULNCHECK, folder }
  return ecosystem === 'npm' && repo.files.has(joined(folder, 'package-lock.json')) ? { run: NPM_AUDIT, folder } : null
}

/** The commit that the repository uses already, or one that the crawl resolved, before the one that we know. */
function checkoutOf(repo: Snapshot): string {
  for (const { value, parsed, comment } of usesOf(repo).uses) {
    if (parsed.kind !== 'action' || `${parsed.owner}/${parsed.repo}`.toLowerCase() !== 'actions/checkout') continue
    if (parsed.ref !== null && isFullSha(parsed.ref))
      return `${parsed.ref}${comment?.version ? ` # ${comment.version}` : ''}`
    const resolved = repo.refs.get(value)
    if (resolved && isFullSha(resolved.commit)) return `${resolved.commit} # ${resolved.version ?? parsed.ref}`
  }
  return CHECKOUT
}
