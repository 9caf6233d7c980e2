/** Open pages that are told what changes, by server-sent events: who listens, for how long, and who may hear. */
import { BEAT_MS, type Marks } from '../api/events.ts'
import type { Sees } from '../api/frame.ts'
import { may, type Viewer } from '../auth/permit.ts'
import { AppError } from '../errors.ts'

export type Bounds = {
  /** Streams at once, of everybody and of one person: a tab holds one, and only while it is seen. */
  streams: number
  streamsOfOne: number
  beatMs: number
}
export const BOUNDS: Bounds = { streams: 1_000, streamsOfOne: 24, beatMs: BEAT_MS }

/** So much may lie unread before whoever does not read is let go. */
const MOST_UNREAD = 32
/** How long a browser waits before it comes back to a stream that ended. */
const RETRY_MS = 3_000

type Source = {
  /** Calls `changed` for every change until what it returned is called. Begins with the first stream, ends with the last. */
  watch(changed: () => Promise<void>): () => void
  /** `org`: the login of the organisation that the page shows; null where it is the first. */
  marks(sees: Sees, org: string | null): Promise<Marks>
  failed(error: unknown): void
}

type MarksFor = (sees: Sees, org: string | null) => Promise<string>

type Stream = {
  viewer: Viewer
  org: string | null
  /** Who this is by now; null once they signed out. */
  again(): Promise<Viewer | null>
  send(text: string): void
  end(): void
  last: string
}

type Opening = Pick<Stream, 'viewer' | 'org'> & { left?: AbortSignal }

/**
 * All streams of this process. An event holds marks of what its reader may see and nothing else; before each one, and at
 * every beat, it is asked again who that reader is.
 */
export class EventStreams {
  readonly #source: Source
  readonly #bounds: Bounds
  readonly #streams = new Set<Stream>()
  #stop: (() => void) | null = null
  #rounds: Promise<void> = Promise.resolve()

  constructor(source: Source, bounds: Bounds = BOUNDS) {
    this.#source = source
    this.#bounds = bounds
  }

  get size(): number {
    return this.#streams.size
  }

  /**
   * A stream for this person's page about this organisation (null: the first). `left`: the request's signal, which tells also
   * of those who went before the first byte; their stream nobody reads, and nobody cancels. Throws AppError `rate-limited`
   * where they, or all together, hold too many.
   */
  open({ viewer, org, left }: Opening, again: Stream['again']): ReadableStream<Uint8Array> {
    const own = [...this.#streams].filter(stream => stream.viewer.id === viewer.id).length
    if (this.#streams.size >= this.#bounds.streams || own >= this.#bounds.streamsOfOne)
      throw new AppError('rate-limited', 'Too many pages listen for changes.', 'This one asks by itself instead.')
    const encoder = new TextEncoder()
    let stream: Stream | undefined
    return new ReadableStream<Uint8Array>({
      start: controller => {
        if (left?.aborted) return controller.close()
        const opened: Stream = {
          viewer,
          org,
          again,
          last: '',
          send: text => {
            if ((controller.desiredSize ?? 0) < -MOST_UNREAD) this.#end(opened)
            else controller.enqueue(encoder.encode(text))
          },
          end: () => controller.close(),
        }
        stream = opened
        this.#streams.add(opened)
        left?.addEventListener('abort', () => this.#forget(opened), { once: true })
        opened.send(`retry: ${RETRY_MS}\n\n`)
        this.#begin()
        this.#round([opened])
      },
      cancel: () => {
        if (stream !== undefined) this.#forget(stream)
      },
    })
  }

  /** Lets everybody go, e.g. because the server stops. */
  endAll(): void {
    for (const stream of this.#streams) this.#end(stream)
  }

  #begin(): void {
    if (this.#stop !== null) return
    const unwatch = this.#source.watch(() => this.#round([...this.#streams]))
    const beats = setInterval(() => {
      const streams = [...this.#streams]
      for (const stream of streams) stream.send('event: beat\ndata:\n\n')
      void this.#round(streams, true)
    }, this.#bounds.beatMs)
    this.#stop = () => {
      clearInterval(beats)
      unwatch()
    }
  }

  #end(stream: Stream): void {
    if (!this.#forget(stream)) return
    stream.end()
  }

  #forget(stream: Stream): boolean {
    const wasHeld = this.#streams.delete(stream)
    if (this.#streams.size === 0) {
      this.#stop?.()
      this.#stop = null
    }
    return wasHeld
  }

  /** One after another, so that no older mark is told after a newer one. What many see alike is read once a round. */
  #round(streams: readonly Stream[], asksWho = false): Promise<void> {
    this.#rounds = this.#rounds.then(async () => {
      const read = new Map<string, Promise<string>>()
      const marksFor: MarksFor = (sees, org) => {
        const key = JSON.stringify([sees.all || sees.userId, org])
        const known = read.get(key) ?? this.#source.marks(sees, org).then(marks => JSON.stringify(marks))
        read.set(key, known)
        return known
      }
      for (const stream of streams) {
        if (!this.#streams.has(stream)) continue
        try {
          await this.#tell(stream, marksFor, asksWho)
        } catch (error) {
          this.#source.failed(error)
          // A page that is told nothing must not take that for no change: it asks, and says that there is no answer.
          this.#end(stream)
        }
      }
    })
    return this.#rounds
  }

  async #tell(stream: Stream, marksFor: MarksFor, asksWho: boolean): Promise<void> {
    if (!asksWho && (await marksFor(stream.viewer.sees, stream.org)) === stream.last) return
    const viewer = await stream.again()
    if (viewer === null || viewer.id !== stream.viewer.id || !may(viewer, 'read')) return this.#end(stream)
    stream.viewer = viewer
    const text = await marksFor(viewer.sees, stream.org)
    if (text === stream.last || !this.#streams.has(stream)) return
    stream.last = text
    stream.send(`data: ${text}\n\n`)
  }
}
