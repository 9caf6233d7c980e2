import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '#lib/errors.ts'
import { ObjectReader } from './cat-file.ts'
import type { GitHost, HostedRepository } from './git-host.ts'
import { Objects } from './git-tree.ts'
import { listRefs, refsOf, refsSignature } from './refs.ts'
import type { OrgPolicy, RepositoryFacts } from './sidecar.ts'

const PREFIX = 'refs/namespaces/'

/**
 * Serves every git namespace of ONE bare repository as a repository: ten thousand of them need one store and one git
 * process. Objects are shared, as in a fork network: an id of one repository resolves in all of them. `facts` are those
 * of every repository.
 */
export async function openNamespaces(
  dir: string,
  org = 'synthetic',
  { facts = {}, policy = null }: { facts?: RepositoryFacts; policy?: OrgPolicy | null } = {},
): Promise<GitHost> {
  const gitDir = resolve(dir)
  if (!existsSync(join(gitDir, 'HEAD'))) {
    throw new AppError('invalid-input', `${gitDir} is no bare git repository.`, 'Make one with makeSynthetic.')
  }
  const reader = new ObjectReader()
  const objects = new Objects(reader, gitDir)
  let signature = ''
  let repositories = new Map<string, HostedRepository>()
  let listed: readonly HostedRepository[] = []

  async function refresh(): Promise<Map<string, HostedRepository>> {
    const current = refsSignature(gitDir)
    if (current === signature) return repositories
    const byNamespace = Map.groupBy(
      await listRefs(gitDir, PREFIX, 'with-dates'),
      ref => ref.name.slice(PREFIX.length).split('/')[0],
    )
    repositories = new Map(
      [...byNamespace].map(([name = '', found], index) => {
        const refs = refsOf(found, `${PREFIX}${name}/refs/`, 'main')
        const git = { dir: gitDir, namespace: name }
        return [name.toLowerCase(), { owner: org, name, id: 1_000_000 + index, facts, refs, objects, git }]
      }),
    )
    listed = [...repositories.values()]
    signature = current
    return repositories
  }

  return {
    org,
    policy,
    async list() {
      await refresh()
      return listed
    },
    find: async (owner, name) =>
      owner.toLowerCase() === org.toLowerCase() ? ((await refresh()).get(name.toLowerCase()) ?? null) : null,
    close: () => reader.close(),
  }
}
