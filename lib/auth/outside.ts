/** Hosts that a page may name: none of this machine or network, so that a setting is no way to ask what only we reach. */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { AppError } from '../errors.ts'

/** Loopback, link-local (cloud metadata), private, shared, documentation, multicast and reserved ranges. */
const INSIDE = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  INSIDE.addSubnet(network, prefix, 'ipv4')
/** The internet is 2000::/3; what maps or tunnels an IPv4 address could hide any of the above. */
const [GLOBAL, TUNNELS] = [new BlockList(), new BlockList()]
GLOBAL.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  TUNNELS.addSubnet(network, prefix, 'ipv6')

const LONGEST_MS = 5_000
const MOST_BYTES = 100_000

/** Whether an address is out on the internet. */
export function isOutside(address: string): boolean {
  if (isIP(address) === 4) return !INSIDE.check(address, 'ipv4')
  return isIP(address) === 6 && GLOBAL.check(address, 'ipv6') && !TUNNELS.check(address, 'ipv6')
}

export type Resolve = (host: string) => Promise<readonly string[]>

async function resolved(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

/** Throws AppError `invalid-input` unless it is https and every address of its host is out on the internet. */
export async function refuseInside(address: string, resolve: Resolve = resolved): Promise<void> {
  const url = URL.parse(address)
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw new AppError('invalid-input', 'It is no https address without a name or password in it.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const found = isIP(host) === 0 ? await resolve(host).catch(() => []) : [host]
  if (found.length === 0) throw new AppError('invalid-input', `There is no host ${host}.`)
  if (!found.every(isOutside))
    throw new AppError(
      'invalid-input',
      `${host} is inside this network, where a page may not send requests.`,
      'Set it in the environment of the processes instead.',
    )
}

const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.string().optional(),
})

/** As `refuseInside`, for a provider and every address that it names in turn. */
export async function refuseInsideIssuer(issuer: string, resolve: Resolve = resolved, ask = fetch): Promise<void> {
  await refuseInside(issuer, resolve)
  const told = discovery.safeParse(
    await discovered(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, ask),
  )
  if (!told.success || told.data.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, ''))
    throw new AppError('invalid-input', 'There is no OpenID Connect provider by that name.', 'Check the issuer.')
  const { issuer: _, ...endpoints } = told.data
  const named = Object.values(endpoints).filter(endpoint => endpoint !== undefined)
  for (const endpoint of named) await refuseInside(endpoint, resolve)
}

/** null where nothing usable answers there; redirects are not followed, for they could lead inside. */
async function discovered(address: string, ask: typeof fetch): Promise<unknown> {
  try {
    const answer = await ask(address, { redirect: 'error', signal: AbortSignal.timeout(LONGEST_MS) })
    if (!answer.ok) return null
    let text = ''
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      if (text.length > MOST_BYTES) return null
    }
    return JSON.parse(text)
  } catch {
    // Why it could not be asked is not told: the answer would map the network to whoever tries hosts.
    return null
  }
}
