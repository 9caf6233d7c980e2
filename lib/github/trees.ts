/** Every path of a commit's tree by one REST request; where GitHub cuts it short, folder by folder. */
import { z } from 'zod'
import { type GitHub, jsonOf } from './client.ts'
import { notGitHub } from './trouble.ts'

const entry = z.object({
  path: z.string(),
  mode: z.string(),
  type: z.string(),
  sha: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/),
  size: z.int().nonnegative().optional(),
})
const answer = z.object({ tree: z.array(entry), truncated: z.boolean() })

export type TreeRow = z.output<typeof entry>
/** `unlisted`: folders below which not everything could be listed; '' is the root. */
export type Listed = { rows: TreeRow[]; folders: TreeRow[]; unlisted: string[] }

/** How many further requests one giant repository may cost; past it folders stay unlisted. */
const MAX_SUBTREES = 200

/** The rows that are not folders, and those that are. A truncated answer is never taken for complete. */
export async function listTree(github: GitHub, owner: string, name: string, oid: string): Promise<Listed> {
  let asked = 0
  const unlisted: string[] = []

  async function ask(sha: string, recursive: boolean) {
    const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/git/trees/${sha}`
    const parsed = answer.safeParse(
      jsonOf(await github.get(recursive ? `${path}?recursive=1` : path), github.addresses.host),
    )
    if (!parsed.success) throw notGitHub(github.addresses.host)
    return parsed.data
  }

  async function below(sha: string, prefix: string): Promise<TreeRow[]> {
    const whole = await ask(sha, true)
    if (!whole.truncated) return placed(whole.tree, prefix)
    const level = await ask(sha, false)
    if (level.truncated) unlisted.push(prefix)
    const rows = placed(level.tree, prefix)
    for (const folder of level.tree.filter(({ type }) => type === 'tree')) {
      const path = `${prefix}${folder.path}/`
      // Two requests each at the most: the whole of it, or its level where that is cut short too.
      if (asked >= MAX_SUBTREES) unlisted.push(path)
      else {
        asked += 1
        for (const row of await below(folder.sha, path)) rows.push(row)
      }
    }
    return rows
  }

  const all = await below(oid, '')
  return {
    rows: all.filter(({ type }) => type !== 'tree'),
    folders: all.filter(({ type }) => type === 'tree'),
    unlisted,
  }
}

function placed(rows: readonly TreeRow[], prefix: string): TreeRow[] {
  return rows.map(row => ({ ...row, path: prefix + row.path }))
}
