/** What tags and branches of a repository point to, over git's own protocol (version 2): no request of the API's budget. */
import type { GitHub } from './client.ts'
import { askGit, line } from './upload-pack.ts'

/** Full ref name → commit; annotated tags are peeled. */
export type GitRefs = ReadonlyMap<string, string>

const ASK = `${line('command=ls-refs\n')}0001${line('peel\n')}${line('ref-prefix refs/tags/\n')}${line('ref-prefix refs/heads/\n')}0000`
const MAX_BYTES = 16 * 1024 * 1024

/**
 * `refused`: there is no such repository here, or not for this token. null: the host did not answer, which says nothing.
 */
export async function listRefs(github: GitHub, owner: string, name: string): Promise<GitRefs | 'refused' | null> {
  const answer = await askGit(github, { owner, name }, ASK, MAX_BYTES)
  if (typeof answer === 'number') return answer >= 400 && answer < 429 ? 'refused' : null
  return answer && parseRefs(answer)
}

/** Lines of `OID REF[ peeled:OID]`, each with its length in four hex digits before it. */
function parseRefs(bytes: Buffer): GitRefs | null {
  const refs = new Map<string, string>()
  let at = 0
  while (at + 4 <= bytes.length) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16)
    if (!Number.isInteger(length)) return null
    if (length < 4) {
      at += 4
      continue
    }
    const [, oid, ref, peeled] =
      /^([0-9a-f]{40,64}) (\S+)(?:.* peeled:([0-9a-f]{40,64}))?/.exec(bytes.toString('utf8', at + 4, at + length)) ?? []
    if (oid !== undefined && ref !== undefined) refs.set(ref, peeled ?? oid)
    at += length
  }
  return refs
}
