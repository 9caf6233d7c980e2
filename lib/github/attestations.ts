/** Which artifacts have an attestation in the organisation: a thousand digests a request. */
import { z } from 'zod'
import type { Capabilities } from './capabilities.ts'
import { type GitHub, jsonOf } from './client.ts'
import { GitHubTrouble } from './trouble.ts'

/** As many digests as GitHub takes in one request. */
const MOST = 1_024
/** An attestation comes whole, some kilobytes each; a cursor that never ends must not keep the crawl. */
const PAGES = 50

const answer = z.object({
  attestations_subject_digests: z.record(z.string(), z.array(z.unknown()).nullish()),
  page_info: z.object({ has_next: z.boolean().optional(), next: z.string().optional() }).optional(),
})

/** As `readAttested`; null, with the reason in the capabilities, where it could not be asked. */
export async function attestedOf(
  github: GitHub,
  org: string,
  capabilities: Capabilities,
  digests: readonly string[],
): Promise<ReadonlySet<string> | null> {
  if (github.missing.has('ReleaseAsset.digest'))
    capabilities.tell('Attestations', 'absent', 'This server does not tell the digests of released files.')
  if (digests.length === 0) return new Set()
  return (await capabilities.ask('Attestations', () => readAttested(github, org, digests))).value
}

/**
 * Those of the digests (`sha256:…`) that an attestation in one of the organisation's repositories names. An attestation
 * is found, not verified. Throws GitHubTrouble `denied` without the right, `not-found` where the host has none.
 */
async function readAttested(github: GitHub, org: string, digests: readonly string[]): Promise<Set<string>> {
  const attested = new Set<string>()
  const distinct = [...new Set(digests)]
  for (let at = 0; at < distinct.length; at += MOST) {
    const body = { subject_digests: distinct.slice(at, at + MOST) }
    const path = `/orgs/${encodeURIComponent(org)}/attestations/bulk-list?per_page=100`
    for (let after: string | undefined, page = 1; ; page += 1) {
      const url = after === undefined ? path : `${path}&after=${encodeURIComponent(after)}`
      const parsed = answer.safeParse(jsonOf(await github.post(url, body), github.addresses.host))
      if (!parsed.success) throw new GitHubTrouble('failed', 'GitHub answered in a form that is not known.')
      const { attestations_subject_digests: byDigest, page_info: info } = parsed.data
      for (const [digest, found] of Object.entries(byDigest)) if ((found ?? []).length > 0) attested.add(digest)
      after = info?.has_next === true ? info.next : undefined
      if (after === undefined) break
      // What was not told is not "none": half an answer is no answer.
      if (page === PAGES)
        throw new GitHubTrouble('failed', 'GitHub has more attestations of these files than are read.')
    }
  }
  return attested
}
