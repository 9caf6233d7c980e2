/** What pages and server agree on about the policy and about trying a change of it. */
import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'

const grade = z.enum(['A', 'B', 'C', 'D', 'F']).nullable()
const standing = z.object({ score: z.number().nullable(), hardening: z.number().nullable(), grade })

/** A repository whose score or grade a change of the policy would move. */
export const movedRepository = z.object({ name: z.string(), before: standing, after: standing })
export type MovedRepository = z.infer<typeof movedRepository>

/** `done` of `total` repositories are judged by the tried policy; `moved` grows with them. */
export const policyTrial = z.object({
  id: z.number(),
  state: z.enum(['asked', 'running', 'done', 'failed']),
  reason: z.string().nullable(),
  total: z.number(),
  done: z.number(),
  moved: z.array(movedRepository),
})
export type PolicyTrial = z.infer<typeof policyTrial>

const ASKING_MS = 700

export function trialOptions(id: number) {
  return queryOptions({
    queryKey: ['policy trial', id],
    queryFn: async ({ signal }) => {
      const response = await fetch(`/api/policy/trials/${id}`, { signal })
      if (!response.ok) throw new Error(`The server answered ${response.status}.`)
      return policyTrial.parse(await response.json())
    },
    refetchInterval: ({ state: { data } }) => (data?.state === 'done' || data?.state === 'failed' ? false : ASKING_MS),
  })
}

export type PolicyVersionRow = {
  number: number
  text: string
  savedAt: Date
  savedName: string
  note: string
  moved: number
}

/** Why not; `newest` is the version in force where it is not the one that the draft was made from. */
export type PolicyRefusal = { refused: string; newest: number | null }

/** What is wrong with a text, by line; or the trial that began. */
export type TryAnswer = { problems: { line: number; sentence: string }[] } | { trial: number } | PolicyRefusal

export type SaveAnswer = { saved: true } | PolicyRefusal
