/** What tags and branches of a repository point to, over git's own protocol (version 2): no request of the API's budget. */
import type { GitHub } from './client.ts'

/** Full ref name → commit; annotated tags are peeled. */
export type GitRefs = ReadonlyMap<string, string>

const line = (text: string) => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`
const ASK = `${line('command=ls-refs\n')}0001${line('peel\n')}${line('ref-prefix refs/tags/\n')}${line('ref-prefix refs/heads/\n')}0000`
const MAX_BYTES = 16 * 1024 * 1024
const TIMEOUT = 20_000

/**
 * `refused`: there is no such repository here, or not for this token. null: the host did not answer, which says nothing.
 */
export async function listRefs(github: GitHub, owner: string, name: string): Promise<GitRefs | 'refused' | null> {
  const url = `${github.addresses.web}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}.git/git-upload-pack`
  const basic = Buffer.from(`x-access-token:${await github.token()}`).toString('base64')
  const found = await ask(github, url, { authorization: `Basic ${basic}` })
  // A token that is limited to its organisation is refused elsewhere, where anybody may read.
  const answer = found === 401 || found === 403 ? await ask(github, url, {}) : found
  if (typeof answer !== 'number') return answer
  return answer >= 400 && answer < 429 ? 'refused' : null
}

/** The refs, else the status of the answer, else null. */
async function ask(github: GitHub, url: string, auth: Record<string, string>): Promise<GitRefs | number | null> {
  github.spent.git += 1
  const headers = {
    ...auth,
    'content-type': 'application/x-git-upload-pack-request',
    accept: 'application/x-git-upload-pack-result',
    'git-protocol': 'version=2',
    'user-agent': 'git/plumbline',
  }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: ASK,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      return response.status
    }
    const bytes = Buffer.from(await response.arrayBuffer())
    return bytes.length > MAX_BYTES ? null : parseRefs(bytes)
  } catch {
    // Refs are an extra: an action's host that cannot be reached leaves the version unknown and nothing else.
    return null
  }
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
