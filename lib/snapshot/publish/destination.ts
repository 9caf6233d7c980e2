/** Where a publish step puts things, and which of those places others take nothing from. */
export type Destination =
  | 'npm'
  | 'pypi'
  | 'crates'
  | 'rubygems'
  | 'nuget'
  | 'maven'
  | 'container'
  | 'oci'
  | 'github-release'
  | 'jsr'
  | 'other'

/** One thing that is put: `host` is the registry as far as it is told, null for the tool's own. */
export type Put = { to: Destination; host: string | null }

export const DESTINATIONS: Readonly<Record<Destination, string>> = {
  npm: 'an npm package',
  pypi: 'a Python package',
  crates: 'a crate',
  rubygems: 'a gem',
  nuget: 'a NuGet package',
  maven: 'Maven artifacts',
  container: 'a container image',
  oci: 'an OCI artifact',
  'github-release': 'release files',
  jsr: 'a JSR package',
  other: 'a package',
}

/** A registry of the machine or cluster that the job runs on, or one that is for tries. */
const REHEARSAL =
  /^(?:[a-z]+:\/\/)?(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal|(?:kind-|k3d-|local-?)?registry(?:[:/]|$)|[\w.-]*\.(?:local|localhost|svc)(?:[.:/]|$)|[\w.-]*test[\w.-]*pypi|ttl\.sh)|test-?pypi/i
const NAMED_SO = /^\$\{?\{?\s*(?:env\.|inputs\.)?\w*(?:test|local|kind|e2e)\w*(?:registry|repo|reg)?/i

/** A variable at the port of the registry image: no registry for others listens there. */
const AT_OWN_PORT = /^\$\{?\w+\}?:500\d$/

/** True where what is put there is for a rehearsal: nobody else takes it from there. */
export function isRehearsal(host: string | null): boolean {
  return host !== null && [REHEARSAL, NAMED_SO, AT_OWN_PORT].some(one => one.test(host))
}

/** The registry of an image reference, as it is written where only a run can tell; null where it names none. */
export function hostOfImage(reference: string): string | null {
  const plain = reference.trim().replace(/^(?:docker|oci):\/\//, '')
  const [first = '', ...rest] = (plain.split(/\s/)[0] ?? '').split('/')
  if (first.startsWith('$')) return first
  if (rest.length === 0) return null
  return /[.:$]|^localhost$/.test(first) ? first : null
}
