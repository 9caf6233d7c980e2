/** Buckets that fill again over a minute, kept where every process takes from the same one. */
import type { Database } from './database.ts'

/** A bucket that nobody took from for so long is full, which is what a bucket that is not there is. */
const FULL_MS = 60_000

/** `took`: whether there was one left. `left`: what is left now, a fraction where the next one is not whole yet. */
export type Taken = { took: boolean; left: number }
export type Buckets = { take(key: string, perMinute: number, now: Date): Promise<Taken> }

/** Takes one at a time, in one statement; those who take at the same moment come one after the other. */
export function bucketsIn(db: Database): Buckets {
  let swept = 0
  return {
    async take(key, perMinute, now) {
      if (now.getTime() - swept > FULL_MS) {
        swept = now.getTime()
        await db.$executeRaw`DELETE FROM "RequestBucket" WHERE "at" < ${new Date(swept - FULL_MS)}::timestamptz`
      }
      // A clock that is behind another process's fills nothing, and turns nothing back.
      const [row] = await db.$queryRaw<Taken[]>`
        INSERT INTO "RequestBucket" AS b ("key", "level", "took", "at")
        VALUES (${key}, ${perMinute}::float8 - 1, true, ${now}::timestamptz)
        ON CONFLICT ("key") DO UPDATE SET ("level", "took", "at") = (
          SELECT filled - CASE WHEN filled >= 1 THEN 1 ELSE 0 END, filled >= 1, greatest(b."at", excluded."at")
          FROM (SELECT least(${perMinute}::float8, b."level" + ${perMinute}::float8
            * greatest(0, extract(epoch FROM excluded."at" - b."at")::float8) / 60) AS filled) AS now)
        RETURNING "took", "level" AS "left"`
      if (row === undefined) throw new Error('A bucket that was just written is not there.')
      return row
    },
  }
}
