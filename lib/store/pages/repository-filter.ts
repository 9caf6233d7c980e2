import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { RepositoriesAsk, RepositoriesQuery } from '../../api/repositories.ts'
import { ITEMS } from '../../check.ts'
import { ownersOfRepository } from '../owners.ts'
import { likeText, storable } from '../text.ts'
import { visible } from '../visible.ts'
import { STATES } from './courses.ts'

export const MINIMUM: readonly string[] = ITEMS.map(item => item.id)
/** Outcomes of a crawl that brought something to judge. */
export const READ: readonly string[] = ['ok', 'partial']
const DAY_MS = 24 * 3600 * 1000

/** Since when a list tells of changes. */
export function sinceOf({ days }: RepositoriesQuery, now: Date): Date {
  return new Date(now.getTime() - days * DAY_MS)
}

/**
 * The repositories of a list, for the page and for every file that is made of it. `r` is the repository's alias, `s` its
 * newest scan's or standing's. `now` is what "moved in 30 days" counts from.
 */
export function matching(scope: Scope, query: RepositoriesAsk, now: Date): Prisma.Sql {
  const all = [visible(scope)]
  if (query.archived !== 'all') all.push(Prisma.sql`r.archived = ${query.archived === 'yes'}`)
  if (query.q) all.push(Prisma.sql`r.name ilike ${`%${likeText(query.q)}%`}`)
  if (query.only) all.push(Prisma.sql`r.name = any(${query.only.split(',')})`)
  if (query.met) all.push(Prisma.sql`s."itemsApplied" > 0 and s."itemsMet" = s."itemsApplied"`)
  if (query.team) all.push(Prisma.sql`${query.team} = any(r.teams)`)
  if (query.owner) all.push(Prisma.sql`${query.owner} = any(${ownersOfRepository})`)
  if (query.unowned) all.push(Prisma.sql`${ownersOfRepository} = '{}'`)
  if (query.mine) all.push(Prisma.sql`${ownersOfRepository} && ${query.own ?? []}::text[]`)
  if (query.topic) all.push(Prisma.sql`${query.topic} = any(r.topics)`)
  if (query.language) all.push(Prisma.sql`r."primaryLanguage" = ${query.language}`)
  if (query.visibility) all.push(Prisma.sql`r.visibility = ${query.visibility}`)
  if (query.fork) all.push(Prisma.sql`r.fork = ${query.fork === 'yes'}`)
  if (query.crawl === 'waiting') all.push(Prisma.sql`r.outcome is null`)
  else if (query.crawl === 'read') all.push(Prisma.sql`r.outcome = any(${READ})`)
  else if (query.crawl) all.push(Prisma.sql`r.outcome = ${query.crawl}`)
  if (query.reason) all.push(Prisma.sql`r."outcomeReason" = ${storable(query.reason)}`)
  if (query.grade === 'none') all.push(Prisma.sql`s.grade is null`)
  else if (query.grade) all.push(Prisma.sql`s.grade = ${query.grade}`)
  const judged = judgedAs(query)
  if (judged) all.push(judged)
  if (query.moved) all.push(moved(query.moved, sinceOf(query, now)))
  return Prisma.join(all, ' and ')
}

/** Of a check, an item or (where neither is named) any item: the repositories in that state. */
function judgedAs({ check, item, outcome }: RepositoriesQuery): Prisma.Sql | null {
  if (outcome === undefined) return null
  const subjects = check ? [`check:${check}`] : (item ? [item] : MINIMUM).map(id => `item:${id}`)
  // Nobody looked, which is what an error of a check says too.
  const told = outcome === 'unknown' && check ? ['unknown', 'error'] : [outcome]
  const states = told.map(state => Buffer.of(STATES.indexOf(state)))
  // Where each subject's byte lies is looked up once, not for each repository.
  const any = subjects.map(
    subject =>
      Prisma.sql`substr(st.states, (select k.id from "Subject" k where k.name = ${storable(subject)}), 1) = any(${states})`,
  )
  return Prisma.sql`exists (select 1 from "Standing" st where st."repositoryId" = r.id and (${Prisma.join(any, ' or ')}))`
}

/** Repositories whose score is a point or more above or below what it was. */
function moved(way: 'up' | 'down', since: Date): Prisma.Sql {
  const change = way === 'up' ? Prisma.sql`s.score - past.score >= 1` : Prisma.sql`past.score - s.score >= 1`
  return Prisma.sql`s."scannedAt" > ${since} and exists (
    select 1 from (select p.score from "Scan" p where p."repositoryId" = r.id and p."scannedAt" <= ${since}
      order by p."scannedAt" desc, p.id desc limit 1) past where ${change})`
}
