import { expect, test } from 'vitest'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { migrate } from '#prisma/migrate.ts'
import { awaitMigrated, migrationNames } from '#prisma/migrated.ts'
import { describeDatabases } from '#tests/database.ts'

const EMPTY = 'DROP SCHEMA public CASCADE; CREATE SCHEMA public'

async function execute(url: string, sql: string): Promise<void> {
  const db = openDatabase(url, { connections: 1 })
  for (const statement of sql.split('; ')) await db.$executeRawUnsafe(statement)
  await closeDatabase(db)
}

describeDatabases('awaiting the migrations', database => {
  test('a database that is up to date is not waited for', async () => {
    const waits: string[] = []
    await awaitMigrated(database.url, { waitMs: 60_000, onWait: sentence => waits.push(sentence) })
    expect(waits).toEqual([])
  })

  test('goes on as soon as somebody has migrated', async () => {
    await execute(database.url, EMPTY)
    const waits: string[] = []
    const migrating: Promise<unknown>[] = []
    await awaitMigrated(database.url, {
      waitMs: 60_000,
      onWait: sentence => {
        waits.push(sentence)
        migrating.push(migrate(database.url))
      },
    })
    expect(waits).toEqual([expect.stringMatching(/has no tables yet\. Waiting 60 s/)])
    expect(await Promise.all(migrating)).toEqual([migrationNames()])
  })

  test('where nobody migrates, says what to do', async () => {
    await execute(database.url, EMPTY)
    const refusal = await awaitMigrated(database.url, { waitMs: 0, onWait: () => undefined }).catch(error => error)
    expect(refusal).toMatchObject({ code: 'database-behind', hint: expect.stringContaining('npm run migrate') })
    await migrate(database.url)
    await execute(database.url, `DELETE FROM _prisma_migrations WHERE migration_name = '${migrationNames().at(-1)}'`)
    await expect(awaitMigrated(database.url, { waitMs: 0, onWait: () => undefined })).rejects.toMatchObject({
      code: 'database-behind',
      message: expect.stringContaining('1 migration behind'),
    })
    await execute(database.url, EMPTY)
    await migrate(database.url)
  })

  test('a newer version’s database is not read', async () => {
    await execute(
      database.url,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_later', now())`,
    )
    await expect(awaitMigrated(database.url, { waitMs: 60_000, onWait: () => undefined })).rejects.toMatchObject({
      code: 'database-newer',
    })
    await execute(database.url, `DELETE FROM _prisma_migrations WHERE id = 'x'`)
  })
})
