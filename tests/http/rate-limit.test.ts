import { describe, expect, test } from 'vitest'
import { limitHeaders, RateLimit, SharedLimit, TooMany } from '#lib/http/rate-limit.ts'
import { bucketsIn } from '#lib/store/buckets.ts'
import { closeDatabase, openDatabase } from '#lib/store/database.ts'
import { describeDatabases, describePostgres } from '#tests/database.ts'

const START = Date.UTC(2026, 5, 1)
const at = (milliseconds: number) => new Date(START + milliseconds)

describe('in one process', () => {
  test('so many a minute and no more, for each asker alone; what was used comes back with time', () => {
    const limit = new RateLimit(3)
    for (const _ of [1, 2, 3]) expect(limit.takes('ada', 0)).toBe(true)
    expect(limit.takes('ada', 0)).toBe(false)
    expect(limit.takes('bob', 0)).toBe(true)
    expect(limit.takes('ada', 19_000)).toBe(false)
    expect(limit.takes('ada', 21_000)).toBe(true)
    expect(limit.takes('ada', 21_000)).toBe(false)
  })

  test('askers without end take no memory without end, and do not free who is held back', () => {
    const limit = new RateLimit(1)
    for (let number = 0; number < 20_000; number += 1) limit.takes(`asker ${number}`, 0)
    expect(limit.takes('ada', 1)).toBe(true)
    expect(limit.takes('ada', 1)).toBe(false)
  })
})

describeDatabases('over all processes', database => {
  test('so many a minute and no more, and a refusal says when there is one again', async () => {
    const limit = new SharedLimit('person', 3)
    const buckets = bucketsIn(database.db)
    const left: number[] = []
    for (const _ of [1, 2, 3]) left.push((await limit.take(buckets, 'ada', at(0))).left)
    expect(left).toEqual([2, 1, 0])
    const refusal = await limit.take(buckets, 'ada', at(0)).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(TooMany)
    expect(refusal).toMatchObject({ code: 'rate-limited', seconds: 20, hint: 'Go on in 20 seconds.' })
    await limit.take(buckets, 'bob', at(0))
    await new SharedLimit('address', 3).take(buckets, 'ada', at(0))
    await expect(limit.take(buckets, 'ada', at(19_000))).rejects.toMatchObject({ seconds: 1 })
    expect(await limit.take(buckets, 'ada', at(20_000))).toMatchObject({ left: 0, seconds: 60 })
    expect(await limit.take(buckets, 'ada', at(90_000))).toMatchObject({ left: 2 })
  })

  test('who was refused is refused again without a query, in the process that refused', async () => {
    const limit = new SharedLimit('person', 1)
    const buckets = bucketsIn(database.db)
    let asked = 0
    const counting: typeof buckets = {
      take: (...all) => {
        asked += 1
        return buckets.take(...all)
      },
    }
    await limit.take(counting, 'ada', at(0))
    for (let number = 0; number < 100; number += 1) await limit.take(counting, 'ada', at(number)).catch(() => undefined)
    expect(asked).toBe(2)
  })

  test('a clock that runs behind fills nothing, and what nobody uses any more is swept away', async () => {
    const [ahead, behind] = [bucketsIn(database.db), bucketsIn(database.db)]
    for (const when of [60_000, 0, 30_000]) await [ahead, behind][when === 60_000 ? 0 : 1]?.take('ada', 3, at(when))
    expect(await ahead.take('ada', 3, at(60_000))).toMatchObject({ took: false, left: 0 })
    for (let number = 0; number < 50; number += 1) await ahead.take(`asker ${number}`, 3, at(60_000))
    await bucketsIn(database.db).take('ada', 3, at(300_000))
    expect(await database.db.requestBucket.count()).toBe(1)
  })
})

describePostgres('two web servers on one database', database => {
  test('together let through exactly what one would, also where all ask at once', async () => {
    const other = openDatabase(database.url)
    try {
      const processes = [bucketsIn(database.db), bucketsIn(other)].map(buckets => ({
        buckets,
        limit: new SharedLimit('person', 20),
      }))
      const asking = Array.from({ length: 60 }, (_, number) => {
        const { buckets, limit } = processes[number % 2] ?? {
          buckets: bucketsIn(other),
          limit: new SharedLimit('person', 20),
        }
        return limit.take(buckets, 'ada', at(0)).then(
          () => 'through',
          (error: { code: string }) => error.code,
        )
      })
      const answers = await Promise.all(asking)
      expect(answers.filter(answer => answer === 'through')).toHaveLength(20)
      expect(answers.filter(answer => answer === 'rate-limited')).toHaveLength(40)
    } finally {
      await closeDatabase(other)
    }
  })
})

test('the headers tell every limit, the tightest first', () => {
  const ofAddress = { name: 'address', perMinute: 600, left: 590, seconds: 1 }
  const ofPerson = { name: 'person', perMinute: 300, left: 12, seconds: 58 }
  expect(limitHeaders([ofAddress, ofPerson])).toEqual({
    'ratelimit-policy': '"person";q=300;w=60, "address";q=600;w=60',
    ratelimit: '"person";r=12;t=58, "address";r=590;t=1',
  })
})
