import { expect, test } from 'vitest'
import { migrate } from '#prisma/migrate.ts'
import { describeDatabases } from '#tests/database.ts'

describeDatabases('migrate', database => {
  test('has nothing to do on a migrated database', async () => {
    expect(await migrate(database.url)).toEqual([])
  })
})
