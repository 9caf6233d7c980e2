/** A browser without a screen: follows redirects and keeps cookies, by host and port. */
export class Browsing {
  readonly #jar = new Map<string, Map<string, string>>()
  readonly #own: { origin: string; answer(request: Request): Promise<Response> }
  readonly #places: Readonly<Record<string, string>>

  /**
   * `own.answer` serves the origin under test; every other address is asked over the network, those of `places` where they
   * really are.
   */
  constructor(
    own: { origin: string; answer(request: Request): Promise<Response> },
    places: Readonly<Record<string, string>> = {},
  ) {
    this.#own = own
    this.#places = places
  }

  async open(address: string, init: RequestInit = {}): Promise<{ url: string; response: Response }> {
    let url = address
    let how = init
    for (let hops = 0; hops < 20; hops += 1) {
      const response = await this.#ask(url, how)
      const location = response.headers.get('location')
      if (location === null || response.status < 300 || response.status > 399) return { url, response }
      url = new URL(location, url).href
      how = {}
      if (new URL(url).origin === this.#own.origin && !new URL(url).pathname.startsWith('/api/auth/'))
        return { url, response }
    }
    throw new Error(`Too many redirects, the last to ${url}.`)
  }

  take(origin: string, response: Response): void {
    for (const cookie of response.headers.getSetCookie()) this.#keep(origin, cookie)
  }

  cookies(origin: string): string {
    return [...(this.#jar.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async #ask(url: string, init: RequestInit): Promise<Response> {
    const { origin } = new URL(url)
    const headers = new Headers(init.headers)
    const cookies = this.cookies(origin)
    if (cookies !== '') headers.set('cookie', cookies)
    const request = new Request(url.replace(origin, this.#places[origin] ?? origin), {
      ...init,
      headers,
      redirect: 'manual',
    })
    const response = await (origin === this.#own.origin ? this.#own.answer(request) : fetch(request))
    this.take(origin, response)
    return response
  }

  #keep(origin: string, cookie: string): void {
    const [pair = ''] = cookie.split(';')
    const [name = '', ...value] = pair.split('=')
    const jar = this.#jar.get(origin) ?? new Map<string, string>()
    this.#jar.set(origin, jar)
    if (/;\s*max-age=0\b/i.test(cookie) || value.join('=') === '') jar.delete(name)
    else jar.set(name, value.join('='))
  }
}
