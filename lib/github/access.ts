import { AppError } from '../errors.ts'
import type { GitHub } from './client.ts'
import { orgRefusal } from './repositories.ts'
import { GitHubTrouble, notGitHub } from './trouble.ts'

export const ACCESS = `query CheckAccess($org: String!) {
  organization(login: $org) { login repositories(first: 1) { totalCount } }
  rateLimit { cost }
}`

/**
 * Whether the organisation can be crawled with this connection, for one point. Gives its name as GitHub spells it and
 * how many repositories the token sees; else throws an AppError that says what to do.
 */
export async function checkAccess(github: GitHub, org: string): Promise<{ login: string; repositories: number }> {
  const { host } = github.addresses
  try {
    const { data, errors } = await github.graphql(ACCESS, { org })
    const found = (
      data as { organization?: { login?: unknown; repositories?: { totalCount?: unknown } | null } | null } | null
    )?.organization
    if (typeof found?.login !== 'string') throw orgRefusal(org, errors, host)
    const count = found.repositories?.totalCount
    if (typeof count !== 'number') throw orgRefusal(org, errors, host)
    return { login: found.login, repositories: count }
  } catch (error) {
    if (!(error instanceof GitHubTrouble)) throw error
    if (error.kind === 'not-found') throw notGitHub(host)
    if (error.kind !== 'denied') throw error
    throw new AppError(
      'token-forbidden',
      `The token may not read the organisation ${org}.`,
      error.needs === null
        ? 'Give it read access to metadata and contents (classic tokens: the scopes repo and read:org).'
        : `Give it ${error.needs.replaceAll('=', ': ')}.`,
    )
  }
}
