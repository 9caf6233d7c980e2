/** What every page and route reads of a made-up store, for measuring and for counting its statements. */

import { AUDIT_VERIFIED } from '#lib/api/audit.ts'
import { patienceOf } from '#lib/api/crawls.ts'
import type { Scope } from '#lib/api/frame.ts'
import { type InventoryQuery, inventoryQuery } from '#lib/api/inventory.ts'
import { repositoriesQuery } from '#lib/api/repositories.ts'
import { rangeOf, type TrendsQuery } from '#lib/api/trends.ts'
import { ENDPOINTS } from '#lib/api/v1/endpoints.ts'
import { waiversQuery } from '#lib/api/waivers.ts'
import { readStored } from '#lib/auth/stored-settings.ts'
import { listApiKeys } from '#lib/store/api-keys.ts'
import { readAudit, verifyAudit } from '#lib/store/audit.ts'
import type { Database } from '#lib/store/database.ts'
import { readHealth } from '#lib/store/health.ts'
import { readLook } from '#lib/store/looks.ts'
import { orgShown } from '#lib/store/orgs.ts'
import { ownNames } from '#lib/store/owners.ts'
import { readAccess } from '#lib/store/pages/access.ts'
import {
  findRepository,
  listActions,
  listActionUses,
  listFindings,
  listPackages,
  listPackageUses,
  listRepositories,
  listWaivers,
} from '#lib/store/pages/api.ts'
import { readJudged } from '#lib/store/pages/badge.ts'
import { readCheck, readCheckCounts } from '#lib/store/pages/checks.ts'
import { readCrawling } from '#lib/store/pages/crawling.ts'
import { readCrawls, readProgress } from '#lib/store/pages/crawls.ts'
import { cursorAt, cursorOf } from '#lib/store/pages/cursor.ts'
import { readCoverage, readPlace } from '#lib/store/pages/frame.ts'
import { partOf, readRepositoryInventory, searchActions, searchPackages } from '#lib/store/pages/inventory.ts'
import { readMarks } from '#lib/store/pages/marks.ts'
import { readOverview } from '#lib/store/pages/overview.ts'
import { readOwners } from '#lib/store/pages/owners.ts'
import { readPatch } from '#lib/store/pages/patches.ts'
import { readPolicyPage } from '#lib/store/pages/policy.ts'
import { readRemediation } from '#lib/store/pages/remediation.ts'
import { readRepositories } from '#lib/store/pages/repositories.ts'
import { readScorecard } from '#lib/store/pages/scorecard.ts'
import { readChanges } from '#lib/store/pages/timeline.ts'
import { readTrends } from '#lib/store/pages/trend.ts'
import { unheardSince } from '#lib/store/pages/unheard.ts'
import { usersOfAction, usersOfPackage, usesPartOf } from '#lib/store/pages/uses.ts'
import { countAskedWaivers, readWaivers } from '#lib/store/pages/waivers.ts'
import { listPeople } from '#lib/store/people.ts'
import { currentPolicy, findTrial, policyVersions } from '#lib/store/policies.ts'
import { listSettings } from '#lib/store/stored-settings.ts'

const DAY_MS = 24 * 3600 * 1000

/** A package in the middle of the list. */
const FAR = [true, 'pkg:npm/package-4']

/** Routes that read nothing whose size grows with the organisation, and what they are instead. */
export const READ_NOTHING: Readonly<Record<string, string>> = {
  '/api-docs': 'a text of the program',
  '/api/auth/[...all]': 'the sign-in library, a person at a time',
  '/api/exports/[what]': 'a stream, measured as a file',
  '/api/exports/audit': 'a stream, measured as a file',
  '/api/v1/openapi.json': 'a text of the program',
  '/api/webhooks/github': 'takes a delivery and reads nothing',
  '/claim': 'the first owner alone',
  '/exports': 'a text of the program',
  '/sign-in': 'before anybody is known',
  '/sign-in/[provider]': 'before anybody is known',
}

export type Reading = { orgId: number; sees: Scope['sees']; check: string; member: string; now: Date; repos: number }

/** By the route and what is asked of it; what stands before `?` or a blank is the route. */
export function pageReads(db: Database, reading: Reading): Record<string, () => Promise<unknown>> {
  const all = { ...pages(db, reading), ...routes(db, reading), ...endpoints(db, reading) }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Each with what the layout reads beside it, as a visit does. */
function pages(db: Database, { orgId, sees, check, member, now, repos }: Reading) {
  const scope: Scope = { orgId, sees }
  const name = repositoryOf(repos)
  const read: Record<string, () => Promise<unknown>> = {
    '/': () => readOverview(db, scope, new Date(now.getTime() - 30 * DAY_MS), now),
    '/access': () => readAccess(db, sees),
    '/audit': () => Promise.all([readAudit(db, { limit: 100 }), verifyAudit(db, { newest: AUDIT_VERIFIED })]),
    '/audit?who=person': () =>
      Promise.all([readAudit(db, { who: 'person 7', limit: 100 }), verifyAudit(db, { newest: AUDIT_VERIFIED })]),
    '/checks': () => Promise.all([readCheckCounts(db, scope), currentPolicy(db, orgId)]),
    '/checks/[id]': () => Promise.all([readCheck(db, scope, check), currentPolicy(db, orgId)]),
    '/crawls': () => Promise.all([readCrawls(db, scope), readCrawling(db, scope, now)]),
    '/keys': () => listApiKeys(db, member),
    '/members': () => listPeople(db),
    '/owners': () =>
      Promise.all([readOwners(db, scope, new Date(now.getTime() - 30 * DAY_MS)), ownNames(db, member, orgId)]),
    '/policy': () => readPolicyPage(db, scope),
    '/policy/change': () => readPolicyPage(db, scope),
    '/report': () => readOverview(db, scope, new Date(now.getTime() - 90 * DAY_MS), now),
    '/repositories/[name]': () => readScorecard(db, scope, name, now, undefined),
    '/repositories/[name]?all': () => readScorecard(db, scope, name, now, check),
    '/repositories/[name]/changes': () => readChanges(db, scope, name, null),
    '/repositories/[name]/remediation': () => readRemediation(db, scope, name),
    '/settings': () => Promise.all([listSettings(db), readStored(db, [])]),
  }
  for (const search of [
    '',
    'page=100',
    'q=77',
    `check=${check}&outcome=fail`,
    'item=pin-actions&outcome=fail',
    'outcome=pass',
    'moved=down',
    'sort=change',
    'team=team-7&sort=findings&order=desc',
    'topic=tier-1',
  ])
    read[`/repositories?${search}`] = () =>
      Promise.all([
        ownNames(db, member, orgId),
        currentPolicy(db, orgId),
        readRepositories(db, scope, repositoriesQuery.parse(asked(search)), now),
      ])
  for (const search of ['', `check=${check}`, 'item=pin-actions', 'team=team-7', 'from=2020-01-01']) {
    const query: TrendsQuery = asked(search)
    read[`/trends?${search}`] = () => readTrends(db, scope, query, rangeOf(query, now))
  }
  for (const search of ['', 'list=in-force', 'list=ending', 'list=over', 'list=all&page=30'])
    read[`/waivers?${search}`] = () =>
      Promise.all([readWaivers(db, scope, waiversQuery.parse(asked(search)), now), currentPolicy(db, orgId)])
  for (const search of [
    '',
    'q=package-1',
    'q=package-0',
    'ecosystem=golang',
    `page=100&after=${cursorAt(FAR)}`,
    `page=99&upTo=${cursorAt(FAR)}`,
    'kind=actions',
    'kind=actions&q=action',
  ])
    read[`/inventory?${search}`] = () => inventoryShown(db, scope, inventoryQuery.parse(asked(search)))
  for (const search of [
    'of=pkg:npm/package-1',
    `of=pkg:npm/package-1&page=15&after=${cursorAt([name, 1])}`,
    `of=pkg:npm/package-1&page=14&upTo=${cursorAt([name, 1])}`,
    'of=pkg:npm/package-1@1.0.0',
    'kind=actions&of=made-up/service-1',
  ])
    read[`/inventory?${search}`] = () => inventoryShown(db, scope, inventoryQuery.parse(asked(search)))
  for (const search of ['', 'kind=actions', 'q=package-1'])
    read[`/repositories/[name]/inventory?${search}`] = () =>
      readRepositoryInventory(db, scope, name, inventoryQuery.parse(asked(search)))
  const withFrame = (own: () => Promise<unknown>) => async () => {
    await readPlace(db, sees, null)
    const coverage = readCoverage(db, scope)
    const heard = readProgress(db, scope, coverage).then(({ run }) => unheardSince(db, run, patienceOf(15), now))
    return Promise.all([own(), heard, countAskedWaivers(db, scope)])
  }
  return Object.fromEntries(Object.entries(read).map(([page, own]) => [page.replace(/\?$/, ''), withFrame(own)]))
}

function inventoryShown(db: Database, scope: Scope, query: InventoryQuery): Promise<unknown> {
  const { kind, of } = query
  const places = usesPartOf(query)
  if (of) return kind === 'packages' ? usersOfPackage(db, scope, of, places) : usersOfAction(db, scope, of, places)
  const part = partOf(query)
  return kind === 'packages' ? searchPackages(db, scope, query, part) : searchActions(db, scope, query, part)
}

function routes(db: Database, { orgId, sees, now, repos }: Reading): Record<string, () => Promise<unknown>> {
  const scope: Scope = { orgId, sees }
  const name = repositoryOf(repos)
  return {
    '/api/badges/[file]': () => readJudged(db, 'service-3', null),
    '/api/crawls': () =>
      orgShown(db, { sees, asked: null }).then(id => readCrawling(db, { orgId: id ?? 0, sees }, now)),
    '/api/events': () => readMarks(db, { sees, asked: null }, now),
    '/api/health': () => readHealth(db),
    '/api/metrics': () => readHealth(db),
    '/api/policy': () => policyVersions(db, orgId),
    '/api/policy/trials/[id]': () => findTrial(db, orgId, 1),
    '/api/progress': () => readProgress(db, { orgId, sees }),
    '/api/repositories/[name]': () =>
      readPlace(db, sees, null).then(() => readScorecard(db, scope, name, now, undefined)),
    '/api/repositories/[name]/look': () =>
      orgShown(db, { sees, asked: null }).then(id => readLook(db, { orgId: id ?? 0, sees }, name, now)),
    '/api/repositories/[name]/patch': () =>
      readPlace(db, sees, null).then(() => readPatch(db, scope, name, { safe: false })),
  }
}

function endpoints(db: Database, { sees, check, now, repos }: Reading): Record<string, () => Promise<unknown>> {
  const name = repositoryOf(repos)
  const scoped = (read: (scope: Scope) => Promise<unknown>) => async () =>
    read({ orgId: (await orgShown(db, { sees, asked: null })) ?? 0, sees })
  const of = <Id extends keyof typeof ENDPOINTS>(id: Id, search: string) =>
    ENDPOINTS[id].query.parse(asked(search)) as ReturnType<(typeof ENDPOINTS)[Id]['query']['parse']>
  const place = (text: string | number) => `cursor=${cursorOf(text)}`
  const behind = [new Date(now.getTime() - 200 * DAY_MS).toISOString(), name, check, '']
  const read: Record<string, (scope: Scope) => Promise<unknown>> = {
    '/api/v1/organisation': scope => readCoverage(db, scope),
    '/api/v1/checks': scope => readCheckCounts(db, scope),
    '/api/v1/crawls': scope => readCrawls(db, scope),
    '/api/v1/repositories/[name]': scope => findRepository(db, scope, name),
  }
  for (const search of ['', 'grade=A&limit=100', 'q=99', `team=team-7&limit=100`, place('service-5')])
    read[`/api/v1/repositories?${search}`] = scope => listRepositories(db, scope, of('repositories', search))
  for (const search of [
    '',
    `repository=${name}`,
    `check=${check}&limit=100`,
    'waived=yes&limit=100',
    `cursor=${cursorAt(behind)}`,
  ])
    read[`/api/v1/findings?${search}`] = scope => listFindings(db, scope, of('findings', search))
  for (const search of ['', 'state=asked&limit=100', `repository=${name}`, place(2_000)])
    read[`/api/v1/waivers?${search}`] = scope => listWaivers(db, scope, of('waivers', search), now)
  for (const search of ['', 'q=package-1', 'limit=100', `cursor=${cursorAt(FAR)}`])
    read[`/api/v1/packages?${search}`] = scope => listPackages(db, scope, of('packages', search))
  for (const search of [
    'purl=pkg:npm/package-1',
    'purl=pkg:npm/package-1@1.0.0',
    `purl=pkg:npm/package-1&cursor=${cursorAt([name, 1])}`,
  ])
    read[`/api/v1/packages/uses?${search}`] = scope => listPackageUses(db, scope, of('packageUses', search))
  for (const search of ['', 'q=action&limit=100'])
    read[`/api/v1/actions?${search}`] = scope => listActions(db, scope, of('actions', search))
  for (const search of ['uses=made-up/service-1', `uses=made-up/service-1&cursor=${cursorAt([name, 1])}`])
    read[`/api/v1/actions/uses?${search}`] = scope => listActionUses(db, scope, of('actionUses', search))
  return Object.fromEntries(Object.entries(read).map(([route, own]) => [route.replace(/\?$/, ''), scoped(own)]))
}

function asked(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

/** A repository in the middle, which everybody sees. */
function repositoryOf(repos: number): string {
  return `service-${Math.ceil(repos / 6) * 3}`
}
