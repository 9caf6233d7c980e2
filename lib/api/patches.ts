import { z } from 'zod'

/** Which fixes of a repository: those of a check, of one finding (by fingerprint), only the safe ones; else all. */
export const patchQuery = z.object({
  check: z.string().max(100).optional(),
  finding: z.string().max(100).optional(),
  safe: z
    .enum(['yes', 'no'])
    .default('no')
    .transform(value => value === 'yes'),
})
export type PatchQuery = z.output<typeof patchQuery>

/** A diff that `git apply` takes at `commit`. `leftOut`: fixes that contradict one that is in it. */
export type PatchFile = { commit: string; diff: string; applied: number; leftOut: number }

export function patchHref(name: string, query: z.input<typeof patchQuery>): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, value)
  return `/api/repositories/${encodeURIComponent(name)}/patch?${search}`
}
