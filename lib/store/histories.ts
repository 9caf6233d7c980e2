/**
 * How repositories came to stand as they do, held in memory: what a scan made of a repository never changes. It is the same
 * for everybody, and asked for by scans of repositories that the asker was found to see (pages/population.ts).
 */
import { Prisma } from '#prisma/generated/client.ts'
import type { Database } from './database.ts'

/** A score where nothing applied, or that is none. */
export const NONE = -1
/** In place of a scan's number, of a repository that was never judged. */
export const NO_SCAN = 0

/**
 * By place a repository as of a scan. What there are several of stands behind each other in one list, those of a place from
 * `from[place]` to `from[place + 1]`: a list for each repository takes several times as long to go through.
 */
export type Histories = {
  id: Float64Array
  scanId: Int32Array
  /** `NONE` where there is none, as `hardening`. */
  score: Float64Array
  hardening: Float64Array
  /** 1: every item that applied was met. */
  allMet: Int32Array
  findings: Int32Array
  /** When the score or `allMet` changed, in milliseconds and by the number of the day, oldest first; and to what. */
  past: { from: Int32Array; at: Float64Array; day: Int32Array; score: Float64Array; allMet: Int32Array }
  /** As `Course` packs them: how it came into its states of items and of checks, one check behind another, and how it stands. */
  items: Packed
  checks: Packed
  stands: Packed
}

export type Packed = { from: Int32Array; numbers: Int32Array }

/**
 * `histories` grow, so that what stands in a place goes on to stand there. `places`: by the scan. `repositories`: whose these
 * are; where there are many more scans, most are outdated, and all begins anew.
 */
export type Held = {
  histories: Histories
  readonly places: ReadonlyMap<number, number>
}
type Holding = Held & { places: Map<number, number>; repositories: Set<number>; reading: Promise<void> }

const held = new WeakMap<Database, Holding>()

/** How many are read at a time: some hundred bytes each. */
const READ_AT_ONCE = 10_000
/** From when PostgreSQL counts, and courses their days. */
export const EPOCH = Date.UTC(2000, 0, 1)
export const DAY_MS = 24 * 3600 * 1000

/** What is held by now. */
export function heldNow(db: Database): Held {
  return holdingOf(db)
}

function holdingOf(db: Database): Holding {
  const known = held.get(db)
  if (known !== undefined && known.places.size <= 2 * Math.max(known.repositories.size, READ_AT_ONCE)) return known
  const begun = { histories: NOTHING, places: new Map(), repositories: new Set<number>(), reading: Promise.resolve() }
  held.set(db, begun)
  return begun
}

/**
 * The histories as of those latest scans, and where in there each stands; a repository that was scanned again in between has no
 * place until it is asked for by its new scan. One query for each ten thousand that are not held yet.
 */
export async function historiesOf(db: Database, scans: readonly Int32Array[]): Promise<Held> {
  const known = holdingOf(db)
  const { places } = known
  if (unknownOf(scans, places).length > 0) {
    // One visit after another: what two ask for is read once. That another's read failed is told to that one.
    known.reading = known.reading.catch(() => {}).then(() => readUnknown(db, known, scans))
    await known.reading
  }
  return known
}

async function readUnknown(db: Database, known: Holding, scans: readonly Int32Array[]): Promise<void> {
  const unknown = unknownOf(scans, known.places)
  for (let at = 0; at < unknown.length; at += READ_AT_ONCE)
    take(known, await readSent(db, unknown.slice(at, at + READ_AT_ONCE)))
}

function unknownOf(scans: readonly Int32Array[], places: ReadonlyMap<number, number>): number[] {
  const unknown: number[] = []
  for (const list of scans) for (const scan of list) if (scan !== NO_SCAN && !places.has(scan)) unknown.push(scan)
  return unknown
}

const LISTS = ['h."at"', 'h.scores', 'h."allMet"', 'array[c.items]', 'c.checks', 'array[c.stands]'].map(
  list => `array_send(${list})`,
)

/** As bytes in one text: rows of lists take several times as long to read. */
async function readSent(db: Database, scans: readonly number[]): Promise<Sent> {
  const [row] = await db.$queryRaw<[{ sent: string | null }]>`
    select encode(string_agg(int8send(s."repositoryId") || int4send(s."scanId") || int4send(s."openFindings")
      || float8send(coalesce(s.score, ${NONE}::float8)) || float8send(coalesce(s.hardening, ${NONE}::float8))
      || int4send((s."itemsApplied" > 0 and s."itemsMet" = s."itemsApplied")::int)
      || ${Prisma.raw(LISTS.join(' || '))}, ''::bytea order by s."repositoryId"), 'base64') as sent
    from "Standing" s join "ScoreHistory" h using ("repositoryId") join "Course" c using ("repositoryId")
    where s."scanId" = any(string_to_array(${scans.join(',')}, ',')::int[])`
  return new Sent(Buffer.from(row.sent ?? '', 'base64'))
}

/** What PostgreSQL's own functions made bytes of, read from the front. */
class Sent {
  readonly bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  get isRead(): boolean {
    return this.#at === this.bytes.length
  }

  int(): number {
    this.#at += 4
    return this.bytes.readInt32BE(this.#at - 4)
  }

  float(): number {
    this.#at += 8
    return this.bytes.readDoubleBE(this.#at - 8)
  }

  long(): number {
    this.#at += 8
    return Number(this.bytes.readBigInt64BE(this.#at - 8))
  }

  /** A list: behind how many dimensions it has, whether it holds nulls and of what it is its length and where it begins. */
  list(element: (length: number) => void): void {
    const dimensions = this.int()
    this.#at += 8
    if (dimensions === 0) return
    const count = this.int()
    this.#at += 4
    for (let place = 0; place < count; place++) element(this.int())
  }

  boolean(): number {
    this.#at += 1
    return this.bytes.readInt8(this.#at - 1)
  }
}

const NO_NUMBERS: Packed = { from: Int32Array.of(0), numbers: Int32Array.of() }
const NOTHING: Histories = {
  ...{ id: Float64Array.of(), scanId: Int32Array.of(), score: Float64Array.of(), hardening: Float64Array.of() },
  ...{ allMet: Int32Array.of(), findings: Int32Array.of(), items: NO_NUMBERS },
  ...{ checks: NO_NUMBERS, stands: NO_NUMBERS },
  past: {
    ...{ from: Int32Array.of(0), at: Float64Array.of(), day: Int32Array.of() },
    ...{ score: Float64Array.of(), allMet: Int32Array.of() },
  },
}

/** Puts what was sent behind what is held, in lists of their own: who goes through the old ones goes on. */
function take(known: Holding, sent: Sent): void {
  const { histories: old, places, repositories } = known
  const [id, scanId, findings, score, hardening, allMet] = [list(), list(), list(), list(), list(), list()]
  const past = { from: list(), at: list(), day: list(), score: list(), allMet: list() }
  const [items, checks, stands] = [new Come(old.items), new Come(old.checks), new Come(old.stands)]
  while (!sent.isRead) {
    id.push(sent.long())
    scanId.push(sent.int())
    findings.push(sent.int())
    score.push(sent.float())
    hardening.push(sent.float())
    allMet.push(sent.int())
    sent.list(() => {
      const at = EPOCH + sent.long() / 1_000
      past.at.push(at)
      past.day.push(dayNumber(at))
    })
    sent.list(() => past.score.push(sent.float()))
    sent.list(() => past.allMet.push(sent.boolean()))
    past.from.push(old.past.at.length + past.at.length)
    for (const come of [items, checks, stands]) come.take(sent)
  }
  for (const [place, scan] of scanId.entries()) places.set(scan, old.id.length + place)
  for (const repository of id) repositories.add(repository)
  known.histories = {
    ...{ id: floats(old.id, id), scanId: ints(old.scanId, scanId), findings: ints(old.findings, findings) },
    ...{ score: floats(old.score, score), hardening: floats(old.hardening, hardening) },
    ...{ allMet: ints(old.allMet, allMet), items: items.all, checks: checks.all, stands: stands.all },
    past: {
      ...{ from: ints(old.past.from, past.from), at: floats(old.past.at, past.at), day: ints(old.past.day, past.day) },
      ...{ score: floats(old.past.score, past.score), allMet: ints(old.past.allMet, past.allMet) },
    },
  }
}

/** Packed numbers that came, behind those that are held. */
class Come {
  readonly #before: Packed
  readonly #from = list()
  readonly #numbers = list()

  constructor(before: Packed) {
    this.#before = before
  }

  take(sent: Sent): void {
    sent.list(length => {
      for (let at = 0; at < length; at += 4) this.#numbers.push(sent.int())
    })
    this.#from.push(this.#before.numbers.length + this.#numbers.length)
  }

  get all(): Packed {
    return { from: ints(this.#before.from, this.#from), numbers: ints(this.#before.numbers, this.#numbers) }
  }
}

/** The day in which that time lies, as courses number it. */
export function dayNumber(at: number): number {
  return Math.floor((at - EPOCH) / DAY_MS)
}

function list(): number[] {
  return []
}

function ints(before: Int32Array, come: readonly number[]): Int32Array {
  const all = new Int32Array(before.length + come.length)
  all.set(before)
  all.set(come, before.length)
  return all
}

function floats(before: Float64Array, come: readonly number[]): Float64Array {
  const all = new Float64Array(before.length + come.length)
  all.set(before)
  all.set(come, before.length)
  return all
}
