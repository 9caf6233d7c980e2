import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { RepositoriesAsk, RepositoriesQuery } from '../../api/repositories.ts'
import { ITEMS } from '../../check.ts'
import { ownersOfStanding } from '../owners.ts'
import { likeText, storable } from '../text.ts'
import { visibleStanding } from '../visible.ts'
import { STATES } from './courses.ts'
import { scoreAt } from './fragments.ts'

export const MINIMUM: readonly string[] = ITEMS.map(item => item.id)
/** Outcomes of a crawl that brought something to judge. */
export const READ: readonly string[] = ['ok', 'partial']
const DAY_MS = 24 * 3600 * 1000

/** Since when a list tells of changes. */
export function sinceOf({ days }: RepositoriesQuery, now: Date): Date {
  return new Date(now.getTime() - days * DAY_MS)
}

/**
 * The repositories of a list, for the page and for every file that is made of it. `s` is the standing's alias, `r`
 * that of its repository, whose wide row is read only where a filter needs it. `now` is what "moved in 30 days" counts from.
 */
export function matching(scope: Scope, query: RepositoriesAsk, now: Date): Prisma.Sql {
  const all = [visibleStanding(scope)]
  if (query.archived !== 'all') all.push(Prisma.sql`s.archived = ${query.archived === 'yes'}`)
  if (query.q) all.push(Prisma.sql`s.name ilike ${`%${likeText(query.q)}%`}`)
  if (query.only) all.push(Prisma.sql`s.name = any(${query.only.split(',')})`)
  if (query.met) all.push(Prisma.sql`s."itemsApplied" > 0 and s."itemsMet" = s."itemsApplied"`)
  if (query.team) all.push(Prisma.sql`${query.team} = any(s.teams)`)
  if (query.owner) all.push(Prisma.sql`${query.owner} = any(${ownersOfStanding})`)
  if (query.unowned) all.push(Prisma.sql`${ownersOfStanding} = '{}'`)
  if (query.mine) all.push(Prisma.sql`${ownersOfStanding} && ${query.own ?? []}::text[]`)
  if (query.topic) all.push(Prisma.sql`${query.topic} = any(r.topics)`)
  if (query.language) all.push(Prisma.sql`r."primaryLanguage" = ${query.language}`)
  if (query.visibility) all.push(Prisma.sql`r.visibility = ${query.visibility}`)
  if (query.fork) all.push(Prisma.sql`r.fork = ${query.fork === 'yes'}`)
  if (query.crawl === 'waiting') all.push(Prisma.sql`s.outcome is null`)
  else if (query.crawl === 'read') all.push(Prisma.sql`s.outcome = any(${READ})`)
  else if (query.crawl) all.push(Prisma.sql`s.outcome = ${query.crawl}`)
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
      Prisma.sql`substr(s.states, (select k.id from "Subject" k where k.name = ${storable(subject)}), 1) = any(${states})`,
  )
  return Prisma.sql`(${Prisma.join(any, ' or ')})`
}

/** Repositories whose score is a point or more above or below what it was. */
function moved(way: 'up' | 'down', since: Date): Prisma.Sql {
  const past = scoreAt(since)
  const change = way === 'up' ? Prisma.sql`s.score - ${past} >= 1` : Prisma.sql`${past} - s.score >= 1`
  return Prisma.sql`s."scannedAt" > ${since}
    and exists (select 1 from "ScoreHistory" h where h."repositoryId" = s."repositoryId" and ${change})`
}
