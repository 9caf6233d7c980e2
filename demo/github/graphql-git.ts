import { GraphQLError } from 'graphql'
import type { GitObject } from './cat-file.ts'
import { type CommitFacts, commitOf, entriesOf, type TreeItem } from './git-tree.ts'
import { oidOf } from './rest-git.ts'
import { moment, nodeIdOf, type SeenRepository } from './world.ts'

/** GitHub cuts a blob's text there. */
const TEXT_BYTES = 512_000
/** How far git looks for a NUL byte to call a blob binary. */
const BINARY_BYTES = 8_000

/** The addresses that objects link to, and the object quota of a query that a scenario may cut short. */
export type GitContext = { url: string; quota: { objects: number } }

function isBinary(body: Buffer): boolean {
  return body.subarray(0, BINARY_BYTES).includes(0)
}

/** Bytes as text, not ending within a character. */
function textOf(body: Buffer): string {
  if (body.length <= TEXT_BYTES) return body.toString('utf8')
  // A streaming decoder keeps the incomplete last character to itself.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body.subarray(0, TEXT_BYTES), { stream: true })
}

function common(object: { oid: string }, repository: SeenRepository, url: string, kind: 'blob' | 'tree' | 'commit') {
  const path = `/${repository.owner}/${repository.name}/${kind}/${object.oid}`
  return {
    oid: object.oid,
    abbreviatedOid: object.oid.slice(0, 7),
    id: nodeIdOf({ blob: 'B', tree: 'T', commit: 'C' }[kind], `${repository.id} ${object.oid}`),
    commitResourcePath: path,
    commitUrl: url + path,
  }
}

function blobNode(header: GitObject, repository: SeenRepository, { url }: GitContext) {
  let read: Promise<Buffer> | undefined
  const body = () => {
    read ??= repository.objects.read(header.oid).then(object => object?.body ?? Buffer.alloc(0))
    return read
  }
  return {
    __typename: 'Blob',
    ...common(header, repository, url, 'blob'),
    byteSize: header.size,
    isBinary: async () => isBinary(await body()),
    isTruncated: header.size > TEXT_BYTES,
    text: async () => (isBinary(await body()) ? null : textOf(await body())),
  }
}

function entryNode(item: TreeItem, repository: SeenRepository, context: GitContext, prefix: string) {
  return {
    __typename: 'TreeEntry',
    name: item.name,
    nameRaw: item.raw.toString('base64'),
    path: prefix + item.name,
    pathRaw: Buffer.concat([Buffer.from(prefix), item.raw]).toString('base64'),
    mode: Number.parseInt(item.mode, 8),
    type: item.type,
    oid: item.oid,
    size: async () => (item.type === 'blob' ? ((await repository.objects.header(item.oid))?.size ?? 0) : 0),
    object: () => (item.type === 'commit' ? null : objectNode(repository, item.oid, context, `${prefix}${item.name}/`)),
  }
}

function treeNode(tree: GitObject, repository: SeenRepository, context: GitContext, prefix: string) {
  return {
    __typename: 'Tree',
    ...common(tree, repository, context.url, 'tree'),
    entries: () => entriesOf(tree).map(item => entryNode(item, repository, context, prefix)),
  }
}

function commitNode(commit: CommitFacts, repository: SeenRepository, context: GitContext) {
  const date = moment(commit.committedAt)
  const base = common(commit, repository, context.url, 'commit')
  return {
    __typename: 'Commit',
    ...base,
    url: base.commitUrl,
    resourcePath: base.commitResourcePath,
    committedDate: date,
    authoredDate: date,
    message: commit.message,
    messageHeadline: commit.message.split('\n')[0] ?? '',
    messageBody: commit.message.split('\n').slice(1).join('\n').trim(),
    tree: () => objectNode(repository, commit.tree, context),
  }
}

/** A git object by its id; null where the repository does not have it. */
export async function objectNode(repository: SeenRepository, oid: string, context: GitContext, prefix = '') {
  const header = await repository.objects.header(oid)
  if (header === null || header.type === 'tag') return null
  if (header.type === 'blob') return blobNode(header, repository, context)
  const object = await repository.objects.read(oid)
  if (object === null) return null
  return object.type === 'tree'
    ? treeNode(object, repository, context, prefix)
    : commitNode(commitOf(object), repository, context)
}

/** `object(oid:)` or `object(expression: "HEAD:path")`. */
export async function askedObject(
  repository: SeenRepository,
  { oid, expression }: { oid?: string | null; expression?: string | null },
  context: GitContext,
) {
  context.quota.objects -= 1
  if (context.quota.objects < 0) {
    throw new GraphQLError('Resource limits for this query exceeded.', {
      extensions: { type: 'RESOURCE_LIMITS_EXCEEDED' },
    })
  }
  if (oid != null) return objectNode(repository, oid, context)
  if (expression == null) return null
  const colon = expression.indexOf(':')
  const start = oidOf(repository, colon < 0 ? expression : expression.slice(0, colon))
  if (start === null) return null
  if (colon < 0) return objectNode(repository, start, context)
  const path = expression.slice(colon + 1).replace(/\/+$/, '')
  const root = await repository.objects.tree(start)
  const found = root === null ? null : await repository.objects.at(root, path)
  return found === null ? null : objectNode(repository, found, context, path === '' ? '' : `${path}/`)
}
