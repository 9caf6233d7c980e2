import { expect, test } from 'vitest'
import { audit, verifyAudit } from '#lib/store/audit.ts'
import { readBackup, writeBackup } from '#lib/store/backup.ts'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { migrate } from '#prisma/migrate.ts'
import { describeDatabases, type TestDatabase } from '#tests/database.ts'
import { startDatabase } from '../../scripts/database.ts'
import { temporaryFolder } from '../demo/github/bare-repository.ts'
import { crawl, day, listed, makeOrg } from './made.ts'

async function filled(database: TestDatabase): Promise<void> {
  await database.db.user.create({ data: { id: 'x', name: 'X', email: 'x@example.test' } })
  await makeOrg(database.db, [listed(1, 'a'), listed(2, "b'; drop")])
  await crawl(database.db, 1, 'c1', { 'a.txt': 'ünï\u2028 "quoted"\n' })
  await audit(database.db, {
    at: day(2),
    actor: 'x',
    name: 'X',
    action: 'sign-in',
    resource: 'session',
    address: null,
    details: {},
  })
}

async function backupOf(db: Database): Promise<string[]> {
  let text = ''
  await writeBackup(db, day(3), async lines => {
    text += lines
  })
  return text.trimEnd().split('\n')
}

async function* from(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

/** Another, new database, closed again after `run`. */
async function elsewhere(run: (db: Database) => Promise<void>): Promise<void> {
  const server = await startDatabase({ dir: temporaryFolder() })
  await migrate(server.url)
  const db = openDatabase(server.url)
  try {
    await run(db)
  } finally {
    await closeDatabase(db)
    await server.stop()
  }
}

describeDatabases('backup', database => {
  test('a session is in none: one that was ended since would be in force again', async () => {
    await filled(database)
    await database.db.session.create({ data: { id: 's', token: 'the token', userId: 'x', expiresAt: day(9) } })
    const lines = await backupOf(database.db)
    expect(lines.some(line => line.startsWith('["User",'))).toBe(true)
    expect(lines.join('\n')).not.toContain('the token')
  })

  test('restored elsewhere it is the same, bytes and chain and all, and goes on from there', async () => {
    await filled(database)
    const lines = await backupOf(database.db)
    await elsewhere(async db => {
      expect(await readBackup(db, from(lines))).toBe(lines.length - 2)
      expect(await backupOf(db)).toEqual(lines)
      expect(await verifyAudit(db)).toMatchObject({ rows: 1, brokenAt: null })
      const added = await db.org.create({ data: { login: 'next', apiUrl: 'https://x.example', webUrl: '' } })
      expect(added.id).toBeGreaterThan(1)
      const nowhere = db.repository.update({ where: { id: 1n }, data: { orgId: 4711 } })
      await expect(nowhere).rejects.toThrow(/[Ff]oreign key/)
    })
  })

  test('a backup that was cut short, is none, or is of another version changes nothing', async () => {
    await filled(database)
    const lines = await backupOf(database.db)
    await elsewhere(async db => {
      const restored = (given: readonly string[]) => readBackup(db, from(given))
      await expect(restored(lines.slice(0, -2))).rejects.toThrow(/cut short/)
      await expect(restored(['hello'])).rejects.toThrow(/does not begin as one/)
      await expect(restored([lines[0] ?? '', '["Nothing",{}]'])).rejects.toThrow(/a table Nothing/)
      const older = JSON.stringify({ ...JSON.parse(lines[0] ?? ''), migrations: ['20200101000000_first'] })
      await expect(restored([older, ...lines.slice(1)])).rejects.toThrow(/another version/)
      expect(await db.org.count()).toBe(0)
    })
    await expect(readBackup(database.db, from(lines))).rejects.toThrow('The database is not empty.')
  })
})
