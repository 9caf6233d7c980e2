/** Trees and files over git's own protocol, where the API's budgets are used up: a request for each of them and repository. */
import type { GitHub } from './client.ts'
import { type GitObjects, readPack } from './pack.ts'
import type { Listed, TreeRow } from './trees.ts'
import { askGit, line } from './upload-pack.ts'

type Repository = { owner: string; name: string }

const MAX_BYTES = 128 * 1024 * 1024
const OID = /^[0-9a-f]{40}$/
const DATA = 1
/** Folders that hold one another unfold to more paths than there are atoms. */
const MOST_ENTRIES = 1_000_000
/** In one another. */
const MOST_FOLDERS = 2_100

/** All paths below a tree of a commit, without sizes; null where they could not be had this way. No content comes along. */
export async function gitTree(
  github: GitHub,
  repository: Repository,
  { headOid, treeOid }: { headOid: string; treeOid: string },
): Promise<Listed | null> {
  const objects = await fetchObjects(github, repository, [headOid], ['deepen 1', 'filter blob:none'])
  const all = objects && rowsBelow(objects, treeOid)
  if (all === null) return null
  const folders = all.filter(({ type }) => type === 'tree')
  return { rows: all.filter(({ type }) => type !== 'tree'), folders, unlisted: [] }
}

/** Files by oid, those that came; every one of them stands in a tree of this very repository. */
export async function gitBlobs(
  github: GitHub,
  repository: Repository,
  oids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const objects = (await fetchObjects(github, repository, oids, [])) ?? new Map()
  return new Map([...objects].flatMap(([oid, { kind, bytes }]) => (kind === 'blob' ? [[oid, bytes] as const] : [])))
}

async function fetchObjects(
  github: GitHub,
  repository: Repository,
  wants: readonly string[],
  more: readonly string[],
): Promise<GitObjects | null> {
  // Repositories whose ids are SHA-256 are left to the API.
  if (wants.length === 0 || !wants.every(oid => OID.test(oid))) return null
  const lines = ['no-progress', 'ofs-delta', ...more, ...wants.map(oid => `want ${oid}`), 'done']
  const body = `${line('command=fetch\n')}0001${lines.map(text => line(`${text}\n`)).join('')}0000`
  const answer = await askGit(github, repository, body, MAX_BYTES)
  if (answer === null || typeof answer === 'number') return null
  try {
    return readPack(packIn(answer))
  } catch {
    // No pack, or a broken one: the same is to be had by the API.
    return null
  }
}

/** What the lines after `packfile` carry in the band of data. */
function packIn(answer: Buffer): Buffer {
  const parts: Buffer[] = []
  let isPack = false
  for (let at = 0; at + 4 <= answer.length; ) {
    const length = Number.parseInt(answer.toString('latin1', at, at + 4), 16)
    if (!Number.isInteger(length)) throw new Error('The answer is not in the form of git.')
    if (length >= 4) {
      if (isPack && answer[at + 4] === DATA) parts.push(answer.subarray(at + 5, at + length))
      else if (answer.toString('latin1', at + 4, at + length).trimEnd() === 'packfile') isPack = true
    }
    at += Math.max(4, length)
  }
  return Buffer.concat(parts)
}

/** In git's order, a folder before what is in it. */
function rowsBelow(objects: GitObjects, root: string): TreeRow[] | null {
  const found: TreeRow[] = []
  const walk = (oid: string, prefix: string, depth: number): boolean => {
    const tree = objects.get(oid)
    if (tree?.kind !== 'tree' || found.length > MOST_ENTRIES || depth > MOST_FOLDERS) return false
    return rowsOf(tree.bytes, prefix).every(row => {
      found.push(row)
      return row.type !== 'tree' || walk(row.sha, `${row.path}/`, depth + 1)
    })
  }
  return walk(root, '', 0) ? found : null
}

/** A tree object: mode, a space, the name, NUL and the twenty bytes of the id, again and again. */
function rowsOf(tree: Buffer, prefix: string): TreeRow[] {
  const rows: TreeRow[] = []
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(0x20, at)
    const end = tree.indexOf(0, space)
    if (space < 0 || end < 0) return rows
    const mode = tree.toString('latin1', at, space)
    const path = prefix + tree.toString('utf8', space + 1, end)
    rows.push({ path, mode, type: mode === '40000' ? 'tree' : 'blob', sha: tree.toString('hex', end + 1, end + 21) })
    at = end + 21
  }
  return rows
}
