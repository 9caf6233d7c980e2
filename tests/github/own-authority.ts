/** A certificate authority that only one network knows, and servers whose certificates it signed. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { temporaryFolder } from '#tests/demo/github/bare-repository.ts'
import { listening } from './connect-proxy.ts'

/** `ca`: the file with its certificate. `cert` and `key` are those of the hosts. */
export type OwnAuthority = { ca: string; cert: Buffer; key: Buffer }

/** An authority of our own and one certificate for all of these hosts that it signed. */
export function ownAuthority(...hosts: readonly string[]): OwnAuthority {
  const dir = temporaryFolder()
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Acme authority')
  const names = hosts.map(host => `DNS:${host}`).join(',')
  const told = ['-addext', `subjectAltName=${names}`, '-addext', 'basicConstraints=CA:FALSE']
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-subj', `/CN=${hosts[0]}`, ...told]
  openssl('req', '-x509', ...key, '-keyout', 'host.key', '-out', 'host.pem', ...signed)
  return {
    ca: join(dir, 'ca.pem'),
    cert: readFileSync(join(dir, 'host.pem')),
    key: readFileSync(join(dir, 'host.key')),
  }
}

/** The server behind that address, by TLS, until the test ends. Gives where on this machine. */
export async function overTls({ cert, key }: OwnAuthority, behind: string): Promise<string> {
  const server = createServer({ cert, key }, socket => {
    const inner = connect(Number(new URL(behind).port), '127.0.0.1')
    socket.pipe(inner).pipe(socket)
    socket.on('error', () => inner.destroy())
    inner.on('error', () => socket.destroy())
  })
  return `https://localhost:${await listening(server)}`
}
