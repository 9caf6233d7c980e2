import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calendarUntil } from './calendar.ts'
import { COMPANY } from './company/company.ts'
import { json } from './files.ts'
import { writeRepository } from './git-import.ts'
import { planHistory } from './history.ts'
import { planReleases } from './releases.ts'
import type { RepositoryDescription } from './repository.ts'
import { settingsOf } from './settings.ts'

export const DEMO_ORG = 'northwind-labs'

const FIRST_ID = 710_000_001
const AT_ONCE = 4

/**
 * Writes the demo organisation into `dir`: a bare repository NAME.git each, and `plumbline.json` with what git does not
 * hold. The same `end` gives the same commit ids. `dates` are the moments, ascending, at which something changed; what
 * lies before the year that is told counts as its first moment.
 */
export async function buildOrg(dir: string, { end }: { end: Date }): Promise<{ org: string; dates: Date[] }> {
  await mkdir(dir, { recursive: true })
  const calendar = calendarUntil(end)
  const written = new Map<string, Awaited<ReturnType<typeof writeOne>>>()
  const waiting = [...COMPANY.entries()]
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        written.set(next[1].name, await writeOne(dir, next[1], next[0]))
      }
    }),
  )
  const repositories = Object.fromEntries(COMPANY.map(({ name }) => [name, written.get(name)]))
  await writeFile(
    join(dir, 'plumbline.json'),
    json({ org: DEMO_ORG, policy: { shaPinningRequired: false }, repositories }),
  )

  const moments = new Set([calendar.start.getTime()])
  for (const { history, releases } of written.values()) {
    for (const { date } of history) moments.add(Math.max(Date.parse(date), calendar.start.getTime()))
    for (const { publishedAt } of releases) moments.add(Math.max(Date.parse(publishedAt), calendar.start.getTime()))
  }
  return { org: DEMO_ORG, dates: [...moments].sort((a, b) => a - b).map(moment => new Date(moment)) }

  async function writeOne(folder: string, repository: RepositoryDescription, index: number) {
    const commits = planHistory(repository, calendar)
    const planned = planReleases(repository, commits, calendar)
    const path = join(folder, `${repository.name}.git`)
    const ids = await writeRepository(
      path,
      repository.branch ?? 'main',
      commits,
      planned.map(({ tag }) => tag),
    )
    return {
      id: FIRST_ID + index * 137,
      ...(repository.about !== '' && { description: repository.about }),
      visibility: repository.visibility ?? 'private',
      archived: repository.archived ?? false,
      fork: repository.fork ?? false,
      topics: repository.topics,
      language: repository.language,
      teams: [repository.team],
      // Whoever is woken at night has an owner on record.
      ...(repository.topics.includes('tier-1') && { properties: { 'owning-team': repository.team, tier: '1' } }),
      settings: settingsOf(repository, commits.at(-1)?.posture),
      releases: planned.map(({ release }) => release),
      history: commits.map((commit, at) => ({
        date: commit.date.toISOString(),
        commit: ids[at],
        settings: settingsOf(repository, commit.posture),
      })),
    }
  }
}
