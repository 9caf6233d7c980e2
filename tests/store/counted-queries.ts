import pg from 'pg'
import { vi } from 'vitest'

/** Runs `work` and tells how many statements went to the database on its behalf. */
export async function countedQueries<T>(work: () => Promise<T>): Promise<{ result: T; queries: number }> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  try {
    const result = await work()
    return { result, queries: spy.mock.calls.length }
  } finally {
    spy.mockRestore()
  }
}
