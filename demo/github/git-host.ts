import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '#lib/errors.ts'
import { ObjectReader } from './cat-file.ts'
import { Objects } from './git-tree.ts'
import { type Refs, readRefs, refsSignature } from './refs.ts'
import { type OrgPolicy, type RepositoryFacts, readSidecar } from './sidecar.ts'

/** A repository as it lies on the disk now; what a client sees of it is decided in world.ts. */
export type HostedRepository = {
  owner: string
  name: string
  id: number
  facts: RepositoryFacts
  refs: Refs
  objects: Objects
  /** What `git http-backend` serves: a bare repository, and the namespace in it where many share one. */
  git: { dir: string; namespace: string | null }
}

/** Where repositories come from. Answers follow the disk: a push while the server runs is seen by the next request. */
export type GitHost = {
  org: string
  /** null: the token may not see it. */
  policy: OrgPolicy | null
  /** The same array as long as nothing changed. */
  list(): Promise<readonly HostedRepository[]>
  find(owner: string, name: string): Promise<HostedRepository | null>
  close(): void
}

const LOADED_AT_ONCE = 8

type Place = { owner: string; name: string; dir: string; id: number; facts: RepositoryFacts }

function isBare(dir: string): boolean {
  return existsSync(join(dir, 'HEAD')) && existsSync(join(dir, 'objects')) && existsSync(join(dir, 'refs'))
}

/** A number of 31 bits that stays the same for a name, so that ids survive a restart (FNV-1a). */
function hashed(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 1) + 1
}

function barePlaces(dir: string, owner: string): { owner: string; name: string; dir: string }[] {
  return readdirSync(dir)
    .filter(entry => isBare(join(dir, entry)))
    .sort()
    .map(entry => ({ owner, name: entry.replace(/\.git$/, ''), dir: join(dir, entry) }))
}

function findPlaces(dir: string, org: string): Map<string, Place> {
  const { repositories } = readSidecar(dir)
  const others = readdirSync(dir).filter(entry => !isBare(join(dir, entry)) && statSync(join(dir, entry)).isDirectory())
  const bare = [...barePlaces(dir, org), ...others.flatMap(entry => barePlaces(join(dir, entry), entry))]
  const taken = new Set(Object.values(repositories).map(facts => facts.id))
  const places = new Map<string, Place>()
  for (const place of bare) {
    const facts = (place.owner === org ? repositories[place.name] : undefined) ?? {}
    const key = keyOf(place.owner, place.name)
    let id = facts.id ?? hashed(key)
    while (facts.id === undefined && taken.has(id)) id = (id % 0x7fffffff) + 1
    taken.add(id)
    places.set(key, { ...place, id, facts })
  }
  const unknown = Object.keys(repositories).filter(name => !places.has(keyOf(org, name)))
  if (unknown.length === 0) return places
  throw new AppError(
    'invalid-input',
    `plumbline.json in ${dir} tells of ${unknown.join(', ')}, and no such bare repository lies there.`,
    `Create it with git init --bare ${join(dir, `${unknown[0]}.git`)}, or remove the entry.`,
  )
}

/** GitHub compares owners and names without regard to case. */
function keyOf(owner: string, name: string): string {
  return `${owner}/${name}`.toLowerCase()
}

/**
 * Serves a folder of bare repositories, `DIR/NAME.git` or `DIR/NAME`, as those of one organisation; a folder in it that
 * holds bare repositories is another owner (`DIR/actions/checkout.git`). Facts beside git come from `plumbline.json`.
 * `changes` false: nobody writes to the folder while it is served, so that the disk is not asked before every answer, and one
 * git process reads the objects of all, as in a fork network.
 */
export async function openGitHost(
  dir: string,
  org: string,
  { changes = true }: { changes?: boolean } = {},
): Promise<GitHost> {
  const root = resolve(dir)
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new AppError('invalid-input', `${root} is no folder.`, 'Name a folder that holds bare git repositories.')
  }
  const { policy = null } = readSidecar(root)
  let places = findPlaces(root, org)
  const reader = new ObjectReader(changes ? [] : [...places.values()].map(place => place.dir))
  let listedAt = statSync(root).mtimeMs
  let last: readonly HostedRepository[] = []
  const known = new Map<string, { signature: string; repository: HostedRepository }>()

  function rescan(): void {
    const time = changes ? statSync(root).mtimeMs : listedAt
    if (time === listedAt) return
    places = findPlaces(root, org)
    listedAt = time
  }

  async function load(place: Place): Promise<HostedRepository> {
    const before = known.get(place.dir)
    if (before !== undefined && !changes) return before.repository
    const signature = refsSignature(place.dir)
    if (before?.signature === signature && before.repository.facts === place.facts) return before.repository
    const repository: HostedRepository = {
      owner: place.owner,
      name: place.name,
      id: place.id,
      facts: place.facts,
      refs: await readRefs(place.dir),
      objects: new Objects(reader, place.dir),
      git: { dir: place.dir, namespace: null },
    }
    known.set(place.dir, { signature, repository })
    return repository
  }

  return {
    org,
    policy,
    async list() {
      rescan()
      const waiting = [...places.values()]
      const found: HostedRepository[] = []
      // Where refs changed, git is started for each repository: a few at a time keep all cores busy.
      for (let start = 0; start < waiting.length; start += LOADED_AT_ONCE) {
        found.push(...(await Promise.all(waiting.slice(start, start + LOADED_AT_ONCE).map(load))))
      }
      const same = found.length === last.length && found.every((repository, index) => repository === last[index])
      if (!same) last = found
      return last
    },
    async find(owner, name) {
      rescan()
      const place = places.get(keyOf(owner, name))
      return place === undefined ? null : load(place)
    },
    close: () => reader.close(),
  }
}
