import type { Scope } from '../../api/frame.ts'
import type { PatchFile, PatchQuery } from '../../api/patches.ts'
import { unifiedDiff } from '../../patch/apply.ts'
import { combine } from '../../patch/combine.ts'
import type { Edit } from '../../patch/patch.ts'
import type { Database } from '../database.ts'
import { visibleNamed } from '../visible.ts'
import { readTexts } from './texts.ts'

type Row = { patch: { edits: Edit[] } }

/**
 * The fixes of a repository's open findings as one diff against the commit that was crawled: of one finding, of a check,
 * or all, where waived ones are left out unless asked for by name; `safe` leaves out those that want a look. Null where there is no such repository, or no fix. Three queries.
 */
export async function readPatch(
  db: Database,
  scope: Scope,
  name: string,
  { check, finding, safe }: PatchQuery,
): Promise<PatchFile | null> {
  const repository = await db.repository.findFirst({
    where: visibleNamed(scope, name),
    select: { id: true, latestScan: { select: { snapshot: { select: { headOid: true, treeOid: true } } } } },
  })
  const snapshot = repository?.latestScan?.snapshot
  if (!repository || !snapshot) return null
  const rows = await db.$queryRaw<Row[]>`
    select f.patch from "Finding" f
    where f."repositoryId" = ${repository.id} and f."fixedAt" is null and f.patch is not null
      and (${check ?? null}::text is null or f."checkId" = ${check ?? null})
      and (f."waiverId" is null or f.fingerprint = ${finding ?? null})
      and (${finding ?? null}::text is null or f.fingerprint = ${finding ?? null})
      and (not ${safe} or f.patch->>'safety' = 'safe')
    order by f."checkId", f.path, f."startLine", f.id`
  const { edits, applied, leftOut } = combine(rows.map(row => row.patch.edits))
  if (applied === 0) return null
  const texts = await readTexts(db, snapshot.treeOid, [...new Set(edits.map(edit => edit.path))])
  const files = new Map([...texts].map(([path, text]) => [path, { text }]))
  return { commit: snapshot.headOid, diff: unifiedDiff(files, edits), applied, leftOut }
}
