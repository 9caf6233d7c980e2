/** Who owns a repository by the organisation's custom properties, which each organisation names as it likes. */

/** Properties that say who answers, in small letters and without what stands between the words. */
const SAY_OWNER = new Set([
  ...['owner', 'owners', 'ownername', 'ownedby', 'codeowner', 'codeowners', 'repoowner', 'repositoryowner'],
  ...['serviceowner', 'productowner', 'technicalowner', 'maintainer', 'maintainers', 'maintainedby'],
  ...['team', 'teams', 'teamname', 'teamowner', 'owningteam', 'ownerteam', 'responsibleteam', 'squad'],
])
const MOST = 20
const LONGEST = 200

/**
 * The owners that a repository's properties name, in small letters: a team of `org` by its slug however it is written, a
 * person as `@login`, anything else as it stands.
 */
export function ownersIn(properties: Readonly<Record<string, unknown>>, org: string): string[] {
  const values = Object.entries(properties)
    .filter(([name]) => SAY_OWNER.has(name.toLowerCase().replaceAll(/[^a-z]/g, '')))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .flatMap(value => (typeof value === 'string' ? value.split(/[,;]/) : []))
    .map(value => value.trim().toLowerCase())
  const own = `${org.toLowerCase()}/`
  const names = values.map(value => {
    const plain = value.replace(/^@/, '')
    return plain.startsWith(own) ? plain.slice(own.length) : value
  })
  return [...new Set(names)].filter(({ length }) => length > 0 && length <= LONGEST).slice(0, MOST)
}
