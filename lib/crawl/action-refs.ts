/** Which actions a repository uses at which refs, and what those refs are. Pure. */
import type { ResolvedRef } from '../snapshot/snapshot.ts'

// Every part is bounded, so that a text of nothing but beginnings is not read once for each of them.
const USES =
  /\buses["']?\s{0,100}:\s{0,100}["']?([A-Za-z0-9][\w-]{0,99}\/[\w.-]{1,100})(?:\/[^\s@"'#]{0,500})?@([^\s"'#{}$]{1,200})(?=[\s"'#]|$)/g
const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/** `owner/repo@ref`, each once. Finds by text rather than by YAML: a ref that is asked for in vain does no harm. */
export function actionRefs(texts: readonly string[]): string[] {
  const found = new Set<string>()
  for (const text of texts) for (const [, repository, ref] of text.matchAll(USES)) found.add(`${repository}@${ref}`)
  return [...found]
}

/** The commit of `ref`, and the fullest version tag there (`v4.2.1` rather than `v4`); null where there is no such ref. */
export function resolveRef(ref: string, refs: ReadonlyMap<string, string>): ResolvedRef | null {
  const commit = SHA.test(ref) ? ref : (refs.get(`refs/tags/${ref}`) ?? refs.get(`refs/heads/${ref}`) ?? refs.get(ref))
  if (commit === undefined) return null
  let version: string | null = null
  for (const [name, oid] of refs) {
    if (oid !== commit || !name.startsWith('refs/tags/')) continue
    const tag = name.slice('refs/tags/'.length)
    if (/^v?\d+(?:\.\d+){0,3}(?:[-+][\w.+-]+)?$/.test(tag) && (version === null || isFuller(tag, version)))
      version = tag
  }
  return { commit, version }
}

function isFuller(tag: string, than: string): boolean {
  const [a, b] = [numbers(tag), numbers(than)]
  if (a.length !== b.length) return a.length > b.length
  const at = a.findIndex((part, index) => part !== b[index])
  // Equal numbers: the one that is no pre-release, then the shorter.
  return at < 0 ? tag.length < than.length : (a[at] ?? 0) > (b[at] ?? 0)
}

function numbers(tag: string): number[] {
  return (/^v?([\d.]+)/.exec(tag)?.[1] ?? '').split('.').map(Number)
}
