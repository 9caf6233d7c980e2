import type { OpenFinding } from '../../api/scorecard.ts'
import type { Edit } from '../../patch/patch.ts'
import type { Database } from '../database.ts'
import { codeLines } from './code-lines.ts'
import { readTexts } from './texts.ts'

const SHOWN_EACH = 20
const SHOWN_ALL = 1_000

type Row = Omit<OpenFinding, 'code' | 'patch'> & {
  checkId: string
  excerpt: string
  patch: StoredPatch | null
}

/** A finding's fix as it is kept. */
type StoredPatch = { title: string; safety: 'safe' | 'review'; edits: Edit[]; diff?: string }

/** The open findings by check, the first of each with the lines around them. Two queries. */
export async function readFindings(
  db: Database,
  repositoryId: bigint,
  treeOid: string,
  all: string | undefined,
): Promise<Map<string, OpenFinding[]>> {
  const rows = await db.$queryRaw<Row[]>`
    select "checkId", fingerprint, path, "startLine", "endLine", excerpt, message, weight, patch, "firstSeen", "firstCommit",
      "waiverId"
    from (
      select f."checkId", f.fingerprint, f.path, f."startLine", f."endLine", f.excerpt, f.message, f.weight, f.patch,
        f."firstSeen", f."firstCommit", f."waiverId",
        row_number() over (partition by f."checkId" order by f."waiverId" is not null, f.path, f."startLine", f.id) as place
      from "Finding" f where f."repositoryId" = ${repositoryId} and f."fixedAt" is null) ranked
    where place <= case when "checkId" = ${all ?? ''} then ${SHOWN_ALL}::int else ${SHOWN_EACH}::int end
    order by "checkId", place`
  const texts = await readTexts(db, treeOid, [...new Set(rows.map(row => row.path))])
  const byCheck = new Map<string, OpenFinding[]>()
  for (const { checkId, excerpt, patch, ...row } of rows) {
    const list = byCheck.get(checkId) ?? []
    const diff = patch?.diff
    list.push({
      ...row,
      code: codeLines({ ...row, excerpt, edits: patch?.edits ?? [] }, texts.get(row.path)),
      patch: patch === null || diff === undefined ? null : { title: patch.title, safety: patch.safety, diff },
    })
    byCheck.set(checkId, list)
  }
  return byCheck
}
