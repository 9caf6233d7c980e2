import { type CheckOptions, defineCheck, type Finding } from '../check.ts'
import { evidenceOf, lineRange } from '../snapshot/lines.ts'
import { configuredHosts, originOf } from '../snapshot/lockfile/address.ts'
import type { LockEntry } from '../snapshot/lockfile/lockfile.ts'
import { isLockfile, lockAt } from '../snapshot/lockfile/read.ts'
import type { SourceFile } from '../snapshot/snapshot.ts'

const lock = (address: string) =>
  `{\n  "lockfileVersion": 3,\n  "packages": {\n    "": {},\n    "node_modules/left-pad": {\n      "version": "1.3.0",\n      "resolved": "${address}"\n    }\n  }\n}\n`

export const lockfileHostsTrusted = defineCheck({
  id: 'lockfile-hosts-trusted',
  item: 'dependencies',
  title: 'Locked packages come over https from registries that are trusted',
  severity: 'high',
  version: 1,
  rationale:
    'A lock is long and seldom read. One changed address in it makes every install fetch a package from somebody else, with a hash that fits what lies there.',
  remediation:
    'Take the package from the registry and renew the lock. Where the host is yours, name it in the policy as trusted for the ecosystem.',
  mapsTo: { scorecard: [], zizmor: [], osps: [], slsa: ['dependency-track'], cis: ['3.1.5'] },
  references: [{ id: 'lockfile-lint', url: 'https://github.com/lirantal/lockfile-lint' }],
  reads: ['tree', 'files'],

  run(repo, { trustedRegistries }) {
    const configured = configuredHosts(repo)
    const notJudged = new Set<string>()
    let examined = 0
    const findings = [...repo.files.values()]
      .filter(({ path }) => isLockfile(path))
      .flatMap(file => {
        const read = lockAt(repo, file.path)
        if (!read?.ok) return []
        return read.lock.entries.flatMap((entry): Finding[] => {
          if (entry.address === '' || originOf(entry.address) === null) return []
          examined++
          if (!trustedRegistries[entry.ecosystem]) notJudged.add(entry.ecosystem)
          const fault = faultOf(entry, trustedRegistries, configured)
          return fault === null ? [] : [{ message: fault, evidence: evidenceOf(placeOf(file, entry)) }]
        })
      })
    return { examined, findings, notes: notesOn(trustedRegistries, notJudged) }
  },

  example: {
    failing: { 'package-lock.json': lock('http://packages.example.net/left-pad/-/left-pad-1.3.0.tgz') },
    fixed: {
      'package-lock.json': lock('').replace(/,\n {6}"resolved": ""/, ''),
      'Cargo.lock':
        'version = 4\n\n[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "sparse+https://index.example.org/"\n',
    },
  },
})

function faultOf(entry: LockEntry, trusted: CheckOptions['trustedRegistries'], configured: ReadonlySet<string>) {
  const origin = originOf(entry.address)
  if (!origin) return null
  const name = `\`${entry.name}\``
  if (!origin.secure)
    return `${name} is fetched from ${origin.host} over a way that anybody on it can change. Take it over https and renew the lock.`
  const hosts = trusted[entry.ecosystem]
  if (!hosts || hosts.includes(origin.host)) return null
  if (origin.git)
    return `${name} is fetched by git from ${origin.host}, not from a registry. Take a published version, or trust the host in the policy.`
  const own = configured.has(origin.host) ? ', which the repository’s own settings name' : ''
  return `${name} is fetched from ${origin.host}${own}, which the policy does not trust. Take it from ${hosts[0] ?? 'a trusted registry'}, or trust the host in the policy.`
}

/** The line of the address, which stands a little below the name. */
function placeOf(file: SourceFile, { line, address }: LockEntry) {
  const { start } = lineRange(file, line)
  const near = file.text.slice(start, start + 2_000).indexOf(address)
  const at = near === -1 ? start : start + near
  return { file, start: at, end: at + 1 }
}

function notesOn(trusted: CheckOptions['trustedRegistries'], notJudged: ReadonlySet<string>): string[] {
  if (notJudged.size === 0) return []
  const judged = Object.entries(trusted).map(([ecosystem, hosts]) => `${ecosystem}: ${hosts.join(', ')}`)
  return [
    `Of ${[...notJudged].sort().join(', ')} only the scheme is judged: the policy names no registry for them (it trusts ${judged.join('; ')}).`,
  ]
}
