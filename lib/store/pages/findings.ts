import type { Fixes, OpenFinding } from '../../api/scorecard.ts'
import type { Edit } from '../../patch/patch.ts'
import type { Database } from '../database.ts'
import { codeLines } from './code-lines.ts'
import { readTexts } from './texts.ts'

const SHOWN_EACH = 20
const SHOWN_ALL = 1_000

type Row = Omit<OpenFinding, 'code' | 'patch'> & {
  checkId: string
  excerpt: string
  safe: number
  review: number
  patch: StoredPatch | null
}

/** A finding's fix as it is kept. */
type StoredPatch = { title: string; safety: 'safe' | 'review'; edits: Edit[]; diff?: string }

/** The open findings of a check, the first of them with the lines around them, and how many of all bring a fix. */
export type FoundByCheck = { findings: OpenFinding[]; fixes: Fixes }

/** By check; one without an open finding is absent. Two queries. */
export async function readFindings(
  db: Database,
  repositoryId: bigint,
  treeOid: string,
  all: string | undefined,
): Promise<Map<string, FoundByCheck>> {
  const rows = await db.$queryRaw<Row[]>`
    select "checkId", fingerprint, path, "startLine", "endLine", excerpt, message, weight, patch, "firstSeen", "firstCommit",
      "waiverId", safe, review
    from (
      select f."checkId", f.fingerprint, f.path, f."startLine", f."endLine", f.excerpt, f.message, f.weight, f.patch,
        f."firstSeen", f."firstCommit", f."waiverId",
        (count(*) filter (where f."waiverId" is null and f.patch->>'safety' = 'safe') over own)::int as safe,
        (count(*) filter (where f."waiverId" is null and f.patch->>'safety' = 'review') over own)::int as review,
        row_number() over (partition by f."checkId" order by f."waiverId" is not null, f.path, f."startLine", f.id) as place
      from "Finding" f where f."repositoryId" = ${repositoryId} and f."fixedAt" is null
      window own as (partition by f."checkId")) ranked
    where place <= case when "checkId" = ${all ?? ''} then ${SHOWN_ALL}::int else ${SHOWN_EACH}::int end
    order by "checkId", place`
  const texts = await readTexts(db, treeOid, [...new Set(rows.map(row => row.path))])
  const byCheck = new Map<string, FoundByCheck>()
  for (const { checkId, excerpt, patch, safe, review, ...row } of rows) {
    const found = byCheck.get(checkId) ?? { findings: [], fixes: { safe, review } }
    const diff = patch?.diff
    found.findings.push({
      ...row,
      code: codeLines({ ...row, excerpt, edits: patch?.edits ?? [] }, texts.get(row.path)),
      patch: patch === null || diff === undefined ? null : { title: patch.title, safety: patch.safety, diff },
    })
    byCheck.set(checkId, found)
  }
  return byCheck
}
