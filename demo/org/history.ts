import type { Calendar } from './calendar.ts'
import { applyChange, CHANGES, type ChangeName } from './changes.ts'
import { pick } from './digest.ts'
import type { FileMap } from './files.ts'
import { type Posture, TENDED, UNTENDED } from './posture.ts'
import { render } from './render.ts'
import type { RepositoryDescription } from './repository.ts'

/** One commit to be: everything but its id. */
export type PlannedCommit = { date: Date; author: string; message: string; files: FileMap; posture: Posture }

const PEOPLE: Readonly<Record<RepositoryDescription['team'], readonly string[]>> = {
  payments: ['Amara Diallo', 'Jonas Lindqvist', 'Priya Raman'],
  growth: ['Lucía Ferrer', 'Tom Okafor', 'Mei Tanaka'],
  data: ['Nadia Haddad', 'Viktor Hale', 'Sun-hee Park'],
  platform: ['Ingrid Solberg', 'Marcus Webb', 'Elif Kaya'],
  identity: ['Rafael Souza', 'Hanna Weiss'],
  'developer-experience': ['Owen Price', 'Zofia Nowak'],
}

const DAY = 86_400_000

/** The commits of a repository in order: how it looked when the year began, then its story. */
export function planHistory(repository: RepositoryDescription, calendar: Calendar): PlannedCommit[] {
  if (isEmpty(repository)) return []
  let posture: Posture = { ...(repository.tended ? TENDED : UNTENDED), ...repository.start }
  let files = render(repository, posture)
  const commits: PlannedCommit[] = [
    {
      date: firstDate(repository, calendar),
      author: person(repository, 'first'),
      message: repository.about,
      files,
      posture,
    },
  ]
  for (const [week, name] of Object.entries(repository.story)) {
    posture = applyChange(posture, name)
    const next = render(repository, posture)
    if (sameFiles(files, next)) throw new Error(`${repository.name}: ${name} in week ${week} changes nothing.`)
    files = next
    commits.push({
      date: calendar.pushed(repository.name, Number(week)),
      author: authorOf(repository, name, week),
      message: messageOf(repository, name, week),
      files,
      posture,
    })
  }
  return commits
}

/** A repository that was made and never filled. */
export function isEmpty(repository: RepositoryDescription): boolean {
  return repository.language === null && repository.about === ''
}

function firstDate(repository: RepositoryDescription, calendar: Calendar): Date {
  if (repository.created !== undefined) return calendar.pushed(repository.name, repository.created)
  const age = 30 + pick(`${repository.name} age`, 900)
  return new Date(calendar.start.getTime() - age * DAY)
}

function messageOf(repository: RepositoryDescription, name: ChangeName, week: string): string {
  const messages: readonly string[] = CHANGES[name].messages
  return messages[pick(`${repository.name} ${week} message`, messages.length)] ?? name
}

function authorOf(repository: RepositoryDescription, name: ChangeName, week: string): string {
  return name === 'bump' ? 'dependabot[bot]' : person(repository, week)
}

function person(repository: RepositoryDescription, moment: string): string {
  const people = PEOPLE[repository.team]
  return people[pick(`${repository.name} ${moment} author`, people.length)] ?? repository.team
}

function sameFiles(before: FileMap, after: FileMap): boolean {
  const paths = Object.keys(after)
  return paths.length === Object.keys(before).length && paths.every(path => before[path] === after[path])
}
