import { connectionOf, type Paging } from './connection.ts'
import { type GitContext, objectNode } from './graphql-git.ts'
import { numberOf } from './rest-shapes.ts'
import { moment, nodeIdOf, type SeenRelease, type SeenRepository } from './world.ts'

/** `Release` with its assets. */
export function releaseNode(repository: SeenRepository, release: SeenRelease, context: GitContext) {
  const id = numberOf(`${repository.id} ${release.tag}`)
  const path = `/${repository.owner}/${repository.name}/releases/tag/${encodeURIComponent(release.tag)}`
  const date = moment(new Date(release.publishedAt))
  const asset = ({ name, digest }: { name: string; digest?: string | null | undefined }) => ({
    id: nodeIdOf('RA', `${id} ${name}`),
    name,
    digest: digest ?? null,
    contentType: 'application/octet-stream',
    size: 0,
    downloadCount: 0,
    createdAt: date,
    updatedAt: date,
    url: `${context.url}${path}#${name}`,
    downloadUrl: `${context.url}/${repository.owner}/${repository.name}/releases/download/${release.tag}/${name}`,
  })
  return {
    __typename: 'Release',
    id: nodeIdOf('RE', id),
    databaseId: id,
    name: release.tag,
    tagName: release.tag,
    description: '',
    immutable: release.immutable ?? false,
    isDraft: false,
    isPrerelease: false,
    isLatest: repository.releases[0] === release,
    createdAt: date,
    publishedAt: date,
    updatedAt: date,
    resourcePath: path,
    url: context.url + path,
    releaseAssets: ({ name, ...paging }: Paging & { name?: string | null }) => {
      const assets = (release.assets ?? []).filter(({ name: own }) => name == null || own === name)
      return connectionOf(assets, paging, item => String(assets.indexOf(item)).padStart(9, '0'), asset)
    },
    tagCommit: () => {
      const oid = repository.tags.get(release.tag)
      return oid === undefined ? null : objectNode(repository, oid, context)
    },
  }
}
