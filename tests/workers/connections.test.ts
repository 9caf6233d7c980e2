import { generateKeyPairSync } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import { startGitHub } from '#demo/github/server.ts'
import { WHO } from '#lib/github/token-test.ts'
import { repositories } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { connections } from '#workers/connections.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const KEY = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

describeDatabases('connections', database => {
  test('an app spends at each organisation a budget of its own, a token one for all of them', async () => {
    const { db } = database
    const host = await openGitHost(await repositories({ one: { a: '1' } }), 'acme')
    const github = await startGitHub({ host, app: { alsoAt: ['beta'] }, limits: { rest: 5, points: 5 } })
    onTestFinished(() => github.stop())
    const at = { githubApiUrl: github.apiUrl }
    const app = { app: { id: '1', privateKey: KEY } }
    const [acme, beta] = connections(at, { identity: app, orgs: ['acme', 'beta'] }, db)
    // Four of five points of the one, and one of the other; then both ask what is left.
    for (let time = 0; time < 4; time += 1) await acme?.github.graphql(WHO, {})
    await beta?.github.graphql(WHO, {})
    expect(acme?.github.budget.graphql).toMatchObject({ limit: 5, remaining: 1 })
    expect(beta?.github.budget.graphql).toMatchObject({ limit: 5, remaining: 4 })
    expect(acme?.account).not.toBe(beta?.account)
    const kept = await db.budget.findMany({ where: { resource: 'graphql' }, select: { account: true } })
    expect(new Set(kept.map(({ account }) => account))).toEqual(new Set([acme?.account, beta?.account]))
    const [one, two] = connections(at, { identity: { token: 'ghp_x' }, orgs: ['acme', 'beta'] }, db)
    expect(one?.github).toBe(two?.github)
    expect(one?.account).toBe(two?.account)
    expect(one?.account).not.toContain('ghp_x')
  })
})
