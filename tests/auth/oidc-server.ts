import { once } from 'node:events'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

/** `at`: where it listens. */
export type OidcServer = { issuer: string; at: string; stop(): Promise<void> }

/** A real OpenID Connect provider on this machine with one client; whoever comes is signed in as `subject()`. */
export async function startOidc(options: {
  redirectUri: string
  /** By what name it is known, where that is not its address. */
  issuer?: string
  subject(): { sub: string; name: string; email: string }
}): Promise<OidcServer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const at = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const { issuer = at } = options
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'plumbline', client_secret: 'a client secret of the test', redirect_uris: [options.redirectUri] },
    ],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ ...options.subject(), sub: id, email_verified: true }),
    }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  })
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next()
    const { prompt, params, session } = await provider.interactionDetails(context.req, context.res)
    if (prompt.name === 'login')
      return provider.interactionFinished(context.req, context.res, { login: { accountId: options.subject().sub } })
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params.client_id) })
    grant.addOIDCScope('openid profile email')
    return provider.interactionFinished(context.req, context.res, { consent: { grantId: await grant.save() } })
  })
  // What stands before it may have taken its certificate's part.
  provider.proxy = true
  const answer = provider.callback()
  server.on('request', (request, response) => {
    // Where it sends people it is known by its name, however they came.
    request.headers.host = new URL(issuer).host
    request.headers['x-forwarded-proto'] = new URL(issuer).protocol.slice(0, -1)
    void answer(request, response)
  })
  return {
    issuer,
    at,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
