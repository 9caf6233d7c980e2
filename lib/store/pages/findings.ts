import type { CodeLine, OpenFinding } from '../../api/scorecard.ts'
import { decompress } from '../compression.ts'
import type { Database } from '../database.ts'

const SHOWN_EACH = 20
const SHOWN_ALL = 1_000
const CONTEXT = 2
const MOST_LINES = 24

type Row = Omit<OpenFinding, 'code' | 'patch'> & {
  checkId: string
  excerpt: string
  patch: { title: string; safety: 'safe' | 'review'; diff?: string } | null
}

/** The open findings by check, the first of each with the lines around them. Two queries. */
export async function readFindings(
  db: Database,
  repositoryId: bigint,
  treeOid: string,
  all: string | undefined,
): Promise<Map<string, OpenFinding[]>> {
  const rows = await db.$queryRaw<Row[]>`
    select * from (
      select f."checkId", f.fingerprint, f.path, f."startLine", f."endLine", f.excerpt, f.message, f.weight, f.patch,
        f."firstSeen", f."firstCommit",
        row_number() over (partition by f."checkId" order by f.path, f."startLine", f.id) as place
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
      code: codeOf(row, excerpt, texts.get(row.path)),
      patch: patch === null || diff === undefined ? null : { title: patch.title, safety: patch.safety, diff },
    })
    byCheck.set(checkId, list)
  }
  return byCheck
}

async function readTexts(db: Database, treeOid: string, paths: string[]): Promise<Map<string, string[]>> {
  if (paths.length === 0) return new Map()
  const files = await db.$queryRaw<{ path: string; content: Uint8Array }[]>`
    select f.path, b.content from "RepositoryFile" f join "Blob" b on b.oid = f."blobOid"
    where f."treeOid" = ${treeOid} and f.path = any(${paths}) and b.content is not null and b.size < 1000000`
  return new Map(files.map(({ path, content }) => [path, linesOf(decompress(content))]))
}

/** The evidence with a little around it; the excerpt alone where the file's text is not what the finding saw. */
function codeOf(
  place: { startLine: number; endLine: number },
  excerpt: string,
  file: string[] | undefined,
): CodeLine[] {
  const own = linesOf(excerpt).slice(0, MOST_LINES)
  const agrees = file !== undefined && own.every((text, index) => file[place.startLine - 1 + index] === text)
  const wrong = own.map((text, index) => ({ number: place.startLine + index, text, wrong: true }))
  if (!agrees) return wrong
  const line = (number: number): CodeLine[] => {
    const text = file[number - 1]
    return text === undefined ? [] : [{ number, text, wrong: false }]
  }
  const last = place.startLine + own.length - 1
  const around = Array.from({ length: CONTEXT }, (_, index) => index + 1)
  const before = around.toReversed().flatMap(step => line(place.startLine - step))
  const after = own.length === MOST_LINES ? [] : around.flatMap(step => line(last + step))
  return [...before, ...wrong, ...after]
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
