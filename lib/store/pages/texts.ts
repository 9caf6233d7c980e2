import { decompress } from '../../snapshot/compression.ts'
import type { Session } from '../database.ts'

const MOST_BYTES = 1_000_000

/** The texts of those files of a tree whose content was taken, by path. One query; nothing is asked for no path. */
export async function readTexts(db: Session, treeOid: string, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map()
  const files = await db.$queryRaw<{ path: string; content: Uint8Array }[]>`
    select f.path, b.content from "RepositoryFile" f join "Blob" b on b.oid = f."blobOid"
    where f."treeOid" = ${treeOid} and f.path = any(${paths}) and b.content is not null and b.size < ${MOST_BYTES}`
  return new Map(files.map(({ path, content }) => [path, decompress(content)]))
}
