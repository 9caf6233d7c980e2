/** What a scorecard and the server agree on about a look that somebody asked for. */
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { unlessTold } from './events.ts'

/**
 * How the newest look of the last minutes goes. `asked`: no worker has taken it yet · `looking`: it is read from GitHub ·
 * `judging`: what was read is judged · `done` and `failed`: it has ended. Dates are ISO texts.
 */
export const look = z.object({
  id: z.number(),
  state: z.enum(['asked', 'looking', 'judging', 'done', 'failed']),
  /** Why it failed, as a sentence; or what of the repository could not be read. */
  reason: z.string().nullable(),
  /** What was found: another commit or release, other settings, or nothing new. null before it is read. */
  found: z.enum(['content', 'settings', 'nothing', 'empty']).nullable(),
  /** The commit that the repository stands at. */
  commit: z.string().nullable(),
  /** GitHub lets nothing more be asked before. */
  waitsUntil: z.string().nullable(),
})
export type Look = z.infer<typeof look>

/** null: nobody asked for one lately. */
export const lookAnswer = z.object({ look: look.nullable() })

/** What asking for a look answers: nothing, or why not. */
export type AskedLook = { refused: string | null }

const ASKING_MS = 700

export function isUnderWay(of: Look | null | undefined): boolean {
  return of != null && of.state !== 'done' && of.state !== 'failed'
}

export function lookOptions(name: string) {
  return queryOptions({
    queryKey: ['look', name],
    queryFn: async ({ signal }) => {
      const response = await fetch(`/api/repositories/${encodeURIComponent(name)}/look`, { signal })
      if (!response.ok) throw new Error(`The server answered ${response.status}.`)
      return lookAnswer.parse(await response.json())
    },
    refetchInterval: ({ state: { data } }) => unlessTold(isUnderWay(data?.look) ? ASKING_MS : false),
  })
}
