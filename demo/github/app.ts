import { type Answer, json, notFound, refused } from './answer.ts'
import type { World } from './world.ts'

/** A GitHub App that is installed at the organisation. Its tokens end after an hour, or after so many requests. */
export type InstalledApp = {
  tokenRequests?: number
  deliveries?: readonly Delivery[]
  /** Organisations where it is installed too, of which nothing else is here. */
  alsoAt?: readonly string[]
}

/** A delivery of the app's webhook, as the app is told of it. */
export type Delivery = { guid: string; event: string; status_code: number; repository_id: number | null }

const INSTALLATION = 77
const HOUR = 3_600_000

/** Tokens of an installation, as an app is given them for a signed JWT; who made the signature is not looked at. */
export class AppTokens {
  readonly #app: InstalledApp
  readonly #now: () => Date
  readonly #left = new Map<string, { requests: number; until: number }>()

  constructor(app: InstalledApp, now: () => Date) {
    this.#app = app
    this.#now = now
  }

  /** The operations that an app asks with its JWT; null for all others. */
  answer(method: string, path: string, token: string, world: World): Answer | null {
    const isInstallation = /^\/orgs\/([^/]+)\/installation$/.exec(path)
    const isToken = method === 'POST' && path === `/app/installations/${INSTALLATION}/access_tokens`
    const isDeliveries = path === '/app/hook/deliveries'
    if (isInstallation === null && !isToken && !isDeliveries) return null
    if (!/^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return refused(401, 'A JSON web token could not be decoded')
    if (isDeliveries) return json(200, this.#app.deliveries ?? [])
    if (isInstallation !== null) {
      const org = isInstallation[1]?.toLowerCase() ?? ''
      const isThere = org === world.org.toLowerCase() || this.#app.alsoAt?.includes(org)
      return isThere ? json(200, { id: INSTALLATION }) : notFound()
    }
    return json(201, this.#make())
  }

  /** Whether the token is one of now; counts its use. */
  use(token: string): boolean {
    const known = this.#left.get(token)
    if (known === undefined || known.requests === 0 || known.until <= this.#now().getTime()) return false
    known.requests -= 1
    return true
  }

  #make() {
    const until = this.#now().getTime() + HOUR
    const token = `ghs_${INSTALLATION}_${this.#left.size + 1}.${'x'.repeat(40)}`
    this.#left.set(token, { requests: this.#app.tokenRequests ?? Number.POSITIVE_INFINITY, until })
    const permissions = { metadata: 'read', contents: 'read' }
    return { token, expires_at: new Date(until).toISOString(), permissions, repository_selection: 'all' }
  }
}
