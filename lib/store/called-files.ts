import { decompress } from '../snapshot/compression.ts'
import type { PackedFile } from '../snapshot/packed.ts'
import type { Database } from './database.ts'
import { rowsJson } from './text.ts'

// Bounded, so that a text that says `uses:` a hundred thousand times is read in the time of its length.
const USES = /\buses[ \t]{0,20}:[ \t]{0,20}['"]?([^\s'"#@]{1,300})@/g
const WORKFLOW = /\.ya?ml$/

/** Whose workflows: `files` are those of one repository of the organisation. */
export type Calling = { org: { id: number; login: string }; files: readonly PackedFile[] }

/**
 * The files of the organisation's other repositories that workflows here call, as those stand at their last crawl:
 * `owner/repo/path` → text, written as the call writes it; an action's folder stands for its action.yml. In the order
 * given. No query where nothing of the organisation is called, one otherwise.
 */
export async function calledFiles(db: Database, calling: readonly Calling[]): Promise<Map<string, string>[]> {
  const wanted = calling.map(({ org, files }) => [...callsInto(org.login, files)].flatMap(placesOf))
  const distinct = new Map(
    wanted.flatMap((places, index) => {
      const org = calling[index]?.org.id ?? 0
      return places.map(place => [`${org} ${place.key}`, { org, ...place }] as const)
    }),
  )
  if (distinct.size === 0) return calling.map(() => new Map())
  const rows = await db.$queryRaw<{ org: number; key: string; content: Uint8Array }[]>`
    SELECT w."org", w."key", b."content"
    FROM jsonb_to_recordset(${rowsJson([...distinct.values()])}::jsonb)
      AS w("org" int, "key" text, "name" text, "path" text)
    JOIN "Repository" r ON r."orgId" = w."org" AND lower(r."name") = w."name" AND r."goneAt" IS NULL
    JOIN "RepositoryFile" f ON f."treeOid" = r."treeOid" AND f."path" = w."path"
    JOIN "Blob" b ON b."oid" = f."blobOid" AND b."content" IS NOT NULL`
  const texts = new Map(rows.map(({ org, key, content }) => [`${org} ${key}`, decompress(content)]))
  return wanted.map((places, index) => {
    const org = calling[index]?.org.id ?? 0
    return new Map(
      places.flatMap(({ key }) => (texts.has(`${org} ${key}`) ? [[key, texts.get(`${org} ${key}`) ?? '']] : [])),
    )
  })
}

function callsInto(login: string, files: readonly PackedFile[]): Set<string> {
  const own = `${login.toLowerCase()}/`
  const calls = files.filter(({ path }) => WORKFLOW.test(path)).flatMap(callsIn)
  return new Set(calls.filter(called => called.toLowerCase().startsWith(own)))
}

/** The same content is asked for again with every repository that has it and with every scan. */
const MOST_KNOWN = 5_000
const known = new Map<string, readonly string[]>()

function callsIn({ oid, content }: PackedFile): readonly string[] {
  const found = known.get(oid)
  if (found) return found
  const calls = [...new Set([...decompress(content).matchAll(USES)].map(([, called = '']) => called))]
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(oid, calls)
  return calls
}

function placesOf(call: string): { key: string; name: string; path: string }[] {
  const [owner = '', repository = '', ...rest] = call.split('/')
  const below = rest.join('/')
  const paths = WORKFLOW.test(below) ? [below] : ['action.yml', 'action.yaml'].map(name => [...rest, name].join('/'))
  return paths.map(path => ({ key: `${owner}/${repository}/${path}`, name: repository.toLowerCase(), path }))
}
