import type { SourceFile } from '../snapshot/snapshot.ts'
import { decompress } from './compression.ts'
import type { Database } from './database.ts'

const USES = /\buses\s*:\s*['"]?([^\s'"#@]+)@/g
const WORKFLOW = /\.ya?ml$/

/**
 * The files of the organisation's other repositories that workflows here call, as those stand at their last crawl:
 * `owner/repo/path` → text, written as the call writes it; an action's folder stands for its action.yml. No query where
 * nothing of the organisation is called, one otherwise.
 */
export async function calledFiles(
  db: Database,
  org: { id: number; login: string },
  files: ReadonlyMap<string, SourceFile>,
): Promise<Map<string, string>> {
  const wanted = [...callsInto(org.login, files)].flatMap(placesOf)
  if (wanted.length === 0) return new Map()
  const rows = await db.$queryRaw<{ key: string; content: Uint8Array }[]>`
    SELECT w."key", b."content"
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w("key" text, "name" text, "path" text)
    JOIN "Repository" r ON r."orgId" = ${org.id} AND lower(r."name") = w."name" AND r."goneAt" IS NULL
    JOIN "RepositoryFile" f ON f."treeOid" = r."treeOid" AND f."path" = w."path"
    JOIN "Blob" b ON b."oid" = f."blobOid" AND b."content" IS NOT NULL`
  return new Map(rows.map(({ key, content }) => [key, decompress(content)]))
}

function callsInto(login: string, files: ReadonlyMap<string, SourceFile>): Set<string> {
  const calls = new Set<string>()
  for (const { path, text } of files.values()) {
    if (!WORKFLOW.test(path)) continue
    for (const [, called = ''] of text.matchAll(USES)) {
      if (called.toLowerCase().startsWith(`${login.toLowerCase()}/`)) calls.add(called)
    }
  }
  return calls
}

function placesOf(call: string): { key: string; name: string; path: string }[] {
  const [owner = '', repository = '', ...rest] = call.split('/')
  const below = rest.join('/')
  const paths = WORKFLOW.test(below) ? [below] : ['action.yml', 'action.yaml'].map(name => [...rest, name].join('/'))
  return paths.map(path => ({ key: `${owner}/${repository}/${path}`, name: repository.toLowerCase(), path }))
}
