/**
 * What a judge says, read as strictly as what a stranger says: a process in which somebody else's code has come to run may
 * say anything.
 */
import { z } from 'zod'
import { ITEMS, SECTIONS } from '../check.ts'
import type { BlobInventory } from '../inventory/blobs.ts'
import type { ScanReport } from '../scan.ts'

const ITEM_IDS = [...ITEMS, ...SECTIONS].map(({ id }) => id)

const text = z.string()
const count = z.int().nonnegative()
const fraction = z.number().min(0).max(1)
const item = z.enum(ITEM_IDS)

const checklist = z.strictObject({
  checklistVersion: z.string().regex(/^[0-9a-f]{16}$/),
  checks: z.array(z.strictObject({ id: text, item, version: count, title: text })).min(1),
})

/** Which checks there are, as a judge told before it read anything. */
export type Checklist = z.output<typeof checklist>

const edit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('create'), path: text, text }),
  z.strictObject({
    kind: z.literal('replace'),
    path: text,
    start: count,
    end: count,
    text,
    anyOrder: z.literal(true).exactOptional(),
    indent: count.exactOptional(),
  }),
])
const finding = z.strictObject({
  message: text,
  evidence: z.strictObject({ path: text, startLine: count, endLine: count, excerpt: text }),
  weight: z.number().nonnegative(),
  fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
  patch: z.strictObject({ title: text, safety: z.enum(['safe', 'review']), edits: z.array(edit) }).exactOptional(),
  diff: text.exactOptional(),
})
const result = z.strictObject({
  id: text,
  item,
  version: count,
  outcome: z.enum(['pass', 'fail', 'not-applicable', 'unknown', 'error']),
  reason: text.exactOptional(),
  examined: count,
  value: fraction.nullable(),
  findings: z.array(finding),
  notes: z.array(text),
})
const inPlace = { path: text, line: count }
const report = z.strictObject({
  repository: text,
  commit: text,
  scannedAt: z.iso.datetime(),
  checklistVersion: text,
  policyHash: text,
  score: z.number().min(0).max(100).nullable(),
  grade: z.enum(['A', 'B', 'C', 'D', 'F']).nullable(),
  itemsMet: count,
  itemsApplied: count,
  hardening: z.number().min(0).max(100).nullable(),
  items: z.array(z.strictObject({ id: item, value: fraction.nullable(), met: z.boolean(), applied: count })),
  checks: z.array(result),
  inventory: z.strictObject({
    packages: z.array(
      z.strictObject({
        ...{ purl: text, ecosystem: text, name: text, version: text.nullable(), hashed: z.boolean() },
        ...inPlace,
      }),
    ),
    actions: z.array(
      z.strictObject({ ...{ uses: text, pinned: z.boolean(), version: text.exactOptional() }, ...inPlace }),
    ),
  }),
  leftOut: z.array(z.strictObject({ files: count, reason: text })),
  couldNotRead: z.array(z.strictObject({ path: text.nullable(), reason: text })),
})
const inventory = z.strictObject({
  oid: text,
  packages: z.array(
    z.strictObject({
      ...{ purl: text, base: text, ecosystem: text, name: text, version: text.nullable() },
      ...{ line: count, hashed: z.boolean() },
    }),
  ),
  actions: z.array(
    z.strictObject({
      ...{ uses: text, base: text, ref: text.nullable(), refId: text.nullable(), pinned: z.boolean() },
      ...{ version: text.nullable(), line: count },
    }),
  ),
})
const answer = z.union([
  z.strictObject({ number: count, report, inventories: z.array(inventory) }),
  z.strictObject({ number: count, failed: text }),
])

/** A judgement, or why there is none. */
export type Answered = { report: ScanReport; inventories: BlobInventory[] } | { failed: string }

/** Null where it is not what a judge says. */
export function readChecklist(json: string): Checklist | null {
  return checklist.safeParse(parsed(json)).data ?? null
}

/** Null where it is no answer, or one to another question. */
export function readAnswer(json: string, number: number): Answered | null {
  const { data } = answer.safeParse(parsed(json))
  return data?.number === number ? data : null
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // What is no JSON is no answer.
    return undefined
  }
}
