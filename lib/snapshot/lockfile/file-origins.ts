/** Where the files of packages lie, as far as a lock names them beside their registry. */
import { isTrusted, originOf } from './address.ts'
import type { LockEntry } from './lockfile.ts'

/** Registry (its host; '' where the lock names none) → the origin at which more than half of its packages have files. */
export type UsualOrigins = ReadonlyMap<string, string>

/** Scheme and host of file addresses, each once. */
export function fileOrigins(addresses: readonly string[]): string[] {
  const origins = addresses.flatMap(address => /^https?:\/\/[^/?#]+/i.exec(address)?.[0].toLowerCase() ?? [])
  return [...new Set(origins)]
}

/** No library tells on which hosts a registry keeps its files, so the packages of a lock are compared with one another. */
export function usualOrigins(entries: readonly LockEntry[]): UsualOrigins {
  // Composer's have no host in common: each lies with its source, and what does not is kept as an origin.
  const fetched = entries.filter(({ ecosystem, address, files }) => {
    return ecosystem !== 'composer' && (files.length > 0 || address !== '')
  })
  const byRegistry = Map.groupBy(fetched, registryOf)
  return new Map(
    [...byRegistry].flatMap(([registry, packages]) => {
      const counts = Map.groupBy(
        packages.flatMap(({ files }) => files),
        origin => origin,
      )
      const most = [...counts].find(([, all]) => all.length * 2 > packages.length)
      return most ? [[registry, most[0]] as const] : []
    }),
  )
}

/** The origin of a file that lies elsewhere than those of the other packages, and theirs; null where none does. */
export function strayFile(
  entry: LockEntry,
  trusted: readonly string[] | undefined,
  usual: UsualOrigins,
): { origin: string; expected: string | null } | null {
  const registry = registryOf(entry)
  const expected = usual.get(registry) ?? null
  const origin = entry.files.find(file => {
    if (file.startsWith('http:')) return true
    if (registry === '' && expected === null) return false
    const host = originOf(file)?.host
    return host !== registry && file !== expected && !(trusted !== undefined && isTrusted(file, trusted))
  })
  return origin === undefined ? null : { origin, expected }
}

function registryOf({ address }: LockEntry): string {
  return originOf(address)?.host ?? ''
}
