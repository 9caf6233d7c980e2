/** What people from outside can write into the events of a repository, and what holds when they do. */
import type { Known, World } from '../condition.ts'

type Source = { path: RegExp; events: RegExp }

const PULL = /^(?:pull_request|pull_request_target|pull_request_review|pull_request_review_comment|workflow_call)$/
const COMMIT = String.raw`(?:message|author\.(?:email|name)|committer\.(?:email|name))`

/** A context, by its path in small letters, and the events that carry it. Names of users, ids and numbers are harmless. */
const SOURCES: readonly Source[] = [
  { path: /^github\.head_ref$/, events: PULL },
  {
    path: /^github\.event\.pull_request(?:\.(?:title|body|head(?:\.(?:ref|label|repo\.(?:default_branch|description|homepage)))?))?$/,
    events: PULL,
  },
  { path: /^github\.event\.issue(?:\.(?:title|body))?$/, events: /^(?:issues|issue_comment|workflow_call)$/ },
  {
    path: /^github\.event\.comment(?:\.body)?$/,
    events: /^(?:issue_comment|pull_request_review_comment|commit_comment|discussion_comment|workflow_call)$/,
  },
  { path: /^github\.event\.review(?:\.body)?$/, events: /^(?:pull_request_review|workflow_call)$/ },
  {
    path: /^github\.event\.discussion(?:\.(?:title|body))?$/,
    events: /^(?:discussion|discussion_comment|workflow_call)$/,
  },
  {
    path: /^github\.event\.changes\.(?:title|body)\.from$/,
    events: /^(?:issues|pull_request|pull_request_target|discussion)$/,
  },
  { path: /^github\.event\.pages\.\*\.page_name$/, events: /^gollum$/ },
  {
    path: new RegExp(String.raw`^github\.event\.(?:head_commit|commits\.\*)\.${COMMIT}$`),
    events: /^(?:push|workflow_call)$/,
  },
  { path: /^github\.event\.commits$/, events: /^push$/ },
  {
    path: new RegExp(
      String.raw`^github\.event\.workflow_run\.(?:head_branch|display_title|head_repository\.description|head_commit\.${COMMIT}|pull_requests\.\*\.head\.ref)$`,
    ),
    events: /^workflow_run$/,
  },
  {
    path: /^github(?:\.event)?$/,
    events: /^(?:pull_request|pull_request_target|issues|issue_comment|discussion|discussion_comment|workflow_run)$/,
  },
]

/** The events among these that carry what outsiders wrote in a context; `any` stands for callers that are not known. */
export function carriers(path: string, events: readonly string[]): string[] {
  return events.filter(event =>
    SOURCES.some(source => source.path.test(path) && (event === 'any' || source.events.test(event))),
  )
}

const PEOPLE =
  /(?:\.user\.login|\.head\.repo\.(?:full_name|owner\.login)|\.head\.user\.login|\.head_repository\.(?:full_name|owner\.login)|^github\.(?:actor|triggering_actor)|^github\.event\.sender\.login)$/

/** The case in which somebody from outside is at work: from a fork, with no standing here. */
export function outsider(event: string): World {
  return (path): Known => {
    if (path === 'github.event_name')
      return event === 'any' || event === 'workflow_call' ? 'unknown' : { oneOf: [event] }
    if (/\.author_association$/.test(path))
      return { oneOf: ['NONE', 'FIRST_TIMER', 'FIRST_TIME_CONTRIBUTOR', 'CONTRIBUTOR'] }
    if (/\.head\.repo\.fork$/.test(path)) return { oneOf: [true] }
    if (path === 'github.event.workflow_run.event') return { oneOf: ['pull_request', 'pull_request_target'] }
    if (path === 'github.event.pull_request' && !/^(?:pull_request|any|workflow_call)/.test(event))
      return { oneOf: [null] }
    return PEOPLE.test(path) ? 'foreign' : 'unknown'
  }
}
