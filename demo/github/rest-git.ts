import { type Answer, type Call, json, notFound, refused } from './answer.ts'
import type { GitObject } from './cat-file.ts'
import type { PlacedItem } from './git-tree.ts'
import type { Addresses } from './rest-shapes.ts'
import { nodeIdOf, type SeenRepository } from './world.ts'

/** The documented limits of a recursive tree. */
const ENTRIES = 100_000
const TREE_BYTES = 7 * 1024 * 1024
const BLOB_BYTES = 100 * 1024 * 1024
const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

export const isEmpty = () => refused(409, 'Git Repository is empty.')

/** What a ref, branch, tag or id of a repository stands for, as an object id. */
export function oidOf(repository: SeenRepository, name: string): string | null {
  if (OID.test(name)) return name
  if (name === 'HEAD') return repository.head
  const branch = name.replace(/^(refs\/)?heads\//, '')
  const tag = name.replace(/^(refs\/)?tags\//, '')
  return repository.branches.get(branch) ?? repository.tags.get(tag) ?? null
}

/** `git-tree`: the entries of a tree, all levels with `recursive`, cut at the real limits. */
export async function treeAnswer(repository: SeenRepository, call: Call, { apiUrl }: Addresses): Promise<Answer> {
  if (repository.head === null) return isEmpty()
  const name = call.params.tree_sha ?? ''
  const oid = oidOf(repository, name)
  const root = oid === null ? null : await repository.objects.tree(oid)
  if (root === null) return notFound()
  // Any value switches it on, "0" and "false" too, as documented.
  const recursive = call.query.has('recursive')
  const items = recursive ? await repository.objects.walk(root, ENTRIES) : await repository.objects.list(root)
  const base = `${apiUrl}/repos/${repository.owner}/${repository.name}/git`
  const kept = items.slice(0, ENTRIES)
  const tree = kept.map(item => shapeOf(item, base))
  const body = (count: number) => ({
    sha: root.oid,
    url: `${base}/trees/${root.oid}`,
    tree: count === tree.length ? tree : tree.slice(0, count),
    truncated: count < items.length,
  })
  const whole = json(200, body(tree.length))
  return whole.body.length <= TREE_BYTES ? whole : json(200, body(fitting(tree)))
}

/** How many entries stay below the limit of bytes. */
function fitting(tree: readonly unknown[]): number {
  let bytes = 200
  for (const [index, entry] of tree.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(entry)) + 1
    if (bytes > TREE_BYTES) return index
  }
  return tree.length
}

function shapeOf(item: PlacedItem, base: string) {
  const { path, mode, type, oid: sha, size } = item
  if (type === 'commit') return { path, mode, type, sha }
  const url = `${base}/${type}s/${sha}`
  return type === 'blob' ? { path, mode, type, sha, size: size ?? 0, url } : { path, mode, type, sha, url }
}

/** `blob`, or its bytes with `Accept: application/vnd.github.raw`. */
export async function blobAnswer(repository: SeenRepository, call: Call, { apiUrl }: Addresses): Promise<Answer> {
  const sha = call.params.file_sha ?? ''
  const header = await repository.objects.header(sha)
  if (header?.type !== 'blob') return repository.head === null ? isEmpty() : notFound()
  if (header.size > BLOB_BYTES) return refused(403, 'This blob is too large to be returned. The limit is 100 MB.')
  const blob = await repository.objects.readAs(sha, 'blob')
  if (blob === null) return notFound()
  if (/application\/vnd\.github(\.v3)?\.raw/.test(call.headers.accept ?? '')) {
    return { status: 200, headers: { 'content-type': 'application/vnd.github.raw; charset=utf-8' }, body: blob.body }
  }
  const url = `${apiUrl}/repos/${repository.owner}/${repository.name}/git/blobs/${sha}`
  return json(200, blobShape(blob, url))
}

function blobShape(blob: GitObject, url: string) {
  const content = blob.body.toString('base64').replace(/.{60}/g, '$&\n')
  return { sha: blob.oid, node_id: nodeIdOf('B', blob.oid), size: blob.size, url, content, encoding: 'base64' }
}

/** `git-ref`: one branch or tag by its full name without `refs/`. */
export async function refAnswer(repository: SeenRepository, call: Call, { apiUrl }: Addresses): Promise<Answer> {
  if (repository.head === null) return isEmpty()
  const name = call.params.ref ?? ''
  const oid = /^(heads|tags)\//.test(name) ? oidOf(repository, `refs/${name}`) : null
  const object = oid === null ? null : await repository.objects.header(oid)
  if (object === null) return notFound()
  const base = `${apiUrl}/repos/${repository.owner}/${repository.name}/git`
  const ref = `refs/${name}`
  const target = { type: object.type, sha: object.oid, url: `${base}/${object.type}s/${object.oid}` }
  return json(200, { ref, node_id: nodeIdOf('REF', ref), url: `${base}/${ref}`, object: target })
}
