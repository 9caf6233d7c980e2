/** Requests of git's own protocol (version 2), which no limit of the API counts. */
import type { GitHub } from './client.ts'

const TIMEOUT = 60_000

/** A line with its length in four hex digits before it. */
export const line = (text: string) => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`

/**
 * Asks a repository; gives what it answered, else the status of the refusal, else null where the host did not answer or
 * answered more than `maxBytes`. No redirect is followed: the token would go with it.
 */
export async function askGit(
  github: GitHub,
  { owner, name }: { owner: string; name: string },
  body: string,
  maxBytes: number,
): Promise<Buffer | number | null> {
  const url = `${github.addresses.web}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}.git/git-upload-pack`
  const basic = Buffer.from(`x-access-token:${await github.token()}`).toString('base64')
  const found = await ask(github, url, { authorization: `Basic ${basic}` }, body, maxBytes)
  // A token that is limited to its organisation is refused elsewhere, where anybody may read.
  return found === 401 || found === 403 ? ask(github, url, {}, body, maxBytes) : found
}

async function ask(
  github: GitHub,
  url: string,
  auth: Record<string, string>,
  body: string,
  maxBytes: number,
): Promise<Buffer | number | null> {
  github.ledger.add('git', 1)
  const headers = {
    ...auth,
    'content-type': 'application/x-git-upload-pack-request',
    accept: 'application/x-git-upload-pack-result',
    'git-protocol': 'version=2',
    'user-agent': 'git/plumbline',
  }
  try {
    const signal = AbortSignal.timeout(TIMEOUT)
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    if (response.status !== 200) {
      await response.body?.cancel()
      return response.status
    }
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.byteLength
      if (length > maxBytes) return null
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch {
    // What is asked here is also to be had in another way, or left unknown: the caller decides which.
    return null
  }
}
