/** Contents of files: a hundred blobs of any repositories for one point, large ones by REST. */
import { z } from 'zod'
import { batchOf } from './batch.ts'
import type { GitHub } from './client.ts'
import { GitHubTrouble } from './trouble.ts'

/** `nodeId` and `name` of the repository in whose tree the oid stands. */
export type BlobRequest = { nodeId: string; owner: string; name: string; oid: string; size: number | null }
/** `text` only where GitHub sent all of it as text; it may still be a lossy conversion: compare the hash. */
export type BlobText = { request: BlobRequest; text: string | null }

const MOST = 100
const MOST_BYTES = 1_500_000
/** GraphQL cuts text at 512,000 bytes. */
export const MOST_TEXT = 500_000
const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

const blob = z.object({
  oid: z.string(),
  isBinary: z.boolean().nullish(),
  isTruncated: z.boolean(),
  text: z.string().nullish(),
})

/** Asks for all of them, batch by batch; each request is answered once. `text` null: get it by `readRaw`. */
export async function* readTexts(github: GitHub, requests: readonly BlobRequest[]): AsyncGenerator<BlobText[]> {
  const batch = batchOf(github, 'ReadBlobs', MOST)
  const waiting = [...requests]
  let at = 0
  while (at < waiting.length) {
    const part = take(waiting, at, batch.size)
    try {
      const { data, errors } = await github.graphql(queryOf(part), {})
      const answers = part.map((request, index) => ({ request, found: found(data, index) }))
      const missed = answers.filter(({ found: one }) => one === undefined).length
      at += part.length
      // Left out without a word about its path: the query was too much for GitHub, and the rest is asked again.
      if (missed > 0 && errors.some(({ type }) => /RESOURCE_LIMITS|MAX_NODE/.test(type)) && part.length > 1) {
        batch.shrink()
        for (const { request, found: one } of answers) if (one === undefined) waiting.push(request)
        yield answers.flatMap(({ request, found: one }) => (one === undefined ? [] : [{ request, text: textOf(one) }]))
      } else {
        batch.succeed()
        yield answers.map(({ request, found: one }) => ({ request, text: one === undefined ? null : textOf(one) }))
      }
    } catch (error) {
      if (!(error instanceof GitHubTrouble) || !(error.kind === 'too-heavy' || error.kind === 'failed')) throw error
      if (error.kind === 'too-heavy' && part.length > 1) batch.shrink()
      else {
        at += part.length
        yield part.map(request => ({ request, text: null }))
      }
    }
  }
}

/** The bytes of one blob; throws GitHubTrouble where it is larger than `maxBytes` or cannot be had. */
export async function readRaw(github: GitHub, request: BlobRequest, maxBytes: number): Promise<Buffer> {
  const { owner, name, oid } = request
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/git/blobs/${oid}`
  return (await github.get(path, { accept: 'application/vnd.github.raw+json', maxBytes })).bytes
}

function take(waiting: readonly BlobRequest[], at: number, most: number): BlobRequest[] {
  const part: BlobRequest[] = []
  let bytes = 0
  for (const request of waiting.slice(at, at + most)) {
    bytes += request.size ?? 10_000
    if (part.length > 0 && bytes > MOST_BYTES) break
    part.push(request)
  }
  return part
}

/** One alias per repository and in it one per blob: an oid is only looked up in the repository whose tree holds it. */
export function queryOf(requests: readonly BlobRequest[]): string {
  const byRepository = new Map<string, string[]>()
  requests.forEach(({ nodeId, oid }, index) => {
    if (!OID.test(oid)) throw new Error('An object id must be hex before it goes into a query.')
    const fields = byRepository.get(nodeId) ?? []
    fields.push(`b${index}: object(oid: "${oid}") { ...Content }`)
    byRepository.set(nodeId, fields)
  })
  const nodes = [...byRepository].map(
    ([nodeId, fields], index) =>
      `r${index}: node(id: ${JSON.stringify(nodeId)}) { ... on Repository { ${fields.join(' ')} } }`,
  )
  return `query ReadBlobs { ${nodes.join(' ')} rateLimit { cost } }
fragment Content on Blob { oid isBinary isTruncated text }`
}

function found(data: unknown, index: number): z.output<typeof blob> | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  for (const node of Object.values(data)) {
    const value = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[`b${index}`] : undefined
    if (value !== undefined && value !== null) return blob.safeParse(value).data
  }
  return undefined
}

function textOf({ isTruncated, isBinary, text }: z.output<typeof blob>): string | null {
  return isTruncated || isBinary === true ? null : (text ?? null)
}
