/** A repository's custom properties, which each organisation names as it likes: its values, and who owns it by them. */

/**
 * Names of properties that say who answers, where nobody set others; any case and whatever stands between the words is
 * meant.
 */
export const OWNER_PROPERTIES: readonly string[] = [
  ...['owner', 'owners', 'owner-name', 'owned-by', 'code-owner', 'code-owners', 'repo-owner', 'repository-owner'],
  ...['service-owner', 'product-owner', 'technical-owner', 'maintainer', 'maintainers', 'maintained-by'],
  ...['team', 'teams', 'team-name', 'team-owner', 'owning-team', 'owner-team', 'responsible-team', 'squad'],
]
const MOST = 20
/** GitHub lets an organisation have a hundred, with 200 values to choose from and 75 characters in each. */
const MOST_PROPERTIES = 100
const MOST_VALUES = 200
const LONGEST = 200

/** As the host tells them: a text, a list of texts, or null where nothing was chosen. */
export type HostProperties = Readonly<Record<string, unknown>>
/** What custom properties say: each one that has a value, with its values; and the owners among them, see `ownersIn`. */
export type PropertiesTold = { values: Readonly<Record<string, readonly string[]>>; owners: readonly string[] }

/** `ownerProperties`: names of those that say who owns the repository. */
export function propertiesTold(
  properties: HostProperties,
  org: string,
  ownerProperties: readonly string[],
): PropertiesTold {
  const told = Object.entries(properties)
    .map(([name, value]) => [name, textsOf(value).filter(fits).slice(0, MOST_VALUES)] as const)
    .filter(([name, values]) => fits(name) && values.length > 0)
  return {
    values: Object.fromEntries(told.slice(0, MOST_PROPERTIES)),
    owners: ownersIn(properties, org, ownerProperties),
  }
}

/**
 * The owners that a repository's properties name, in small letters: a team of `org` by its slug however it is written, a
 * person as `@login`, anything else as it stands.
 */
function ownersIn(properties: HostProperties, org: string, ownerProperties: readonly string[]): string[] {
  const sayOwner = new Set(ownerProperties.map(plainName))
  const values = Object.entries(properties)
    .filter(([name]) => sayOwner.has(plainName(name)))
    .flatMap(([, value]) => textsOf(value))
    .flatMap(value => value.split(/[,;]/))
    .map(value => value.trim().toLowerCase())
  const own = `${org.toLowerCase()}/`
  const names = values.map(value => {
    const plain = value.replace(/^@/, '')
    return plain.startsWith(own) ? plain.slice(own.length) : value
  })
  return [...new Set(names)].filter(fits).slice(0, MOST)
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(one => typeof one === 'string')
}

function fits({ length }: string): boolean {
  return length > 0 && length <= LONGEST
}
