/** Signing in as GitHub does it for OAuth apps: a page to say who one is, a code, and a token that sees what that person sees. */
import { createHash, randomBytes } from 'node:crypto'
import { type Answer, json, notFound } from './answer.ts'
import { link, page } from './html.ts'

/** Somebody who can sign in. `sees`: names of the repositories beyond the public ones that are shown to them. */
export type Person = {
  id: number
  login: string
  name: string
  member: boolean
  /** Slugs of the teams they are in. */
  teams?: readonly string[]
  sees: readonly string[]
  /** Names of the repositories that they may write to, of those that are shown to them. */
  writes?: readonly string[]
  /** As a GitHub App's: tokens end after eight hours, and come with one that gets the next pair, once. */
  expires?: boolean
}

type Code = { person: Person; redirectUri: string; challenge: string | null; clientId: string }

const PREFIX = 'gho_'
const AUTHORIZE = '/login/oauth/authorize'
const TOKEN = '/login/oauth/access_token'

export class People {
  readonly #people: readonly Person[]
  readonly #codes = new Map<string, Code>()
  readonly #tokens = new Map<string, Person>()
  readonly #refreshing = new Map<string, Person>()

  constructor(people: readonly Person[]) {
    this.#people = people
  }

  /** Whose token it is; null for one that was not handed out by signing in. */
  byToken(token: string): Person | null {
    return this.#tokens.get(token) ?? null
  }

  /** From now on GitHub shows something else to the person, or no membership. */
  change(login: string, to: Partial<Omit<Person, 'login'>>): void {
    const person = this.#people.find(one => one.login === login)
    if (person !== undefined) Object.assign(person, to)
  }

  /** Takes back every token of the person. */
  revoke(login: string): void {
    for (const [token, person] of this.#tokens) if (person.login === login) this.#tokens.delete(token)
  }

  /** Takes back every token by which the person's tokens could be renewed. */
  forget(login: string): void {
    for (const [token, person] of this.#refreshing) if (person.login === login) this.#refreshing.delete(token)
  }

  /** A token that signing in hands out, or handed out and took back. */
  isPersonal(token: string): boolean {
    return token.startsWith(PREFIX)
  }

  /** What signing in asks for; null for every other path. */
  answer(method: string, url: URL, body: Buffer): Answer | null {
    if (method === 'GET' && url.pathname === AUTHORIZE) return this.#authorize(url)
    if (method === 'POST' && url.pathname === TOKEN) return this.#exchange(new URLSearchParams(body.toString('utf8')))
    return null
  }

  #authorize(url: URL): Answer {
    const asked = url.searchParams
    const redirectUri = asked.get('redirect_uri') ?? ''
    if (!URL.canParse(redirectUri)) return notFound()
    const login = asked.get('login')
    if (login === null) return this.#choice(url)
    const person = this.#people.find(one => one.login === login)
    if (person === undefined) return notFound()
    const code = randomBytes(10).toString('hex')
    const challenge = asked.get('code_challenge')
    this.#codes.set(code, { person, redirectUri, challenge, clientId: asked.get('client_id') ?? '' })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', asked.get('state') ?? '')
    return { status: 302, headers: { location: back.href }, body: Buffer.alloc(0) }
  }

  #choice(url: URL): Answer {
    const rows = this.#people.map(({ login, name }) => {
      const as = new URL(url)
      as.searchParams.set('login', login)
      return link(as.pathname + as.search, `Continue as ${name} (${login})`)
    })
    return page('Sign in to the pretend GitHub', `<ul>${rows.join('')}</ul>`)
  }

  #exchange(form: URLSearchParams): Answer {
    if (form.get('grant_type') === 'refresh_token') return this.#renew(form)
    const code = this.#codes.get(form.get('code') ?? '')
    this.#codes.delete(form.get('code') ?? '')
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const fits =
      code !== undefined &&
      code.redirectUri === form.get('redirect_uri') &&
      code.clientId === form.get('client_id') &&
      (code.challenge === null || code.challenge === verifier)
    // GitHub says so with 200.
    if (!fits)
      return json(200, { error: 'bad_verification_code', error_description: 'The code is incorrect or expired.' })
    return this.#granted(code.person)
  }

  #renew(form: URLSearchParams): Answer {
    const used = form.get('refresh_token') ?? ''
    const person = this.#refreshing.get(used)
    this.#refreshing.delete(used)
    if (person === undefined) return json(200, { error: 'bad_refresh_token' })
    return this.#granted(person)
  }

  #granted(person: Person): Answer {
    const token = random(PREFIX)
    this.#tokens.set(token, person)
    const granted = { access_token: token, token_type: 'bearer', scope: 'read:user,read:org,repo' }
    if (!person.expires) return json(200, granted)
    const refresh = random('ghr_')
    this.#refreshing.set(refresh, person)
    const ends = { expires_in: 28_800, refresh_token: refresh, refresh_token_expires_in: 15_897_600 }
    return json(200, { ...granted, ...ends })
  }
}

function random(prefix: string): string {
  return prefix + randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x')
}
