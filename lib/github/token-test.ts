/** Who the token is, and what it may, asked on purpose: some ten requests of those that a crawl makes anyway. */
import { AppError } from '../errors.ts'
import { checkAccess } from './access.ts'
import { attestedOf } from './attestations.ts'
import type { Capabilities } from './capabilities.ts'
import type { GitHub } from './client.ts'
import { tellProtection, tellSecurity } from './organisation-settings.ts'
import { readProtection } from './protection.ts'
import { listRepositories, type RepositoryNode } from './repositories.ts'
import { readOwnSettings } from './repository-settings.ts'
import { listSecurity } from './settings.ts'
import { mayListTeams } from './teams.ts'
import { listTree } from './trees.ts'
import { GitHubTrouble } from './trouble.ts'

export const WHO = 'query WhoAsks { viewer { login } rateLimit { cost } }'

/** `oauth`: a token that an OAuth app or GitHub App got for a person. */
export type TokenKind = 'app' | 'fine-grained' | 'classic' | 'oauth' | 'unknown'

/**
 * What GitHub tells of a token. `scopes`: of a classic one. `expiresAt`: ISO, null where it does not tell. `budget`: null
 * where the host has no limits. `repositories`: how many of the organisation it sees. `refused`: why it got no further.
 */
export type TestedToken = {
  kind: TokenKind
  login: string | null
  scopes: string[] | null
  expiresAt: string | null
  budget: GitHub['budget'] | null
  repositories: number | null
  refused: { message: string; hint: string } | null
}

/** Rights over repositories are tried at so many of them: a token may have them over some alone. */
const SAMPLES = 3
/** Of no file: who may ask is told that nothing attests it. */
const NOTHING = `sha256:${'0'.repeat(64)}`
const KINDS: readonly [prefix: string, kind: TokenKind][] = [
  ['ghs_', 'app'],
  ['github_pat_', 'fine-grained'],
  ['ghp_', 'classic'],
  ['gho_', 'oauth'],
  ['ghu_', 'oauth'],
]

/** Tries every capability anew. Throws nothing that GitHub could say: a refusal of all is part of the answer. */
export async function testToken(github: GitHub, org: string, capabilities: Capabilities): Promise<TestedToken> {
  capabilities.forget()
  const tested: TestedToken = {
    kind: 'unknown',
    login: null,
    scopes: null,
    expiresAt: null,
    budget: null,
    repositories: null,
    refused: null,
  }
  try {
    const token = await github.token()
    tested.kind = KINDS.find(([prefix]) => token.startsWith(prefix))?.[1] ?? 'unknown'
    tested.login = await loginOf(github)
    Object.assign(tested, await headersOf(github, tested.kind))
    tested.repositories = (await checkAccess(github, org)).repositories
    await tryAll(github, org, capabilities, tested.repositories)
  } catch (error) {
    if (!(error instanceof AppError) && !(error instanceof GitHubTrouble)) throw error
    const hint = error instanceof AppError ? error.hint : 'Test it again later.'
    tested.refused = { message: error.message, hint }
  }
  const { budget } = github
  return { ...tested, budget: Object.keys(budget).length === 0 ? null : budget }
}

async function loginOf(github: GitHub): Promise<string | null> {
  const { data } = await github.graphql(WHO, {})
  const { login } = (data as { viewer?: { login?: unknown } | null } | null)?.viewer ?? {}
  return typeof login === 'string' ? login : null
}

/** What stands beside every answer; that of this one costs nothing, and an Enterprise Server without limits has none. */
async function headersOf(
  github: GitHub,
  kind: TokenKind,
): Promise<Partial<Pick<TestedToken, 'kind' | 'scopes' | 'expiresAt'>>> {
  try {
    const { headers } = await github.get('/rate_limit')
    const { 'x-oauth-scopes': scopes, 'github-authentication-token-expiration': until } = headers
    // An older server's tokens have no prefix; scopes are what only classic ones have.
    return {
      kind: kind === 'unknown' && scopes !== undefined ? 'classic' : kind,
      scopes: scopes === undefined ? null : scopes.split(/,\s*/).filter(scope => scope !== ''),
      expiresAt: momentOf(until),
    }
  } catch (error) {
    if (!(error instanceof GitHubTrouble)) throw error
    return {}
  }
}

/** `2026-12-31 09:00:00 UTC`, or with the offset in hours and minutes. */
export function momentOf(text: string | undefined): string | null {
  const [, day, time, zone = ''] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(text ?? '') ?? []
  const offset = zone === 'UTC' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`
  const moment = new Date(`${day}T${time}${offset}`)
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString()
}

async function tryAll(github: GitHub, org: string, capabilities: Capabilities, seen: number): Promise<void> {
  if (seen === 0) {
    capabilities.tell('Repositories', 'denied', `The token sees no repository of ${org}.`)
    return
  }
  capabilities.tell('Repositories', 'ok')
  const samples = await samplesOf(github, org)
  const rows = await capabilities.ask('Security settings', async () => (await listSecurity(github, org).next()).value)
  const shown = tellSecurity(capabilities, rows.value ?? [])
  const guards = await capabilities.ask('Branch protection', () =>
    readProtection(
      github,
      samples.map(({ id }) => id),
    ),
  )
  tellProtection(capabilities, guards.value ?? [], shown)
  for (const { name, defaultBranchRef } of samples) {
    const oid = defaultBranchRef?.target?.tree?.oid
    if (oid !== undefined) await capabilities.askOne('Contents', () => listTree(github, org, name, oid))
  }
  const asked = samples.map(({ databaseId, name }) => ({ id: BigInt(databaseId), name, environments: true }))
  await readOwnSettings(github, org, capabilities, asked)
  await capabilities.ask('Teams', () => mayListTeams(github, org))
  await attestedOf(github, org, capabilities, [NOTHING])
}

/** Those pushed to last, private ones first: of public ones a token may be shown what it has no right to. */
async function samplesOf(github: GitHub, org: string): Promise<RepositoryNode[]> {
  for await (const { nodes } of listRepositories(github, org, { field: 'PUSHED_AT', direction: 'DESC' })) {
    const alive = nodes.filter(({ isArchived, defaultBranchRef }) => !isArchived && defaultBranchRef?.target)
    return alive
      .toSorted((a, b) => Number(a.visibility === 'PUBLIC') - Number(b.visibility === 'PUBLIC'))
      .slice(0, SAMPLES)
  }
  return []
}
