import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AppError } from '#lib/errors.ts'

const seconds = z.number().nonnegative()

const fault = z.discriminatedUnion('kind', [
  /** The hour's budget is used up: REST 403, GraphQL 200 with an error of `type`; full again after `resetAfter` seconds. */
  z.strictObject({
    kind: z.literal('primary-limit'),
    resetAfter: seconds.default(3600),
    type: z.enum(['RATE_LIMIT', 'RATE_LIMITED']).default('RATE_LIMIT'),
  }),
  /** Too much in a short time; status 200 is GraphQL's way. Without `retryAfter` there is no such header. */
  z.strictObject({
    kind: z.literal('secondary-limit'),
    status: z.union([z.literal(403), z.literal(429), z.literal(200)]).default(403),
    retryAfter: seconds.optional(),
  }),
  /** An HTML page instead of JSON; GraphQL loses extra points by it. */
  z.strictObject({ kind: z.literal('bad-gateway'), status: z.union([z.literal(502), z.literal(504)]).default(502) }),
  /** GraphQL 200: the first `keep` objects are there, the others null with RESOURCE_LIMITS_EXCEEDED. */
  z.strictObject({ kind: z.literal('partial-data'), keep: z.int().nonnegative().default(1) }),
  /** GraphQL 200: lists within lists come shortened to `keep`, their totals too, and nothing says so. */
  z.strictObject({ kind: z.literal('silent-drop'), keep: z.int().nonnegative().default(0) }),
  /** GraphQL 200 without data: "Something went wrong while executing your query". */
  z.strictObject({ kind: z.literal('query-timeout') }),
  /** A tree of which only the first `keep` entries come, `truncated: true`. */
  z.strictObject({ kind: z.literal('truncated-tree'), keep: z.int().nonnegative().default(1) }),
  /** The connection ends without an answer. */
  z.strictObject({ kind: z.literal('connection-reset') }),
  /** Half of the body, then nothing for so long, then the rest. */
  z.strictObject({ kind: z.literal('slow-body'), milliseconds: z.number().nonnegative() }),
  /** Half of the body, then the connection ends. */
  z.strictObject({ kind: z.literal('cut-body') }),
  z.strictObject({ kind: z.literal('invalid-json') }),
  /** 401, the token expired or was revoked. */
  z.strictObject({ kind: z.literal('unauthorized') }),
  /** 403 with the page where the token can be authorised for the organisation. */
  z.strictObject({ kind: z.literal('sso-required') }),
  /** 200, and the header that says that organisations were silently left out. */
  z.strictObject({ kind: z.literal('sso-partial') }),
  z.strictObject({ kind: z.literal('ip-not-allowed') }),
  /** 403 Resource not accessible. */
  z.strictObject({ kind: z.literal('no-permission'), needs: z.string().default('administration=read') }),
  z.strictObject({ kind: z.literal('server-error') }),
  /** States of a repository: `on.repository` is needed, and REST, GraphQL and git agree about them. */
  z.strictObject({ kind: z.literal('empty') }),
  /** Listed, and gone when it is read. */
  z.strictObject({ kind: z.literal('gone') }),
  /** Taken down: 451 with the reason dmca, else 403. Still listed. */
  z.strictObject({ kind: z.literal('blocked'), reason: z.enum(['dmca', 'tos']).default('dmca') }),
  /** Listed as alive, and archived when it is looked at. */
  z.strictObject({ kind: z.literal('archived') }),
  /** Listed by its old name, then renamed: 301 to its id. */
  z.strictObject({ kind: z.literal('renamed'), to: z.string() }),
])

const rule = z.strictObject({
  on: z
    .strictObject({
      api: z.enum(['rest', 'graphql', 'git']).optional(),
      /** As in `counters.byRoute`: `GET /repos/{owner}/{repo}/git/trees/{tree_sha}`. */
      route: z.string().optional(),
      repository: z.string().optional(),
      /** A GraphQL operation's name. */
      operation: z.string().optional(),
      /** GraphQL queries that ask for more git objects than this. */
      objectsOver: z.int().optional(),
      /** GraphQL queries whose answer would be longer than this. */
      bytesOver: z.int().optional(),
    })
    .default({}),
  /** The first request that matches `on` and gets the fault, from 1. */
  from: z.int().positive().default(1),
  /** How many requests get it; all from there on by default. */
  times: z.int().positive().optional(),
  fault,
})

const scenario = z.array(rule)

export type Fault = z.infer<typeof fault>
type FaultKind = Fault['kind']
export const FAULT_KINDS: readonly FaultKind[] = fault.options.map(({ shape: { kind } }) => kind.value)
/** What goes wrong, as plain data: the first rule that matches a request and is due decides. See `rule` for the words. */
export type Scenario = readonly z.input<typeof rule>[]
export type Request = {
  api: 'rest' | 'graphql' | 'git'
  route: string
  repository?: string
  operation?: string
  objects?: number
  bytes?: number
}

const OF_REPOSITORY: readonly FaultKind[] = ['empty', 'gone', 'blocked', 'archived', 'renamed']
export type RepositoryFault = Extract<Fault, { kind: 'empty' | 'gone' | 'blocked' | 'archived' | 'renamed' }>

/** Plays a scenario: counts how often each rule matched, so that the same requests meet the same faults. */
export class Stage {
  readonly #rules: z.infer<typeof scenario>
  readonly #matched: number[]

  constructor(rules: Scenario = []) {
    const parsed = scenario.safeParse(rules)
    if (!parsed.success) {
      const wrong = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; ')
      throw new AppError('invalid-input', `The scenario cannot be used: ${wrong}.`, 'See demo/github/scenario.ts.')
    }
    const lost = parsed.data.find(({ on, fault: { kind } }) => OF_REPOSITORY.includes(kind) && !on.repository)
    if (lost !== undefined) {
      throw new AppError('invalid-input', `The fault ${lost.fault.kind} names no repository.`, 'Add on.repository.')
    }
    this.#rules = parsed.data
    this.#matched = parsed.data.map(() => 0)
  }

  /** The fault that this request meets, and counts it; states of a repository are asked for by `stateOf`. */
  meet(request: Request): Fault | null {
    let met: Fault | null = null
    for (const [index, { on, from, times, fault: wrong }] of this.#rules.entries()) {
      if (OF_REPOSITORY.includes(wrong.kind) || !matches(on, request)) continue
      const count = (this.#matched[index] ?? 0) + 1
      this.#matched[index] = count
      if (met === null && count >= from && count < from + (times ?? Number.POSITIVE_INFINITY)) met = wrong
    }
    return met
  }

  /** Whether answers are to be made before it is known what becomes of them. */
  get weighs(): boolean {
    return this.#rules.some(({ on }) => on.bytesOver !== undefined)
  }

  /** The state that the scenario gives a repository. */
  stateOf(repository: string): RepositoryFault | null {
    for (const { on, fault: wrong } of this.#rules) {
      if (on.repository?.toLowerCase() === repository.toLowerCase() && isOfRepository(wrong)) return wrong
    }
    return null
  }
}

function isOfRepository(wrong: Fault): wrong is RepositoryFault {
  return OF_REPOSITORY.includes(wrong.kind)
}

function matches(on: z.infer<typeof rule>['on'], request: Request): boolean {
  return (
    (on.api === undefined || on.api === request.api) &&
    (on.route === undefined || on.route === request.route) &&
    (on.repository === undefined || on.repository.toLowerCase() === request.repository?.toLowerCase()) &&
    (on.operation === undefined || on.operation === request.operation) &&
    (on.objectsOver === undefined || (request.objects ?? 0) > on.objectsOver) &&
    (on.bytesOver === undefined || (request.bytes ?? 0) > on.bytesOver)
  )
}

/** Reads a scenario from a JSON file. */
export function readScenario(path: string): Scenario {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Scenario
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AppError('invalid-input', `The scenario ${path} cannot be read: ${reason}.`, 'Name a JSON file.')
  }
}
