/** Where a lock says that a package is fetched from. */
import { npmrcValue } from '../install/npm-settings.ts'
import type { Snapshot } from '../snapshot.ts'

/** `secure`: encrypted and authenticated. `host` '' where the address names none (a folder, a variable). */
export type Origin = { host: string; secure: boolean; git: boolean }

/** null for an address that leads nowhere over the network. */
export function originOf(address: string): Origin | null {
  const text = address.trim()
  const short = /^(github|gitlab|bitbucket):/.exec(text)?.[1]
  if (short) return { host: `${short}.${short === 'bitbucket' ? 'org' : 'com'}`, secure: true, git: true }
  const scp = /^(?:git\+ssh:\/\/)?[\w.-]+@([\w.-]+):(?!\/\/)/.exec(text)?.[1]
  if (scp) return { host: scp.toLowerCase(), secure: true, git: true }
  const [, scheme = '', host = ''] = /^([a-z][a-z+]*):\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(text) ?? []
  if (host === '' || /[${<]/.test(host)) return null
  const kind = scheme.toLowerCase()
  const git = kind.includes('git') || kind === 'ssh' || /\.git(?:[#?@]|$)/.test(text)
  return {
    host: host.toLowerCase(),
    secure: /^(?:(?:git|registry|sparse)\+)?(?:https|ssh)$/.test(kind) || kind === 'oci',
    git,
  }
}

/** Whether an address is on one of the hosts (or at one of the `host/path`s), or below it. */
export function isTrusted(address: string, trusted: readonly string[]): boolean {
  const host = originOf(address)?.host
  if (host === undefined) return false
  return trusted.some(one => {
    const [name = '', ...path] = one.toLowerCase().split('/')
    if (host !== name && !host.endsWith(`.${name}`)) return false
    return path.length === 0 || `${pathOf(address)}/`.startsWith(`/${path.join('/')}/`)
  })
}

function pathOf(address: string): string {
  return /^[a-z+]+:\/\/[^/]+(\/[^?#]*)/i.exec(address)?.[1]?.toLowerCase().replace(/\/$/, '') ?? ''
}

/** Hosts that the repository's own settings name as a registry: told in the message, not trusted by themselves. */
export function configuredHosts(repo: Snapshot): ReadonlySet<string> {
  const files = [...repo.files.values()].filter(({ path }) => /(?:^|\/)\.(?:npmrc|yarnrc|yarnrc\.yml)$/.test(path))
  const named = files.flatMap(file => [
    npmrcValue(file, 'registry') ?? '',
    ...[...file.text.matchAll(/registry(?:Server)?["']?\s*[=: ]\s*["']?(https?:\/\/[^\s"']+)/gi)].map(
      match => match[1] ?? '',
    ),
  ])
  return new Set(named.flatMap(address => originOf(address)?.host ?? []))
}
