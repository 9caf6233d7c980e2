import type { BlobInventory } from '../inventory/blobs.ts'
import { INVENTORY_VERSION } from '../inventory/version.ts'
import type { Database } from './database.ts'
import { rowsJson, storable } from './text.ts'

/** Longer than any real name; an index row cannot hold more. */
const MOST_CHARACTERS = 1_000

/**
 * Keeps what each blob names. One that is known by the same readers is left as it is, so that the thousandth repository
 * with the same lockfile costs nothing. Five queries at the most, none of them inside a transaction: each is complete in
 * itself and may be repeated.
 */
export async function saveInventories(db: Database, inventories: readonly BlobInventory[]): Promise<void> {
  const distinct = new Map(inventories.map(inventory => [inventory.oid, inventory]))
  const known = await db.$queryRaw<{ blobOid: string }[]>`
    SELECT "blobOid" FROM "Inventory" WHERE "blobOid" = ANY(${[...distinct.keys()]}) AND "version" = ${INVENTORY_VERSION}`
  for (const { blobOid } of known) distinct.delete(blobOid)
  if (distinct.size === 0) return
  const fresh = [...distinct.values()].map(cleaned).sort((a, b) => (a.oid < b.oid ? -1 : 1))
  const packages = await packageIds(db, fresh)
  const actions = await actionIds(db, fresh)
  const rows = fresh.map(blob => ({
    blobOid: blob.oid,
    packages: blob.packages.map(({ purl }) => packages.get(purl)),
    packageLines: blob.packages.map(({ line }) => line),
    hashed: blob.packages.map(({ hashed }) => hashed),
    actions: blob.actions.map(action => actions.get(keyOf(action))),
    actionLines: blob.actions.map(({ line }) => line),
  }))
  await db.$executeRaw`
    INSERT INTO "Inventory" ("blobOid", "version", "packages", "packageLines", "hashed", "actions", "actionLines")
    SELECT i."blobOid", ${INVENTORY_VERSION}, i."packages", i."packageLines", i."hashed", i."actions", i."actionLines"
    FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb) AS i("blobOid" text, "packages" int[], "packageLines" int[],
      "hashed" boolean[], "actions" int[], "actionLines" int[])
    ON CONFLICT ("blobOid") DO UPDATE SET "version" = EXCLUDED."version", "packages" = EXCLUDED."packages",
      "packageLines" = EXCLUDED."packageLines", "hashed" = EXCLUDED."hashed", "actions" = EXCLUDED."actions",
      "actionLines" = EXCLUDED."actionLines"`
}

/**
 * Keeps what these repositories hold now, whose inventories are kept: who holds what is told from it. Said twice it changes
 * nothing. One query.
 */
export async function saveHoldings(db: Database, repositoryIds: readonly bigint[]): Promise<void> {
  await db.$executeRaw`SELECT "keep_holdings"(${[...repositoryIds]}::bigint[])`
}

/** Names as the database can hold them; one that no index could hold is no real name and is left out. */
function cleaned({ oid, packages, actions }: BlobInventory): BlobInventory {
  return {
    oid,
    packages: packages
      .filter(({ purl }) => purl.length <= MOST_CHARACTERS)
      .map(one => ({ ...one, purl: storable(one.purl) })),
    actions: actions
      .filter(({ uses, version }) => uses.length + (version?.length ?? 0) <= MOST_CHARACTERS)
      .map(one => ({ ...one, uses: storable(one.uses) })),
  }
}

/** Every package has a row when this is done, written in the order of the purls, so that two writers never deadlock. */
async function packageIds(db: Database, blobs: readonly BlobInventory[]): Promise<Map<string, number>> {
  const named = new Map(blobs.flatMap(({ packages }) => packages.map(one => [one.purl, one] as const)))
  if (named.size === 0) return new Map()
  const purls = [...named.keys()]
  await db.$executeRaw`
    INSERT INTO "Package" ("purl", "base", "ecosystem", "name", "version")
    SELECT p."purl", p."base", p."ecosystem", p."name", p."version"
    FROM jsonb_to_recordset(${rowsJson([...named.values()])}::jsonb)
      AS p("purl" text, "base" text, "ecosystem" text, "name" text, "version" text)
    WHERE NOT EXISTS (SELECT 1 FROM "Package" known WHERE known."purl" = p."purl")
    ORDER BY p."purl" ON CONFLICT ("purl") DO NOTHING`
  const rows = await db.$queryRaw<{ id: number; purl: string }[]>`
    SELECT "id", "purl" FROM "Package" WHERE "purl" = ANY(${purls})`
  return new Map(rows.map(({ id, purl }) => [purl, id]))
}

async function actionIds(db: Database, blobs: readonly BlobInventory[]): Promise<Map<string, number>> {
  const named = new Map(blobs.flatMap(({ actions }) => actions.map(one => [keyOf(one), one] as const)))
  if (named.size === 0) return new Map()
  const rows = [...named.values()].map(one => ({ ...one, version: one.version ?? '' }))
  const made = await db.$queryRaw<{ id: number; uses: string; version: string }[]>`
    WITH asked AS (
      SELECT * FROM jsonb_to_recordset(${rowsJson(rows)}::jsonb)
        AS a("uses" text, "version" text, "base" text, "ref" text, "refId" text, "pinned" boolean)
    ), written AS (
      INSERT INTO "Action" ("uses", "version", "base", "ref", "refId", "pinned")
      SELECT "uses", "version", "base", "ref", "refId", "pinned" FROM asked ORDER BY "uses", "version"
      ON CONFLICT ("uses", "version") DO UPDATE SET "base" = EXCLUDED."base"
      RETURNING "id", "uses", "version"
    )
    SELECT "id", "uses", "version" FROM written`
  return new Map(made.map(({ id, uses, version }) => [keyOf({ uses, version }), id]))
}

function keyOf({ uses, version }: { uses: string; version: string | null }): string {
  return `${uses} ${version ?? ''}`
}
