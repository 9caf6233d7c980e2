/** By what an address is counted: whoever has one address of version 6 has all of its /64, and would be as many askers. */
import { isIP } from 'node:net'

/** An IPv4 address itself, of an IPv6 address its first four groups; anything else as it stands. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address
  // As a URL writes it: short, in small letters, an IPv4 address at its end as two groups.
  const written = URL.parse(`http://[${address.replace(/%.*$/, '')}]/`)?.hostname.slice(1, -1) ?? address
  const [before = '', after] = written.split('::')
  const [head, tail] = [before, after ?? ''].map(part => (part === '' ? [] : part.split(':')))
  const groups = [...(head ?? []), ...Array(8 - (head ?? []).length - (tail ?? []).length).fill('0'), ...(tail ?? [])]
  return `${groups.slice(0, 4).join(':')}::/64`
}
