/** Deliveries of webhooks that did not reach us, as GitHub tells them to the app itself; no installation's limit counts it. */
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { z } from 'zod'
import { addressesOf } from './addresses.ts'
import type { App } from './identity.ts'
import { nextPage } from './settings.ts'
import { GitHubTrouble } from './trouble.ts'

/** `guid` is the same however often GitHub sends it. */
export type MissedDelivery = { guid: string; event: string; repositoryId: bigint }

/** GitHub keeps them for three days; of a busy app whose address was wrong that may be very many. */
const PAGES = 10

const delivery = z.object({
  guid: z.string(),
  event: z.string(),
  status_code: z.int(),
  repository_id: z.union([z.int(), z.bigint()]).nullish(),
})

/** Those about repositories, the newest first, that were not answered with success. Throws GitHubTrouble. */
export async function missedDeliveries({ apiUrl, app }: { apiUrl: string; app: App }): Promise<MissedDelivery[]> {
  const { api, host } = addressesOf(apiUrl)
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const { request } = new Octokit({ baseUrl: api, userAgent: 'plumbline', log })
  const auth = createAppAuth({ appId: app.id, privateKey: app.privateKey, request, log })
  const missed: MissedDelivery[] = []
  try {
    const { token } = await auth({ type: 'app' })
    let next: string | null = `${api}/app/hook/deliveries?per_page=100&status=failure`
    for (let page = 0; next !== null && page < PAGES; page += 1) {
      const answer: { data: unknown; headers: { link?: string | undefined } } = await request(`GET ${next}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      for (const value of Array.isArray(answer.data) ? answer.data : []) {
        const parsed = delivery.safeParse(value).data
        // An older server does not know the filter.
        if (parsed?.repository_id == null || (parsed.status_code >= 200 && parsed.status_code < 300)) continue
        missed.push({ guid: parsed.guid, event: parsed.event, repositoryId: BigInt(parsed.repository_id) })
      }
      next = nextPage(answer.headers.link, api)
    }
  } catch (cause) {
    throw new GitHubTrouble('failed', `${host} did not tell which deliveries were missed: ${reasonOf(cause)}.`)
  }
  return missed
}

function reasonOf(error: unknown): string {
  const status = error instanceof Error && 'status' in error ? error.status : null
  return typeof status === 'number' ? `it answered ${status}` : 'it could not be asked'
}
