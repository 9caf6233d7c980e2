/** Folders of many repositories by one query: a point buys a hundred of them, or forty with three levels below each. */
import { z } from 'zod'
import { batchOf } from './batch.ts'
import type { GitHub } from './client.ts'
import { GitHubTrouble } from './trouble.ts'

/** A tree object that stands in this repository. */
export type FolderRequest = { nodeId: string; oid: string }
/** As git stores it. `below`: of a folder what is in it, where the query went that deep. */
export type FolderEntry = { name: string; mode: string; oid: string; size: number | null; below: FolderEntry[] | null }

/** `flat`: the folder alone, for looking at what changed; `deep`: with its folders' folders, for the first look. */
export type Depth = 'flat' | 'deep'
const MOST: Record<Depth, number> = { flat: 100, deep: 40 }
const LEVELS: Record<Depth, number> = { flat: 1, deep: 4 }
const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

const row = z.object({
  name: z.string(),
  mode: z.int().nonnegative(),
  oid: z.string().regex(OID),
  size: z.int().nonnegative().nullish(),
  object: z.unknown().optional(),
})
const tree = z.object({ entries: z.array(row) })

/** In the order asked; null where GitHub did not tell all of it, or the repository may not be read: ask for it by REST. */
export async function readFolders(
  github: GitHub,
  requests: readonly FolderRequest[],
  depth: Depth,
): Promise<(FolderEntry[] | null)[]> {
  const batch = batchOf(github, `ReadFolders ${depth}`, MOST[depth])
  const found = new Map<FolderRequest, FolderEntry[] | null>()
  const waiting = [...requests]
  for (let at = 0; at < waiting.length; ) {
    const part = waiting.slice(at, at + batch.size)
    try {
      const { data, errors } = await github.graphql(foldersQuery(part, depth), {})
      at += part.length
      const told = part.map((request, index) => ({ request, entries: entriesIn(data, index) }))
      const missed = told.filter(({ entries }) => entries === null).map(({ request }) => request)
      for (const { request, entries } of told) found.set(request, entries)
      if (missed.length > 0 && part.length > 1 && errors.some(({ type }) => /RESOURCE_LIMITS|MAX_NODE/.test(type))) {
        batch.shrink()
        for (const request of missed) waiting.push(request)
      } else batch.succeed()
    } catch (error) {
      if (!(error instanceof GitHubTrouble) || !(error.kind === 'too-heavy' || error.kind === 'failed')) throw error
      if (error.kind === 'too-heavy' && part.length > 1) batch.shrink()
      else at += part.length
    }
  }
  return requests.map(request => found.get(request) ?? null)
}

/** One alias per repository and in it one per folder: an oid is only looked up in the repository whose tree holds it. */
export function foldersQuery(requests: readonly FolderRequest[], depth: Depth): string {
  const byRepository = new Map<string, string[]>()
  requests.forEach(({ nodeId, oid }, index) => {
    if (!OID.test(oid)) throw new Error('An object id must be hex before it goes into a query.')
    const fields = byRepository.get(nodeId) ?? []
    fields.push(`t${index}: object(oid: "${oid}") { ...Level1 }`)
    byRepository.set(nodeId, fields)
  })
  const nodes = [...byRepository].map(
    ([nodeId, fields], index) =>
      `r${index}: node(id: ${JSON.stringify(nodeId)}) { ... on Repository { ${fields.join(' ')} } }`,
  )
  const levels = Array.from({ length: LEVELS[depth] }, (_, index) => {
    const below = index + 1 < LEVELS[depth] ? ` object { ...Level${index + 2} }` : ''
    return `fragment Level${index + 1} on Tree { entries { name mode oid size${below} } }`
  })
  return `query ReadFolders { ${nodes.join(' ')} rateLimit { cost } }\n${levels.join('\n')}`
}

function entriesIn(data: unknown, index: number): FolderEntry[] | null {
  if (typeof data !== 'object' || data === null) return null
  for (const node of Object.values(data)) {
    const value = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[`t${index}`] : undefined
    if (value !== undefined && value !== null) return entriesOf(value)
  }
  return null
}

function entriesOf(value: unknown): FolderEntry[] | null {
  const parsed = tree.safeParse(value).data
  if (parsed === undefined) return null
  return parsed.entries.map(({ name, mode, oid, size, object }) => {
    const text = mode.toString(8)
    const isFolder = text === '40000'
    return { name, mode: text, oid, size: isFolder ? null : (size ?? null), below: isFolder ? entriesOf(object) : null }
  })
}
