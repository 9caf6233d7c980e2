/**
 * What a judge says, read as strictly as what a stranger says: a process in which somebody else's code has come to run may
 * say anything.
 */
import { z } from 'zod'
import { type Evidence, ITEMS, type Patch, SECTIONS } from '../check.ts'
import type { ActionInUse } from '../inventory/actions.ts'
import type { BlobAction, BlobInventory, BlobPackage } from '../inventory/blobs.ts'
import type { PackageInUse } from '../inventory/packages.ts'
import type { Edit } from '../patch/patch.ts'
import type { CheckResult, ReportedFinding, ScanReport } from '../scan.ts'

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

// A shape that gets a field gets it here too, or this does not compile: an answer with a field that is unknown is none.
type Shape<T> = { [Field in keyof Required<T>]: z.ZodType }

const create = { kind: z.literal('create'), path: text, text, anyOrder: z.literal(true).exactOptional() }
const replace = {
  ...{ kind: z.literal('replace'), path: text, start: count, end: count, text },
  ...{ anyOrder: z.literal(true).exactOptional(), indent: count.exactOptional() },
}
const edit = z.discriminatedUnion('kind', [
  z.strictObject(create satisfies Shape<Extract<Edit, { kind: 'create' }>>),
  z.strictObject(replace satisfies Shape<Extract<Edit, { kind: 'replace' }>>),
])
const patch = { title: text, safety: z.enum(['safe', 'review']), edits: z.array(edit) }
const evidence = { path: text, startLine: count, endLine: count, excerpt: text }
const finding = {
  message: text,
  evidence: z.strictObject(evidence satisfies Shape<Evidence>),
  weight: z.number().nonnegative(),
  fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
  patch: z.strictObject(patch satisfies Shape<Patch>).exactOptional(),
  diff: text.exactOptional(),
}
const result = {
  id: text,
  item,
  version: count,
  outcome: z.enum(['pass', 'fail', 'not-applicable', 'unknown', 'error']),
  reason: text.exactOptional(),
  examined: count,
  outOf: z.number().nonnegative().exactOptional(),
  value: fraction.nullable(),
  findings: z.array(z.strictObject(finding satisfies Shape<ReportedFinding>)),
  notes: z.array(text),
}
const named = { purl: text, ecosystem: text, name: text, version: text.nullable(), line: count, hashed: z.boolean() }
const inPlace = {
  packages: { ...named, path: text },
  actions: { uses: text, path: text, line: count, pinned: z.boolean(), version: text.exactOptional() },
}
const report = {
  ...{ repository: text, commit: text, scannedAt: z.iso.datetime(), checklistVersion: text, policyHash: text },
  score: z.number().min(0).max(100).nullable(),
  grade: z.enum(['A', 'B', 'C', 'D', 'F']).nullable(),
  itemsMet: count,
  itemsApplied: count,
  hardening: z.number().min(0).max(100).nullable(),
  items: z.array(z.strictObject({ id: item, value: fraction.nullable(), met: z.boolean(), applied: count })),
  checks: z.array(z.strictObject(result satisfies Shape<CheckResult>)),
  inventory: z.strictObject({
    packages: z.array(z.strictObject(inPlace.packages satisfies Shape<PackageInUse>)),
    actions: z.array(z.strictObject(inPlace.actions satisfies Shape<ActionInUse>)),
  }),
  leftOut: z.array(z.strictObject({ files: count, reason: text })),
  couldNotRead: z.array(z.strictObject({ path: text.nullable(), reason: text })),
}
const inBlob = {
  packages: { ...named, base: text },
  actions: {
    ...{ uses: text, base: text, ref: text.nullable(), refId: text.nullable(), pinned: z.boolean() },
    ...{ version: text.nullable(), line: count },
  },
}
const inventory = {
  oid: text,
  packages: z.array(z.strictObject(inBlob.packages satisfies Shape<BlobPackage>)),
  actions: z.array(z.strictObject(inBlob.actions satisfies Shape<BlobAction>)),
}
const answer = z.union([
  z.strictObject({
    number: count,
    report: z.strictObject(report satisfies Shape<ScanReport>),
    inventories: z.array(z.strictObject(inventory satisfies Shape<BlobInventory>)),
    owners: z.array(z.string().min(1).max(200)).max(50),
  }),
  z.strictObject({ number: count, failed: text }),
])

/** A judgement, or why there is none. */
export type Answered = { report: ScanReport; inventories: BlobInventory[]; owners: string[] } | { failed: string }

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
