/**
 * The sign-in in a process of its own that asks GitHub and the provider as the web server does: the environment names them,
 * and the way there. Tells the port at which it serves until it is ended.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { guardOutgoing, namedIn } from '#lib/auth/outgoing.ts'
import { createSignIn } from '#lib/auth/sign-in.ts'
import { readEnv } from '#lib/env.ts'
import { goThroughProxy } from '#lib/github/proxy.ts'
import { createLog } from '#lib/log.ts'
import { openDatabase } from '#lib/store/database.ts'

const env = readEnv()
const { databaseUrl, secrets, signIn: clients, githubApiUrl: apiUrl, url } = env
const [secret] = secrets
if (databaseUrl === null || clients === null || secret === undefined) throw new Error('The environment is not whole.')
goThroughProxy(env)
guardOutgoing(namedIn(env, []))
const github = clients.github && { ...clients.github, apiUrl, orgs: async () => ['acme'] }
const signIn = createSignIn(
  openDatabase(databaseUrl),
  { url, secrets: [secret], github, oidc: clients.oidc },
  createLog('warn'),
  () => new Date(),
)

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { method = 'GET', headers } = request
  const body = chunks.length === 0 ? null : Buffer.concat(chunks)
  const words = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  const answer = await signIn.handler(new Request(`${url}${request.url}`, { method, headers: words, body }), null)
  response.writeHead(answer.status, [...answer.headers].flat())
  response.end(await answer.text())
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log((server.address() as AddressInfo).port)
