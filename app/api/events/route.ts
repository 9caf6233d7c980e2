import { z } from 'zod'
import { readEnv } from '#lib/env.ts'
import { EventStreams } from '#lib/http/event-stream.ts'
import { handleFile } from '#lib/http/handle.ts'
import { createLog } from '#lib/log.ts'
import { watchChanges } from '#lib/store/changes.ts'
import { readMarks } from '#lib/store/pages/marks.ts'
import { enter, house, orgAskedFor, viewerBy } from '../../door.ts'

// The server that stops lets them go (scripts/serve.ts).
const held = globalThis as { plumblineEvents?: EventStreams }

function streams(): EventStreams {
  const { db, url } = house()
  const log = createLog(readEnv().logLevel)
  const failed = (error: unknown) => log.warn({ error }, 'Open pages could not be told what changed; they ask again.')
  held.plumblineEvents ??= new EventStreams({
    watch: changed => watchChanges(db, { url, changed, failed }),
    marks: (sees, asked) => readMarks(db, { sees, asked }, new Date()),
    failed,
  })
  return held.plumblineEvents
}

/** Tells an open page that something which it shows has changed, for as long as it listens. */
export const GET = handleFile({
  enter: request =>
    enter(request, 'read').then(({ viewer }) => ({ viewer, headers: request.headers, left: request.signal })),
  query: z.object({}),
  async run(_query, { viewer, headers, left }) {
    // Next reuses what it hands out: who comes again is known by a copy.
    const own = new Headers(headers)
    const org = await orgAskedFor()
    return new Response(
      streams().open({ viewer, org, left }, () => viewerBy(own)),
      {
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          // Nothing in between keeps it, packs it or waits for more of it.
          'cache-control': 'no-store, no-transform',
          'x-accel-buffering': 'no',
        },
      },
    )
  },
})
