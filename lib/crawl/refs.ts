/** What the refs of actions point to, repository by repository. */
import type { ResolvedRef } from '../snapshot/snapshot.ts'
import { resolveRef } from './action-refs.ts'
import { inParallel } from './parallel.ts'

/** Actions of another host are asked for by every repository that uses them: a refusal is remembered for an hour. */
const REFUSED_FOR = 60 * 60 * 1000

/** `refused`: repositories that were not to be had, and until when (of the process's clock) they are not asked for again. */
export async function refsOf(
  list: (owner: string, name: string) => Promise<ReadonlyMap<string, string> | 'refused' | null>,
  ids: readonly string[],
  refused: Map<string, number>,
): Promise<Map<string, ResolvedRef | null>> {
  const byRepository = Map.groupBy(ids, id => id.slice(0, id.indexOf('@')))
  const found = new Map<string, ResolvedRef | null>()
  await inParallel([...byRepository], async ([repository, asked]) => {
    const [owner = '', name = ''] = repository.split('/')
    const isRefused = (refused.get(repository) ?? 0) > performance.now()
    const refs = isRefused ? 'refused' : await list(owner, name)
    if (refs === null) return
    if (refs === 'refused') {
      if (!isRefused) refused.set(repository, performance.now() + REFUSED_FOR)
      for (const id of asked) found.set(id, null)
      return
    }
    for (const id of asked) found.set(id, resolveRef(id.slice(repository.length + 1), refs))
  })
  return found
}
