/** What a repository calls of another one of its organisation decides its verdict, from the crawl to the page. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openJudges } from '#lib/judge/judges.ts'
import { createLog } from '#lib/log.ts'
import { inlineQueue } from '#lib/queue/inline.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { hosted, repositories } from '#tests/crawl/hosted.ts'
import { describeDatabases } from '#tests/database.ts'
import { bareRepository } from '#tests/demo/github/bare-repository.ts'
import { whole } from '#tests/store/made.ts'
import { usageBook } from '#workers/context.ts'
import { handlersOf } from '#workers/handlers.ts'

const judges = openJudges({ count: 1 })
afterAll(() => judges.close())

const APP = {
  'package.json': '{ "dependencies": { "a": "1" } }\n',
  'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
  '.github/workflows/ci.yml':
    'on:\n  pull_request:\n  schedule:\n    - cron: "0 0 * * 1"\njobs:\n  audit:\n    uses: acme/Shared/.github/workflows/audit.yml@v1\n',
}
const shared = (run: string) => ({
  '.github/workflows/audit.yml': `on: workflow_call\njobs:\n  audit:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${run}\n`,
})

describeDatabases('what is called', database => {
  test('is asked of the repository that has it, whenever that is found or changes', async () => {
    const { db } = database
    const dir = await repositories({ app: APP })
    const { client, source } = await hosted(dir)
    const { api, web } = client.addresses
    const org = await saveOrg(db, { login: 'acme', apiUrl: api, webUrl: web, demo: false })
    const queue = inlineQueue()
    let milliseconds = Date.parse('2026-06-01T00:00:00Z')
    const now = () => new Date(milliseconds++)
    const log = createLog('silent')
    const bookUsage = usageBook(db, client)
    const handlers = handlersOf({ db, queue, judges, source, now, log, replay: false, bookUsage })
    const look = async (day: number) => {
      milliseconds = Date.parse('2026-06-01T00:00:00Z') + day * 86_400_000
      // The host looks at the folder again when its date changes.
      writeFileSync(join(dir, `touched-${day}`), '')
      await queue.enqueue('discover-repositories', { orgId: org.id })
      await queue.drain(handlers, new AbortController().signal)
      const card = await readScorecard(db, whole(org), 'app', now(), undefined)
      const check = card?.checks.find(({ id }) => id === 'dependencies-audited')
      return { outcome: check?.outcome, reason: check?.reason }
    }
    const scans = () => db.scan.count({ where: { repository: { name: 'app' } } })

    expect(await look(0)).toMatchObject({ outcome: 'unknown', reason: expect.stringContaining('acme/Shared') })
    await bareRepository(dir, 'shared', [{ date: '2026-06-02T00:00:00Z', files: shared('npm audit') }])
    expect(await look(1)).toMatchObject({ outcome: 'pass' })
    await bareRepository(dir, 'shared', [{ date: '2026-06-03T00:00:00Z', files: shared('npm audit || true') }])
    expect(await look(2)).toMatchObject({ outcome: 'fail' })
    const known = await scans()
    expect(await look(3)).toMatchObject({ outcome: 'fail' })
    expect(await scans()).toBe(known)
  })
})
