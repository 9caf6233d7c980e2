import { type CheckOptions, defineCheck, type Finding } from '../check.ts'
import { evidenceOf, lineRange } from '../snapshot/lines.ts'
import { configuredHosts, isTrusted, originOf } from '../snapshot/lockfile/address.ts'
import { strayFile, type UsualOrigins, usualOrigins } from '../snapshot/lockfile/file-origins.ts'
import type { LockEntry } from '../snapshot/lockfile/lockfile.ts'
import { isLockfile, lockAt, unreadLocks } from '../snapshot/lockfile/read.ts'
import type { SourceFile } from '../snapshot/snapshot.ts'

const lock = (address: string) =>
  `{\n  "lockfileVersion": 3,\n  "packages": {\n    "": {},\n    "node_modules/left-pad": {\n      "version": "1.3.0",\n      "resolved": "${address}"\n    }\n  }\n}\n`

export const lockfileHostsTrusted = defineCheck({
  id: 'lockfile-hosts-trusted',
  item: 'dependencies',
  title: 'Locked packages come over https from registries that are trusted',
  severity: 'high',
  version: 2,
  rationale:
    'A lock is long and seldom read. One changed address in it makes every install fetch a package from somebody else, with a hash that fits what lies there.',
  remediation:
    'Take the package from the registry and renew the lock. Where the host is yours, name it in the policy as trusted for the ecosystem.',
  mapsTo: { scorecard: [], zizmor: [], osps: [], slsa: ['dependency-track'], cis: ['3.1.5'] },
  references: [{ id: 'lockfile-lint', url: 'https://github.com/lirantal/lockfile-lint' }],
  reads: ['tree'],

  run(repo, { trustedRegistries }) {
    const configured = configuredHosts(repo)
    const seen = new Set<string>()
    let examined = 0
    const findings = [...repo.files.values()]
      .filter(({ path }) => isLockfile(path))
      .flatMap(file => {
        const read = lockAt(repo, file.path)
        if (!read?.ok) return []
        const { entries } = read.lock
        const usual = usualOrigins(entries)
        return entries.flatMap((entry): Finding[] => {
          if (originOf(entry.address) === null && entry.files.length === 0) return []
          examined++
          const trusted = trustedRegistries[entry.ecosystem]
          seen.add(entry.ecosystem)
          const fault = faultOf(entry, trusted, configured) ?? fileFault(entry, trusted, usual)
          return fault === null ? [] : [{ message: fault.words, evidence: evidenceOf(placeOf(file, entry, fault.at)) }]
        })
      })
    return { examined, findings, notes: notesOn([...seen].sort(), trustedRegistries), unread: unreadLocks(repo) }
  },

  example: {
    failing: { 'package-lock.json': lock('http://packages.example.net/left-pad/-/left-pad-1.3.0.tgz') },
    fixed: {
      'package-lock.json': lock('').replace(/,\n {6}"resolved": ""/, ''),
      'Chart.lock':
        'dependencies:\n  - name: redis\n    repository: https://charts.example.org/\n    version: 20.1.0\ndigest: sha256:0\n',
    },
  },
})

/** `at`: the part of the address that shows it. */
type Fault = { words: string; at: string }

function faultOf(
  entry: LockEntry,
  trusted: readonly string[] | undefined,
  configured: ReadonlySet<string>,
): Fault | null {
  const { name, address, source } = entry
  const origin = originOf(address)
  if (!origin) return null
  const { host } = origin
  const fault = (words: string): Fault => ({ words: `\`${name}\` ${words}`, at: address })
  if (!origin.secure)
    return fault(
      `is fetched from ${host} over a way that anybody on it can change. Take it over https and renew the lock.`,
    )
  if (!trusted || isTrusted(address, trusted)) return null
  if (origin.git || source === 'git')
    return fault(
      `is a commit of a repository on ${host}, not a package of a registry. Take a published version, or trust \`${ownerOf(address, host)}\` in the policy.`,
    )
  const own = configured.has(host) ? ', which the repository’s own settings name' : ''
  return fault(
    `is fetched from ${host}${own}, which the policy does not trust. Take it from ${trusted[0] ?? 'a trusted registry'}, or trust the host in the policy.`,
  )
}

/** The account that the repository is in: a whole git host is too much to trust. */
function ownerOf(address: string, host: string): string {
  const [, owner] = /[/:]([\w.-]+)\/[\w.-]+(?:[/?#]|$)/.exec(address.slice(address.indexOf(host) + host.length)) ?? []
  return owner === undefined ? host : `${host}/${owner}`
}

/** The registry is right, and a file of the package lies elsewhere than those of the other packages. */
function fileFault(entry: LockEntry, trusted: readonly string[] | undefined, usual: UsualOrigins): Fault | null {
  const stray = strayFile(entry, trusted, usual)
  if (stray === null) return null
  const { origin, expected } = stray
  const [scheme, host] = origin.split('://')
  const how =
    scheme === 'http'
      ? ' over a way that anybody on it can change'
      : expected === null
        ? ''
        : `, those of the other packages from ${expected.replace(/^.*:\/\//, '')}`
  const words = `A file of \`${entry.name}\` is fetched from ${host}${how}. Take it from its registry and renew the lock, or trust the host in the policy.`
  return { words, at: origin }
}

/** The line of the address, which stands a little below the name. */
function placeOf(file: SourceFile, { line }: LockEntry, address: string) {
  const { start } = lineRange(file, line)
  const near = file.text.slice(start, start + 20_000).indexOf(address)
  const at = near === -1 ? start : start + near
  return { file, start: at, end: at + 1 }
}

function notesOn(seen: readonly string[], registries: CheckOptions['trustedRegistries']): string[] {
  const trusted = seen.flatMap(one => (registries[one] ? [`${one} from ${registries[one].join(', ')}`] : []))
  const others = seen.filter(one => !registries[one])
  return [
    ...(trusted.length > 0 ? [`The policy trusts ${trusted.join('; ')}.`] : []),
    ...(others.length > 0
      ? [`Of ${others.join(', ')} only the scheme is judged: the policy names no registry for them.`]
      : []),
  ]
}
