import { expect, test } from 'vitest'
import { RateLimit } from '#lib/http/rate-limit.ts'

test('so many a minute and no more, for each asker alone; what was used comes back with time', () => {
  const limit = new RateLimit(3)
  for (const _ of [1, 2, 3]) limit.take('ada', 0)
  expect(() => limit.take('ada', 0)).toThrow('More than 3 requests in a minute.')
  limit.take('bob', 0)
  expect(() => limit.take('ada', 19_000)).toThrow()
  limit.take('ada', 21_000)
  expect(() => limit.take('ada', 21_000)).toThrow()
})

test('askers without end take no memory without end, and do not free who is held back', () => {
  const limit = new RateLimit(1)
  for (let number = 0; number < 20_000; number += 1) limit.take(`asker ${number}`, 0)
  limit.take('ada', 1)
  expect(() => limit.take('ada', 1)).toThrow()
})
