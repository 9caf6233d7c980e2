/** As whom each organisation is asked, and whose budget pays for it. */
import { createHash, randomUUID } from 'node:crypto'
import type { Env } from '#lib/env.ts'
import { connect, type GitHub } from '#lib/github/client.ts'
import { installationTokens } from '#lib/github/identity.ts'
import { budgetKeeper } from '#lib/store/budget.ts'
import type { Database } from '#lib/store/database.ts'

/** An app has a budget at each organisation where it is installed; one token has one, wherever it is used. */
export function connections(
  { githubApiUrl: apiUrl }: Pick<Env, 'githubApiUrl'>,
  { identity, orgs }: NonNullable<Env['github']>,
  db: Database,
): { login: string; github: GitHub; account: string }[] {
  const worker = randomUUID()
  const accountOf = (who: string) => createHash('sha256').update(`${apiUrl} ${who}`).digest('hex').slice(0, 32)
  const keeperOf = (account: string) => budgetKeeper(db, { account, worker, now: () => new Date() })
  if ('token' in identity) {
    const account = accountOf(identity.token)
    const github = connect({ apiUrl, token: identity.token, keeper: keeperOf(account) })
    return orgs.map(login => ({ login, github, account }))
  }
  const { app } = identity
  return orgs.map(login => {
    const account = accountOf(`app ${app.id} ${login.toLowerCase()}`)
    const token = installationTokens({ apiUrl, app, org: login })
    return { login, github: connect({ apiUrl, token, keeper: keeperOf(account) }), account }
  })
}
