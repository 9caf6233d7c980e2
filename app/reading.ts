import { headers } from 'next/headers'
import { cache } from 'react'
import { NOTHING_YET } from '#lib/api/crawls.ts'
import type { Frame, Place } from '#lib/api/frame.ts'
import { overviewQuery, sinceOf } from '#lib/api/overview.ts'
import type { Action, Viewer } from '#lib/auth/permit.ts'
import { AppError } from '#lib/errors.ts'
import { timed } from '#lib/http/metrics.ts'
import type { Database } from '#lib/store/database.ts'
import { readProgress } from '#lib/store/pages/crawls.ts'
import { readCoverage, readPlace } from '#lib/store/pages/frame.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { refusing } from '#lib/store/pages/refusing.ts'
import { house, orgAskedFor, viewerFor } from './door.ts'

/**
 * Every page's way to the store: for a viewer who may, and for nobody else. A refusal keeps its code on the way to
 * `error.tsx`, which turns it into words, and every failure the id by which the log knows the request. What Next itself
 * throws, e.g. to lead elsewhere, goes on as it is.
 */
export async function read<T>(
  run: (db: Database, viewer: Viewer) => Promise<T>,
  { action = 'read' }: { action?: Action } = {},
): Promise<T> {
  try {
    const { url, db } = house()
    const viewer = await viewerFor(action)
    const path = (await headers()).get('x-path') ?? '/'
    return await timed(path, () => refusing(db, url, store => run(store, viewer)))
  } catch (error) {
    if (!(error instanceof Error) || 'digest' in error) throw error
    const request = (await headers()).get('x-request-id')
    const code = error instanceof AppError ? error.code : null
    const digest = [code, request].filter(part => part !== null).join(' ')
    throw digest === '' ? error : Object.assign(error, { digest })
  }
}

/** The organisation being looked at; read once per request, whoever asks. A page begins to read its own after this. */
export const currentPlace: () => Promise<Place | null> = cache(() =>
  read(async (db, { sees }) => readPlace(db, sees, await orgAskedFor())),
)

/** The same with how much of it has been looked at, for the frame and for pages that tell of it. */
export const currentFrame: () => Promise<Frame | null> = cache(async () => {
  const place = await currentPlace()
  return place === null ? null : { ...place, coverage: await currentCoverage(place) }
})

const currentCoverage = cache((place: Place) => read(db => readCoverage(db, place.scope)))

export const currentProgress = cache(async () => {
  const place = await currentPlace()
  return place === null ? NOTHING_YET : read(db => readProgress(db, place.scope, currentCoverage(place)))
})

/** What the overview and its report tell, compared with the day that the address asks for; null before there is any. */
export async function comparedOverview(asked: Record<string, string | string[] | undefined>) {
  const now = new Date()
  const since = sinceOf(overviewQuery.parse(asked), now)
  const place = await currentPlace()
  const [frame, progress, overview] = await Promise.all([
    currentFrame(),
    currentProgress(),
    place && read(db => readOverview(db, place.scope, since, now)),
  ])
  return { now, since, frame, progress, overview }
}
