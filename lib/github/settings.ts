/** Settings that only REST tells, a hundred repositories a request. */
import { z } from 'zod'
import { type GitHub, jsonOf } from './client.ts'

const status = z.object({ status: z.string() }).nullish()
const row = z.object({
  id: z.union([z.int(), z.bigint()]),
  topics: z.array(z.string()).nullish(),
  custom_properties: z.record(z.string(), z.unknown()).nullish(),
  security_and_analysis: z.object({ secret_scanning: status, dependabot_security_updates: status }).nullish(),
})

/** Security null: GitHub shows it to administrators only. Topics and properties null: an old server that does not tell them. */
export type SecurityRow = {
  id: bigint
  topics: string[] | null
  properties: Record<string, unknown> | null
  secretScanning: boolean | null
  securityUpdates: boolean | null
}

/** Every repository of the organisation that the token sees, page after page. */
export async function* listSecurity(github: GitHub, org: string): AsyncGenerator<SecurityRow[]> {
  let next: string | null = `/orgs/${encodeURIComponent(org)}/repos?per_page=100&type=all&sort=created&direction=asc`
  while (next !== null) {
    const answer: Awaited<ReturnType<GitHub['get']>> = await github.get(next)
    const rows = jsonOf(answer, github.addresses.host)
    yield (Array.isArray(rows) ? rows : []).flatMap(securityIn)
    next = nextPage(answer.headers.link, github.addresses.api)
  }
}

/** That of one repository, by one request; nothing where GitHub answered in a form that is not known. */
export async function readSecurity(github: GitHub, org: string, name: string): Promise<SecurityRow[]> {
  const answer = await github.get(`/repos/${encodeURIComponent(org)}/${encodeURIComponent(name)}`)
  return securityIn(jsonOf(answer, github.addresses.host))
}

function securityIn(value: unknown): SecurityRow[] {
  const parsed = row.safeParse(value).data
  if (parsed === undefined) return []
  const { secret_scanning: scanning, dependabot_security_updates: updates } = parsed.security_and_analysis ?? {}
  const topics = parsed.topics ?? null
  const seen = { topics, properties: parsed.custom_properties ?? null }
  return [{ id: BigInt(parsed.id), ...seen, secretScanning: isOn(scanning), securityUpdates: isOn(updates) }]
}

function isOn(setting: z.output<typeof status>): boolean | null {
  return setting ? setting.status === 'enabled' : null
}

/** The next page's address; one on another host is refused, since the token would go with it. */
export function nextPage(link: string | undefined, api: string): string | null {
  const [, url] = /<([^<>]+)>;\s*rel="next"/.exec(link ?? '') ?? []
  return url !== undefined && URL.parse(url)?.origin === new URL(api).origin ? url : null
}
