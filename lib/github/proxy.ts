/** The way out of a network that only a proxy leaves: for the API, for git, and for who signs in. */
import { setGlobalProxyFromEnv } from 'node:http'
import type { Env } from '../env.ts'

/** The parts of one installation, and the demo's GitHub, talk to each other on this machine. */
const HERE = 'localhost,127.0.0.1,[::1],::1'

/** Lets all requests of this process take the proxy that the environment names, but those to this machine. */
export function goThroughProxy({ proxy }: Pick<Env, 'proxy'>): void {
  if (proxy === null) return
  const { https, http, except } = proxy
  setGlobalProxyFromEnv({
    // Asked for by the type alone.
    NODE_ENV: 'production',
    ...(https === null ? {} : { https_proxy: https }),
    ...(http === null ? {} : { http_proxy: http }),
    no_proxy: [except, HERE].filter(part => part !== '').join(','),
  })
}
