/** What the token may ask of an organisation, learnt by asking. */
import { GitHubTrouble } from './trouble.ts'

/** Named as people read them. */
export const CAPABILITY_NAMES = [
  'Repositories',
  'Contents',
  'Security settings',
  'Branch protection',
  'Actions policy of the organisation',
  'Actions policy of repositories',
  'Environments',
  'Teams',
  'Attestations',
  'Newer fields of the API',
] as const
type CapabilityName = (typeof CAPABILITY_NAMES)[number]

/** `denied`: rights are missing; `absent`: the host has no such thing, or the token may not know of it. */
type Capability = { name: CapabilityName; state: 'ok' | 'denied' | 'absent'; reason: string | null }

/** `reason` says why there is no value; `passing`: GitHub failed, and may answer the next time. */
export type Answered<T> = { value: T; reason: null } | { value: null; reason: string; passing: boolean }

const ABSENT =
  'GitHub says that there is no such thing: an older GitHub Enterprise Server, or a token without the right.'
/** A refusal is believed for an hour: each batch of a crawl would meet it again. */
const REFUSED_FOR = 60 * 60 * 1000
/** A token may have rights over some repositories and not over others: so many refusals in a row are all of them. */
const REFUSALS = 5

/** The capabilities met so far on one connection, the latest state of each. */
export class Capabilities {
  readonly #missing: ReadonlySet<string>
  readonly #told = new Map<CapabilityName, Capability & { until: number; times: number }>()

  /** `missing`: what this server's schema lacks. */
  constructor(missing: ReadonlySet<string> = new Set()) {
    this.#missing = missing
  }

  list(): Capability[] {
    const told = [...this.#told.values()].map(({ name, state, reason }) => ({ name, state, reason }))
    if (this.#missing.size === 0) return told
    const reason = `This server does not know ${[...this.#missing].sort().join(', ')}: what they tell is unknown here.`
    return [...told, { name: 'Newer fields of the API', state: 'absent', reason }]
  }

  /** What was refused is asked again: rights may have been given. */
  forget(): void {
    this.#told.clear()
  }

  tell(name: CapabilityName, state: Capability['state'], reason: string | null = null): void {
    const before = this.#told.get(name)
    const times = state === before?.state ? before.times + 1 : 1
    this.#told.set(name, { name, state, reason, times, until: performance.now() + REFUSED_FOR })
  }

  /** Asks something of the whole organisation, and remembers whether that was allowed. */
  ask<T>(name: CapabilityName, request: () => Promise<T>): Promise<Answered<T>> {
    return this.#ask(name, request, 1)
  }

  /** Asks something of one repository: a refusal by it is none by the others. */
  askOne<T>(name: CapabilityName, request: () => Promise<T>): Promise<Answered<T>> {
    return this.#ask(name, request, REFUSALS)
  }

  async #ask<T>(name: CapabilityName, request: () => Promise<T>, enough: number): Promise<Answered<T>> {
    const told = this.#told.get(name)
    if (told && told.state !== 'ok' && told.times >= enough && told.until > performance.now())
      return { value: null, reason: told.reason ?? ABSENT, passing: false }
    try {
      const value = await request()
      this.tell(name, 'ok')
      return { value, reason: null }
    } catch (error) {
      if (!(error instanceof GitHubTrouble)) throw error
      const { kind, message } = error
      const isRefusal = kind === 'denied' || (kind === 'not-found' && enough === 1)
      // What was allowed for one repository is a right that the token has, though not over this one.
      if (isRefusal && (enough === 1 || this.#told.get(name)?.state !== 'ok'))
        this.tell(name, kind === 'denied' ? 'denied' : 'absent', kind === 'denied' ? message : ABSENT)
      const isPassing = kind === 'failed' || kind === 'too-heavy'
      return { value: null, reason: kind === 'not-found' ? ABSENT : message, passing: isPassing }
    }
  }
}
