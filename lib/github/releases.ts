/** The last five releases of repositories that have any: 24 repositories for one point. */
import { z } from 'zod'
import { halving } from './batch.ts'
import type { GitHub } from './client.ts'

// 1 + 24 + 24 · 5 = 145 connections' worth: the largest number that still rounds down to one point.
const MOST = 24

export const RELEASES = `query ReadReleases($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Repository {
      id
      releases(first: 5, orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes {
          tagName publishedAt isDraft url immutable
          releaseAssets(first: 100) { nodes { name digest } }
        }
      }
    }
  }
  rateLimit { cost }
}`

const release = z.object({
  tagName: z.string(),
  publishedAt: z.string().nullish(),
  isDraft: z.boolean(),
  url: z.string().nullish(),
  immutable: z.boolean().nullish(),
  releaseAssets: z.object({
    nodes: z.array(z.object({ name: z.string(), digest: z.string().nullish() }).nullish()).nullish(),
  }),
})
const node = z.object({ id: z.string(), releases: z.object({ nodes: z.array(release.nullish()).nullish() }).nullish() })
const answer = z.object({ nodes: z.array(z.unknown()) })

export type ReleaseRow = z.output<typeof release>

/** By node id; a repository whose releases may not be seen is absent. Drafts are left out. */
export async function readReleases(github: GitHub, ids: readonly string[]): Promise<Map<string, ReleaseRow[]>> {
  const found = new Map<string, ReleaseRow[]>()
  let size = MOST
  for (let at = 0; at < ids.length; ) {
    const [{ data }, worked] = await halving(size, now => github.graphql(RELEASES, { ids: ids.slice(at, at + now) }))
    for (const value of answer.safeParse(data).data?.nodes ?? []) {
      const parsed = node.safeParse(value).data
      const rows = parsed?.releases?.nodes
      if (parsed && rows) found.set(parsed.id, rows.filter(row => row?.isDraft === false) as ReleaseRow[])
    }
    at += worked
    size = worked
  }
  return found
}
