import pg from 'pg'
import { vi } from 'vitest'
import { FOR_PAGES } from '#lib/store/database.ts'

/** Runs `work` and tells how many statements went to the database on its behalf, without what each new connection says. */
export async function countedQueries<T>(work: () => Promise<T>): Promise<{ result: T; queries: number }> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  try {
    const result = await work()
    return { result, queries: spy.mock.calls.filter(([asked]) => String(asked) !== FOR_PAGES).length }
  } finally {
    spy.mockRestore()
  }
}
