import { expect, test } from 'vitest'
import { type AuditEntry, appendAudit, audit, auditRows, readAudit, trimAudit, verifyAudit } from '#lib/store/audit.ts'
import { inTransaction } from '#lib/store/database.ts'
import { describeDatabases } from '#tests/database.ts'
import { day } from './made.ts'

function entry(number: number, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: day(number),
    actor: 'user-1',
    name: 'Ada',
    action: 'waiver.granted',
    resource: 'repository:acme/api',
    address: '192.0.2.7',
    details: { number, reason: 'a "quoted" reason' },
    ...more,
  }
}

describeDatabases('the audit log', database => {
  test('is told newest first, a page at a time', async () => {
    for (const number of [1, 2, 3]) await audit(database.db, entry(number))
    await audit(database.db, entry(4, { actor: 'user-2', action: 'export.findings' }))
    const [newest, ...more] = await readAudit(database.db, { limit: 2 })
    expect(newest).toMatchObject({ seq: 4n, actor: 'user-2', at: day(4), details: { number: 4 } })
    expect(more.map(({ seq }) => seq)).toEqual([3n])
    expect((await readAudit(database.db, { limit: 9, before: 3n })).map(({ seq }) => seq)).toEqual([2n, 1n])
  })

  test('is narrowed by kind, person, thing, address and day, whatever characters these have', async () => {
    await audit(database.db, entry(1, { resource: 'repository:acme/100%_\\' }))
    await audit(
      database.db,
      entry(2, { actor: 'user-2', name: 'Bob', action: 'export.findings', address: '2001:db8::1' }),
    )
    await audit(database.db, entry(3, { action: 'sign-in', address: null, details: { reason: '" or 1=1 --' } }))
    const told = async (filter: Parameters<typeof auditRows>[1]) => {
      const rows: { seq: bigint }[] = []
      for await (const batch of auditRows(database.db, filter)) rows.push(...batch)
      expect((await readAudit(database.db, { ...filter, limit: 9 })).map(({ seq }) => seq)).toEqual(
        rows.map(({ seq }) => seq).toReversed(),
      )
      return rows.map(({ seq }) => Number(seq))
    }
    expect(await told({ action: 'export' })).toEqual([2])
    expect(await told({ action: 'sign-in' })).toEqual([3])
    expect(await told({ action: 'sign' })).toEqual([])
    expect(await told({ who: 'bO' })).toEqual([2])
    expect(await told({ who: 'user-1' })).toEqual([1, 3])
    expect(await told({ which: '%_\\' })).toEqual([1])
    expect(await told({ which: '1=1' })).toEqual([3])
    expect(await told({ address: '2001:db8::1' })).toEqual([2])
    const [second] = [day(2).toISOString().slice(0, 10)]
    expect(await told({ since: second, until: second })).toEqual([2])
    expect(await told({})).toEqual([1, 2, 3])
  })

  test('writers at the same moment make one chain without a gap', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, number) => audit(database.db, entry(number + 1))))
    expect(await verifyAudit(database.db)).toEqual({ rows: 12, from: 1n, to: 12n, brokenAt: null, older: 0 })
  })

  test('has no row of what was rolled back', async () => {
    const failing = inTransaction(database.db, async tx => {
      await appendAudit(tx, entry(1))
      throw new Error('the change failed')
    })
    await expect(failing).rejects.toThrow('the change failed')
    expect(await readAudit(database.db, { limit: 9 })).toEqual([])
  })

  test('cannot be changed or shortened by the program', async () => {
    await audit(database.db, entry(1))
    await expect(database.db.auditEvent.updateMany({ data: { name: 'Eve' } })).rejects.toThrow(/only added to/)
    await expect(database.db.auditEvent.deleteMany()).rejects.toThrow(/only added to/)
  })

  test('a row changed or taken away behind its back is found', async () => {
    for (const number of [1, 2, 3, 4]) await audit(database.db, entry(number))
    const without = async (work: () => Promise<unknown>) => {
      await database.db.$executeRaw`ALTER TABLE "AuditEvent" DISABLE TRIGGER "AuditEvent_append_only"`
      await work()
      await database.db.$executeRaw`ALTER TABLE "AuditEvent" ENABLE TRIGGER "AuditEvent_append_only"`
    }
    await without(() => database.db.auditEvent.update({ where: { seq: 3n }, data: { details: { number: 9 } } }))
    expect(await verifyAudit(database.db)).toMatchObject({ brokenAt: 3n })
    // Of the newest alone it is found only as long as the changed row is among them.
    expect(await verifyAudit(database.db, { newest: 2 })).toMatchObject({ brokenAt: 3n, older: 2 })
    expect(await verifyAudit(database.db, { newest: 1 })).toEqual({
      rows: 1,
      from: 4n,
      to: 4n,
      brokenAt: null,
      older: 3,
    })
    await without(() => database.db.auditEvent.delete({ where: { seq: 3n } }))
    expect(await verifyAudit(database.db)).toMatchObject({ rows: 2, brokenAt: 4n })
  })

  test('what retention removes is told in the log, and the rest still holds', async () => {
    for (const number of [1, 2, 3, 4]) await audit(database.db, entry(number))
    expect(await trimAudit(database.db, day(3), day(9))).toBe(2)
    expect(await verifyAudit(database.db)).toEqual({ rows: 3, from: 3n, to: 5n, brokenAt: null, older: 0 })
    const [told] = await readAudit(database.db, { limit: 1 })
    expect(told).toMatchObject({ action: 'audit.trimmed', details: { removed: 2 } })
    expect(await trimAudit(database.db, day(3), day(9))).toBe(0)
    await expect(database.db.auditEvent.deleteMany()).rejects.toThrow(/only added to/)
  })
})
