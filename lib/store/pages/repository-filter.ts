import { Prisma } from '#prisma/generated/client.ts'
import type { Scope } from '../../api/frame.ts'
import type { RepositoriesAsk, RepositoriesQuery } from '../../api/repositories.ts'
import { ITEMS } from '../../check.ts'
import { ownersOfRepository } from '../owners.ts'
import { likeText, storable } from '../text.ts'
import { visible } from '../visible.ts'
import { STATES } from './courses.ts'
import { scoreAt } from './fragments.ts'

export const MINIMUM: readonly string[] = ITEMS.map(item => item.id)
/** Outcomes of a crawl that brought something to judge. */
export const READ: readonly string[] = ['ok', 'partial']
const DAY_MS = 24 * 3600 * 1000

/** How repository `r` stands, as `st`; where nothing asks for it, the database leaves the join out. */
export const STANDING = Prisma.sql`left join "Standing" st on st."repositoryId" = r.id`

/** Since when a list tells of changes. */
export function sinceOf({ days }: RepositoriesQuery, now: Date): Date {
  return new Date(now.getTime() - days * DAY_MS)
}

/**
 * The repositories of a list, for the page and for every file that is made of it. `r` is the repository's alias, `st`
 * its standing's, which is joined as `STANDING`. `now` is what "moved in 30 days" counts from.
 */
export function matching(scope: Scope, query: RepositoriesAsk, now: Date): Prisma.Sql {
  const all = [visible(scope)]
  if (query.archived !== 'all') all.push(Prisma.sql`r.archived = ${query.archived === 'yes'}`)
  if (query.q) all.push(Prisma.sql`r.name ilike ${`%${likeText(query.q)}%`}`)
  if (query.only) all.push(Prisma.sql`r.name = any(${query.only.split(',')})`)
  if (query.met) all.push(Prisma.sql`st."itemsApplied" > 0 and st."itemsMet" = st."itemsApplied"`)
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
  if (query.grade === 'none') all.push(Prisma.sql`st.grade is null`)
  else if (query.grade) all.push(Prisma.sql`st.grade = ${query.grade}`)
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
  return Prisma.sql`(${Prisma.join(any, ' or ')})`
}

/** Repositories whose score is a point or more above or below what it was. */
function moved(way: 'up' | 'down', since: Date): Prisma.Sql {
  const past = scoreAt(since)
  const change = way === 'up' ? Prisma.sql`st.score - ${past} >= 1` : Prisma.sql`${past} - st.score >= 1`
  return Prisma.sql`st."scannedAt" > ${since}
    and exists (select 1 from "ScoreHistory" h where h."repositoryId" = r.id and ${change})`
}
