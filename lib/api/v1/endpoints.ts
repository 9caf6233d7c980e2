/**
 * The public API, version 1: every endpoint with what it takes and what it answers. The OpenAPI description and its page
 * are written from this list, and the routes under `app/api/v1` answer by it. Dates are ISO 8601 texts in UTC.
 */
import { z } from 'zod'
import { MOST_CURSOR } from '../inventory.ts'
import { WAIVER_REASONS, WAIVER_STATES } from '../waivers.ts'

const OUTCOMES = ['pass', 'fail', 'waived', 'not-applicable', 'unknown', 'error'] as const
const instant = z.iso.datetime()
const grade = z.enum(['A', 'B', 'C', 'D', 'F'])

/** A page of a list. `cursor` is opaque: hand back the `next` of the answer before; null ends the list. */
const paging = z.object({
  cursor: z.string().max(MOST_CURSOR).optional().describe('The `next` of the page before; absent for the first page.'),
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Rows of a page, 100 at most.'),
})
const next = z.string().nullable().describe('The cursor of the page that follows; null where this is the last.')

const score = z.number().min(0).max(100).nullable().describe('0–100; null where nothing applied.')

export const repositoryRow = z.object({
  name: z.string(),
  visibility: z.enum(['public', 'private', 'internal']),
  archived: z.boolean(),
  fork: z.boolean(),
  language: z.string().nullable(),
  topics: z.array(z.string()),
  teams: z.array(z.string()),
  pushedAt: instant.nullable(),
  crawl: z
    .string()
    .nullable()
    .describe('Outcome of the last crawl: ok, partial, empty, denied, gone, blocked, failed.'),
  crawlReason: z.string().nullable(),
  commit: z.string().nullable().describe('The commit that was judged.'),
  scannedAt: instant.nullable(),
  checklistVersion: z.string().nullable(),
  score,
  grade: grade.nullable(),
  itemsMet: z.number().int().nullable(),
  itemsApplied: z.number().int().nullable(),
  hardening: score,
  openFindings: z.number().int().nullable().describe('Without the waived ones.'),
  waivedFindings: z.number().int().nullable(),
})

const checkResult = z.object({
  id: z.string(),
  item: z.string(),
  version: z.number().int(),
  outcome: z
    .enum(OUTCOMES)
    .describe('`unknown`: could not look; `waived`: all that is wrong is accepted for a time. Neither is good or bad.'),
  reason: z.string().nullable(),
  examined: z.number().int(),
  failing: z.number().int().describe('Without the waived ones.'),
  waived: z.number().int(),
  value: z.number().min(0).max(1).nullable(),
  notes: z.array(z.string()),
})

export const findingRow = z.object({
  repository: z.string(),
  checkId: z.string(),
  fingerprint: z.string().describe('Stays the same when the place moves to another line.'),
  path: z.string(),
  startLine: z.number().int(),
  endLine: z.number().int(),
  message: z.string(),
  weight: z.number(),
  fix: z.enum(['safe', 'review']).nullable().describe('Whether the finding brings a patch, and of what kind.'),
  firstSeen: instant,
  firstCommit: z.string(),
  waiver: z.number().int().nullable().describe('The waiver that stands over it; null where it counts.'),
})

export const waiverRow = z.object({
  id: z.number().int(),
  repository: z.string(),
  scope: z.enum(['finding', 'path', 'check', 'repository']),
  checkId: z.string().nullable().describe('null: of every check.'),
  fingerprint: z.string().nullable(),
  path: z.string().nullable().describe('A glob.'),
  subject: z.string().describe('What it is about, as it read when it was asked for.'),
  reason: z.enum(WAIVER_REASONS.map(({ id }) => id)),
  words: z.string(),
  state: z.enum(WAIVER_STATES),
  askedAt: instant,
  askedName: z.string(),
  decidedAt: instant.nullable(),
  decidedName: z.string().nullable(),
  until: instant.describe('The first moment in which it is in force no more.'),
  findings: z.number().int().describe('Open findings that it covers now.'),
})

const checkRow = z.object({
  id: z.string(),
  item: z.string(),
  title: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  version: z.number().int(),
  rationale: z.string(),
  remediation: z.string(),
  references: z.array(z.object({ catalogue: z.string(), id: z.string(), url: z.string() })),
  counts: z
    .object({
      pass: z.number().int(),
      waived: z.number().int(),
      fail: z.number().int(),
      unknown: z.number().int(),
      'not-applicable': z.number().int(),
    })
    .describe('Repositories by outcome.'),
  findings: z.number().int(),
})

const run = z.object({
  id: z.number().int(),
  kind: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  total: z.number().int(),
  done: z.number().int(),
  outcomes: z.record(z.string(), z.number().int()),
  rest: z.number().int(),
  points: z.number().int(),
  git: z.number().int(),
})

const organisation = z.object({
  name: z.string(),
  url: z.string(),
  demo: z.boolean(),
  coverage: z.object({
    total: z.number().int(),
    archived: z.number().int(),
    crawled: z.number().int(),
    scanned: z.number().int(),
    missing: z.array(z.object({ outcome: z.string(), count: z.number().int() })),
    oldest: instant.nullable(),
  }),
})

const inUse = z.object({
  base: z.string().describe('Of a package its purl without the version; of an action owner/repo or docker://image.'),
  name: z.string(),
  ecosystem: z.string().nullable().describe('The purl type or what reads it; null for actions.'),
  versions: z.number().int().describe('Different versions, or refs of an action, in use.'),
  repositories: z.number().int(),
})

const inUseAt = z.object({
  repository: z.string(),
  commit: z.string().nullable(),
  path: z.string(),
  line: z.number().int(),
  name: z.string(),
  what: z.string().describe('The purl, or what `uses:` says.'),
  version: z.string().nullable(),
  immutable: z.boolean().describe('Fixed by a hash, a full commit or a digest.'),
})

const asked = paging.extend({ q: z.string().max(300).optional().describe('What the name begins with.') })

const nothing = z.object({})
const named = z.object({ name: z.string().describe('The repository’s name without its owner.') })

export type Endpoint = {
  path: `/api/v1/${string}`
  summary: string
  /** What stands in the path; absent where nothing does. */
  params?: z.ZodObject
  query: z.ZodObject
  answer: z.ZodObject
}

export const ENDPOINTS = {
  organisation: {
    path: '/api/v1/organisation',
    summary: 'The organisation, and how much of it has been looked at.',
    query: nothing,
    answer: organisation,
  },
  repositories: {
    path: '/api/v1/repositories',
    summary: 'Repositories with their scores, by name.',
    query: paging.extend({
      q: z.string().max(200).optional().describe('Only names that hold this text.'),
      grade: grade.optional(),
      team: z.string().max(100).optional(),
      archived: z.enum(['no', 'yes', 'all']).default('no'),
    }),
    answer: z.object({ rows: z.array(repositoryRow), next }),
  },
  repository: {
    path: '/api/v1/repositories/{name}',
    summary: 'One repository with the outcome of every check.',
    params: named,
    query: nothing,
    answer: repositoryRow.extend({ checks: z.array(checkResult) }),
  },
  findings: {
    path: '/api/v1/findings',
    summary: 'Open findings, oldest first; waived ones are open, and name their waiver.',
    query: paging.extend({
      repository: z.string().max(200).optional(),
      check: z.string().max(100).optional(),
      waived: z.enum(['yes', 'no']).optional().describe('Only those that are waived, or only those that count.'),
    }),
    answer: z.object({ rows: z.array(findingRow), next }),
  },
  waivers: {
    path: '/api/v1/waivers',
    summary: 'Waivers, oldest first: asked for, in force, and over.',
    query: paging.extend({
      repository: z.string().max(200).optional(),
      state: z.enum(WAIVER_STATES).optional(),
    }),
    answer: z.object({ rows: z.array(waiverRow), next }),
  },
  checks: {
    path: '/api/v1/checks',
    summary: 'The checklist, and how the organisation stands in each check.',
    query: nothing,
    answer: z.object({ rows: z.array(checkRow) }),
  },
  packages: {
    path: '/api/v1/packages',
    summary: 'Packages in use, by their purl. A page may be shorter than asked for; `next` alone tells the end.',
    query: asked.extend({ ecosystem: z.string().max(50).optional() }),
    answer: z.object({ rows: z.array(inUse), next }),
  },
  packageUses: {
    path: '/api/v1/packages/uses',
    summary: 'The places that name a package.',
    query: paging.extend({
      purl: z.string().max(1000).describe('With or without a version, e.g. pkg:npm/lodash@4.17.21.'),
    }),
    answer: z.object({ rows: z.array(inUseAt), next }),
  },
  actions: {
    path: '/api/v1/actions',
    summary: 'Actions, reusable workflows and images that workflows call. `q` may be any part of the name.',
    query: asked,
    answer: z.object({ rows: z.array(inUse), next }),
  },
  actionUses: {
    path: '/api/v1/actions/uses',
    summary: 'The places that call an action.',
    query: paging.extend({
      uses: z.string().max(1000).describe('owner/repo or docker://image, with or without @ref.'),
    }),
    answer: z.object({ rows: z.array(inUseAt), next }),
  },
  crawls: {
    path: '/api/v1/crawls',
    summary: 'The newest crawls, and what the token may see.',
    query: nothing,
    answer: z.object({
      runs: z.array(run),
      capabilities: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string().nullable() })),
    }),
  },
} as const satisfies Record<string, Endpoint>

/** Every refusal, as RFC 9457 has it. `code` is from a closed list, `detail` says what to do. */
export const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
})
