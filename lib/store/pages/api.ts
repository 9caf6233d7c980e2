import { z } from 'zod'
import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { ENDPOINTS, findingRow, repositoryRow, waiverRow } from '../../api/v1/endpoints.ts'
import { AppError } from '../../errors.ts'
import type { Outcome } from '../../scan.ts'
import type { Database } from '../database.ts'
import { likeText, storable } from '../text.ts'
import { visible, visibleNamed } from '../visible.ts'
import { cursorOf, placeOf, textOf } from './cursor.ts'
import { inUsePlace, searchActions, searchPackages } from './inventory.ts'
import { usePlace, usersOfAction, usersOfPackage } from './uses.ts'
import { waiverColumns } from './waivers.ts'

type Row = z.infer<typeof repositoryRow>
type Asked<Id extends keyof typeof ENDPOINTS> = z.output<(typeof ENDPOINTS)[Id]['query']>
type Page<T> = { rows: T[]; next: string | null }

const columns = Prisma.sql`r.name, r.visibility, r.archived, r.fork, r."primaryLanguage" as language, r.topics,
  coalesce(r.teams, '{}') as teams, r."pushedAt", r.outcome as crawl, r."outcomeReason" as "crawlReason",
  p."headOid" as commit, s."scannedAt", s."checklistVersion", s.score, s.grade, s."itemsMet", s."itemsApplied",
  s.hardening, s."openFindings", s."waivedFindings"`

const scanned = Prisma.sql`left join "Scan" s on s.id = r."latestScanId" left join "Snapshot" p on p.id = s."snapshotId"`

/** By name, from behind the cursor. One query. */
export async function listRepositories(
  db: Database,
  scope: Scope,
  { cursor, limit, q, grade, team, archived }: Asked<'repositories'>,
): Promise<Page<Row>> {
  const after = cursor === undefined ? null : textOf(cursor)
  const wanted = [Prisma.sql`true`]
  if (after !== null) wanted.push(Prisma.sql`r.name > ${after}`)
  if (q !== undefined) wanted.push(Prisma.sql`r.name ilike ${`%${likeText(q)}%`}`)
  if (grade !== undefined)
    wanted.push(Prisma.sql`r.id in (select st."repositoryId" from "Standing" st where st.grade = ${grade})`)
  if (team !== undefined) wanted.push(Prisma.sql`${team} = any(r.teams)`)
  if (archived !== 'all') wanted.push(Prisma.sql`r.archived = ${archived === 'yes'}`)
  const found = await db.$queryRaw<Told[]>`
    select ${columns} from "Repository" r ${scanned} where ${visible(scope)} and ${Prisma.join(wanted, ' and ')}
    order by r.name limit ${limit + 1}`
  return page(found.map(dated<Row>), limit, row => row.name)
}

/** With the outcome of every check; null where it is not there or not shown. Two queries. */
export async function findRepository(db: Database, scope: Scope, name: string) {
  const found = await db.repository.findFirst({
    where: visibleNamed(scope, name),
    select: { id: true, latestScanId: true },
  })
  if (found === null) return null
  const [[row], results] = await Promise.all([
    db.$queryRaw<
      Told[]
    >`select ${columns} from "Repository" r ${scanned} where ${visible(scope)} and r.id = ${found.id}`,
    found.latestScanId === null ? [] : db.checkResult.findMany({ where: { scanId: found.latestScanId } }),
  ])
  if (row === undefined) return null
  const checks = results.map(({ scanId: _, checkId: id, ...result }) => ({
    ...result,
    id,
    outcome: result.outcome as Outcome,
  }))
  return { ...dated<Row>(row), checks }
}

type Finding = z.infer<typeof findingRow>

/**
 * Open findings, oldest first, from behind the cursor, which says where the last one stands among those that are shown: a
 * number of ours would tell how many there are in all. One query.
 */
export async function listFindings(
  db: Database,
  scope: Scope,
  { cursor, limit, repository, check, waived }: Asked<'findings'>,
): Promise<Page<Finding>> {
  const wanted = [Prisma.sql`f."fixedAt" is null`]
  const behind = placeAt(cursor, findingPlace)
  if (behind !== undefined) {
    const [since, name, checkId, fingerprint] = behind
    wanted.push(Prisma.sql`f."firstSeen" >= ${since}::timestamptz and (f."firstSeen", r.name, f."checkId", f.fingerprint)
      > (${since}::timestamptz, ${name}, ${checkId}, ${fingerprint})`)
  }
  if (repository !== undefined) wanted.push(Prisma.sql`r.name = ${repository}`)
  if (check !== undefined) wanted.push(Prisma.sql`f."checkId" = ${check}`)
  if (waived !== undefined) wanted.push(Prisma.sql`(f."waiverId" is not null) = ${waived === 'yes'}`)
  const found = await db.$queryRaw<Told[]>`
    select r.name as repository, f."checkId", f.fingerprint, f.path, f."startLine", f."endLine", f.message,
      f.weight, f.patch->>'safety' as fix, f."firstSeen", f."firstCommit", f."waiverId" as waiver
    from "Finding" f join "Repository" r on r.id = f."repositoryId" where ${visible(scope)} and ${Prisma.join(wanted, ' and ')}
    order by f."firstSeen", r.name, f."checkId", f.fingerprint limit ${limit + 1}`
  return page(found.map(dated<Finding>), limit, ({ firstSeen, repository: name, checkId, fingerprint }) =>
    JSON.stringify([firstSeen, name, checkId, fingerprint]),
  )
}

const text = z.string().transform(storable)
const findingPlace = z.tuple([z.iso.datetime(), text, text, text])

type Waiver = z.infer<typeof waiverRow>

/** Oldest first, from behind the cursor. One query. */
export async function listWaivers(
  db: Database,
  scope: Scope,
  { cursor, limit, repository, state }: Asked<'waivers'>,
  now: Date,
): Promise<Page<Waiver>> {
  const wanted = [Prisma.sql`true`]
  if (cursor !== undefined) wanted.push(Prisma.sql`w.id > ${numberOf(cursor)}`)
  if (repository !== undefined) wanted.push(Prisma.sql`r.name = ${repository}`)
  const inState = Prisma.sql`${state ?? null}::text is null or state = ${state ?? null}`
  const found = await db.$queryRaw<Told[]>`
    select * from (
      select ${waiverColumns(now)} from "Waiver" w join "Repository" r on r.id = w."repositoryId"
      where ${visible(scope)} and ${Prisma.join(wanted, ' and ')}) told
    where ${inState} order by id limit ${limit + 1}`
  return page(found.map(dated<Waiver>), limit, row => String(row.id))
}

/** Packages or actions in use, from behind the cursor. One query. */
export async function listPackages(db: Database, scope: Scope, { cursor, limit, ...asked }: Asked<'packages'>) {
  const after = placeAt(cursor, inUsePlace)
  const { rows, next } = await searchPackages(db, scope, asked, { limit, after })
  return { rows, next }
}

export async function listActions(db: Database, scope: Scope, { cursor, limit, q }: Asked<'actions'>) {
  const after = placeAt(cursor, inUsePlace)
  const { rows, next } = await searchActions(db, scope, { q }, { limit, after })
  return { rows, next }
}

/** The places of one package or action, from behind the cursor. Two queries. */
export async function listPackageUses(db: Database, scope: Scope, { cursor, limit, purl }: Asked<'packageUses'>) {
  const after = placeAt(cursor, usePlace)
  const { rows, next } = await usersOfPackage(db, scope, purl, { limit, after })
  return { rows, next }
}

export async function listActionUses(db: Database, scope: Scope, { cursor, limit, uses }: Asked<'actionUses'>) {
  const after = placeAt(cursor, usePlace)
  const { rows, next } = await usersOfAction(db, scope, uses, { limit, after })
  return { rows, next }
}

/** A row as the driver hands it out, with times as dates. */
type Told = Readonly<Record<string, unknown>>

/** The row as the API tells it; the endpoint's schema checks that it is one. */
function dated<T>(row: Told): T {
  const told = Object.entries(row).map(([key, value]) => [key, value instanceof Date ? value.toISOString() : value])
  return Object.fromEntries(told) as T
}

/** One row more than asked for was read, to know whether there is a next page. */
function page<T>(found: T[], limit: number, place: (row: T) => string): Page<T> {
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  const next = found.length > limit && last !== undefined ? cursorOf(place(last)) : null
  return { rows, next }
}

function placeAt<Place>(cursor: string | undefined, schema: z.ZodType<Place>): Place | undefined {
  if (cursor === undefined) return undefined
  const place = placeOf(cursor, schema)
  if (place === null) throw noCursor()
  return place
}

function numberOf(cursor: string): bigint {
  const text = textOf(cursor)
  if (/^\d{1,18}$/.test(text)) return BigInt(text)
  throw noCursor()
}

function noCursor(): AppError {
  return new AppError('invalid-input', 'This cursor is none.', 'Hand back the `next` of the answer before, as it is.')
}
