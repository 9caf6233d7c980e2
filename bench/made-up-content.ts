/** What stands in the repositories of a made-up store: trees, files, and the packages and actions that they name. */
import { createHash } from 'node:crypto'
import { randomFrom } from '#demo/github/synthetic.ts'
import { INVENTORY_VERSION } from '#lib/inventory/version.ts'
import { compress } from '#lib/snapshot/compression.ts'
import type { Database } from '#lib/store/database.ts'
import { saveHoldings } from '#lib/store/inventory.ts'

/** So many different contents are made; compressed they are as large as real ones, which no database makes smaller. */
const VARIANTS = 200
const SHARED_BLOBS = 100
const PACKAGES = 40_000
const NAMES = 16_000
const PACKAGES_EACH = 200
const ACTIONS = 1_500
const ACTIONS_EACH = 6

/**
 * Trees of three hundred paths and eight taken files each: seven workflows, half of them shared with others, and a lockfile
 * of two hundred packages. A few packages and actions are in nearly all of them, most in few, as it is.
 */
export async function fillContent(db: Database, { repos, scans }: { repos: number; scans: number }, now: Date) {
  await fillTrees(db, repos, now)
  await db.$executeRaw`update "Repository" set "treeOid" = md5('tree ' || id) || '00000000'`
  await db.$executeRaw`
    update "Snapshot" set "treeOid" = md5('tree ' || "repositoryId") || '00000000' where id = "repositoryId" * ${scans}::int`
  await fillInventory(db, repos)
  for (let first = 1; first <= repos; first += 1_000)
    await saveHoldings(
      db,
      Array.from({ length: Math.min(1_000, repos + 1 - first) }, (_, at) => BigInt(first + at)),
    )
  await db.$executeRawUnsafe('analyze')
}

async function fillTrees(db: Database, repos: number, now: Date): Promise<void> {
  const trees = Array.from({ length: VARIANTS }, (_, seed) => compress(JSON.stringify(entriesOf(seed))))
  const texts = Array.from({ length: VARIANTS }, (_, seed) => compress(workflowOf(seed)))
  const folders = compress('[]')
  await db.$executeRaw`
    insert into "Tree" (oid, entries, folders, count, complete, unread, "fetchedAt")
    select md5('tree ' || r) || '00000000', (${trees}::bytea[])[1 + r % ${VARIANTS}::int], ${folders}::bytea, 300, true, '[]', ${now}
    from generate_series(1, ${repos}::int) r`
  await db.$executeRaw`
    insert into "Blob" (oid, size, "binary", content, "fetchedAt")
    select md5('blob ' || b) || '00000000', 9000, false, (${texts}::bytea[])[1 + b % ${VARIANTS}::int], ${now}
    from generate_series(1, ${repos * 4 + SHARED_BLOBS}::int) b`
  await db.$executeRaw`
    insert into "RepositoryFile" ("treeOid", path, mode, "blobOid")
    select md5('tree ' || r) || '00000000', case when f = 7 then 'package-lock.json' else '.github/workflows/ci-' || f || '.yml' end,
      '100644', md5('blob ' || case when f < 4 then ${repos * 4}::int + 1 + (r * 7 + f) % ${SHARED_BLOBS}::int else (r - 1) * 4 + f - 3 end) || '00000000'
    from generate_series(1, ${repos}::int) r, generate_series(0, 7) f`
}

/** Every fourth blob is a lockfile. `power` makes the first of them common and the last of them rare. */
async function fillInventory(db: Database, repos: number): Promise<void> {
  await db.$executeRaw`
    insert into "Package" (id, purl, base, ecosystem, name, version)
    select p, base || '@' || version, base, ecosystem, name, version from (
      select p, 'pkg:' || ecosystem || '/' || name as base, ecosystem, name, '1.' || p / ${NAMES}::int || '.0' as version from (
        select p, 'package-' || p % ${NAMES}::int as name,
          (array['npm', 'npm', 'npm', 'pypi', 'golang'])[1 + p % ${NAMES}::int % 5] as ecosystem
        from generate_series(1, ${PACKAGES}::int) p) named) versioned`
  await db.$executeRaw`
    insert into "Action" (id, uses, version, base, ref, "refId", pinned)
    select a, base || '@' || ref, '', base, ref, base || '@' || ref, a % 3 = 0 from (
      select a, case when a % 75 < 3 then 'made-up/service-' || 1 + a / 75 else 'owner-' || a / 3 % 90 || '/action-' || a / 3 end as base,
        case when a % 3 = 0 then md5(a::text) || '00000000' else 'v' || a % 3 end as ref
      from generate_series(1, ${ACTIONS}::int) a) named`
  await db.$executeRaw`
    insert into "Inventory" ("blobOid", version, packages, "packageLines", hashed, actions, "actionLines")
    select md5('blob ' || b) || '00000000', ${INVENTORY_VERSION}, array_agg(p), array_agg(p % 3000), array_agg(true), '{}', '{}' from (
      select distinct b, 1 + floor(power((hashint8(b * 1000 + k) & 2147483647) / 2147483648.0::float8, 4) * ${PACKAGES}::int)::int as p
      from generate_series(4, ${repos * 4}::bigint, 4) b, generate_series(1, ${PACKAGES_EACH}::int) k) named group by b`
  await db.$executeRaw`
    insert into "Inventory" ("blobOid", version, packages, "packageLines", hashed, actions, "actionLines")
    select md5('blob ' || b) || '00000000', ${INVENTORY_VERSION}, '{}', '{}', '{}', array_agg(a), array_agg(a % 90) from (
      select distinct b, 1 + floor(power((hashint8(b * 1000 + k) & 2147483647) / 2147483648.0::float8, 3) * ${ACTIONS}::int)::int as a
      from generate_series(1, ${repos * 4 + SHARED_BLOBS}::bigint) b, generate_series(1, ${ACTIONS_EACH}::int) k
      where b % 4 > 0 or b > ${repos * 4}::int) named group by b`
}

function entriesOf(seed: number): object[] {
  const random = randomFrom(seed)
  return Array.from({ length: 300 }, (_, index) => {
    const oid = createHash('sha1').update(`${seed} ${index}`).digest('hex')
    const path = `src/part-${Math.floor(random() * 40)}/file-${index}.ts`
    return { path, mode: '100644', oid, size: Math.floor(random() * 9_000) }
  })
}

/** Nine thousand characters of which a third is said nowhere else. */
function workflowOf(seed: number): string {
  const random = randomFrom(seed)
  const step = (index: number) =>
    `      - run: npm run step-${index} -- --key ${Math.floor(random() * 1e9).toString(36)}${Math.floor(random() * 1e9).toString(36)}\n`
  return `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n${Array.from({ length: 180 }, (_, index) => step(index)).join('')}`
}
