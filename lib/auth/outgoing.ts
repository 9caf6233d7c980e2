/** Where this process may send requests: to what the environment names, and else by https out on the internet alone. */
import dns, { type LookupAddress, type LookupOptions } from 'node:dns'
import { isIP } from 'node:net'
import type { Env } from '../env.ts'
import { AppError } from '../errors.ts'
import { addressesOf } from '../github/addresses.ts'
import { isOutside } from './outside.ts'

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void
type Lookup = (host: string, options: LookupOptions, found: Found) => void

/**
 * From now on every address that a name leads to is looked at when a connection is made to it, so that a name may lead
 * elsewhere by then than when it was set. `named`: addresses of the environment (GitHub, the database, a provider) and our
 * own, whose hosts may be inside; nothing else on those hosts may be asked, no redirect is followed. Returns what ends it.
 */
export function guardOutgoing(named: readonly string[], lookup: Lookup = dns.lookup as unknown as Lookup): () => void {
  const urls = named.map(address => new URL(address))
  const origins = new Set(urls.map(({ host }) => host))
  const names = new Set(urls.map(({ hostname }) => hostname))
  const plain = { lookup: dns.lookup, fetch: globalThis.fetch }

  const guarded = (host: string, asked: LookupOptions | number | Found, then?: Found) => {
    const found = typeof asked === 'function' ? asked : then
    const options = typeof asked === 'number' ? { family: asked } : typeof asked === 'function' ? {} : asked
    lookup(host, options, (error, address, family) => {
      const all = typeof address === 'string' ? [address] : (address ?? []).map(one => one.address)
      const inside = error === null && !names.has(host) && !all.every(isOutside)
      found?.(inside ? refusal(host) : error, address, family)
    })
  }

  const ask: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (!origins.has(url.host)) refuseUnlessOutside(url, names)
    const wished = init?.redirect ?? (input instanceof Request ? input.redirect : 'follow')
    return plain.fetch(input, { ...init, redirect: wished === 'manual' ? 'manual' : 'error' })
  }

  Object.assign(dns, { lookup: Object.assign(guarded, plain.lookup) })
  globalThis.fetch = ask
  return () => {
    Object.assign(dns, { lookup: plain.lookup })
    globalThis.fetch = plain.fetch
  }
}

/**
 * The addresses that may lie inside the network: the pages' own, and those that whoever runs the processes named. `stored`:
 * the variables that a page set; a page names none.
 */
export function namedIn(
  { databaseUrl, githubApiUrl, signIn, url, proxy }: Env,
  stored: readonly string[],
): readonly string[] {
  const issuer = stored.includes('OIDC_ISSUER') ? null : signIn?.oidc?.issuer
  const named = [url, proxy?.https, proxy?.http, databaseUrl, githubApiUrl, addressesOf(githubApiUrl).web, issuer]
  return named.filter(address => address != null)
}

function refuseUnlessOutside({ protocol, hostname }: URL, names: ReadonlySet<string>): void {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol !== 'https:' || names.has(hostname) || (isIP(host) !== 0 && !isOutside(host))) throw refusal(host)
}

function refusal(host: string): AppError {
  return new AppError('forbidden', `${host} is inside this network, where no request may be sent.`)
}
