'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useEffect, useRef, useTransition } from 'react'
import { GRADES, type RepositoriesQuery, repositoriesHref, repositoriesQuery } from '#lib/api/repositories.ts'
import { Choice, type Option } from './choice.tsx'

type Props = {
  query: RepositoriesQuery
  subjects: readonly Option[]
  owners: readonly string[]
  topics: readonly string[]
  languages: readonly string[]
}

const OUTCOMES: readonly Option[] = [
  { value: 'pass', label: 'passes' },
  { value: 'waived', label: 'is waived' },
  { value: 'fail', label: 'fails' },
  { value: 'unknown', label: 'could not look' },
  { value: 'not-applicable', label: 'not applicable' },
]
const VISIBILITIES = plain(['public', 'private', 'internal'])
const FORK: readonly Option[] = [
  { value: 'no', label: 'no forks' },
  { value: 'yes', label: 'forks only' },
]
const ARCHIVED: readonly Option[] = [
  { value: 'yes', label: 'archived only' },
  { value: 'all', label: 'archived too' },
]

/**
 * A form of GET, so that it works without script; with it every choice applies at once. The address is the state: the
 * fields follow it, also when the reader goes back.
 */
export function Filters({ query, subjects, owners, topics, languages }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (search.current && document.activeElement !== search.current) search.current.value = query.q ?? ''
  }, [query.q])

  function apply(form: HTMLFormElement) {
    const { subject, ...fields } = Object.fromEntries(new FormData(form)) as Record<string, string>
    const [kind, id] = (subject ?? '').split(':')
    const chosen = repositoriesQuery.parse({ ...query, page: 1, item: undefined, check: undefined, ...emptied(fields) })
    const href = repositoriesHref({ ...chosen, ...(kind && id && { [kind]: id }) })
    startTransition(() => router.push(href, { scroll: false }))
  }
  const onChange = (event: FormEvent<HTMLFormElement>) => {
    if (event.target instanceof HTMLSelectElement) apply(event.currentTarget)
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    apply(event.currentTarget)
  }
  const subject = query.check ? `check:${query.check}` : query.item ? `item:${query.item}` : ''
  return (
    <form
      action="/repositories"
      onChange={onChange}
      onSubmit={onSubmit}
      aria-busy={pending}
      className="flex flex-wrap items-end gap-2 border-hair border-b px-4 py-3 sm:px-5"
    >
      <label className="w-full text-[0.75rem] text-ink-2 sm:w-48">
        Name
        <input
          ref={search}
          type="search"
          name="q"
          defaultValue={query.q}
          placeholder="part of a name"
          autoComplete="off"
          className="mt-0.5 block h-8 w-full rounded-md border border-line bg-page px-2 text-[0.8125rem] text-ink placeholder:text-ink-3"
        />
      </label>
      <Choice name="subject" label="Item or check" any="any" value={subject} options={subjects} />
      <Choice name="outcome" label="Outcome" any="any" value={query.outcome} options={OUTCOMES} />
      <Choice name="grade" label="Grade" any="any" value={query.grade} options={plain(GRADES)} />
      {query.team && <Choice name="team" label="Team" any="any" value={query.team} options={plain([query.team])} />}
      {owners.length > 0 && <Choice name="owner" label="Owner" any="any" value={query.owner} options={plain(owners)} />}
      <Choice name="language" label="Language" any="any" value={query.language} options={plain(languages)} />
      <Choice name="moved" label="Score" any="any" value={query.moved} options={movedIn(query.days)} />
      {topics.length > 0 && <Choice name="topic" label="Topic" any="any" value={query.topic} options={plain(topics)} />}
      <Choice name="visibility" label="Visibility" any="any" value={query.visibility} options={VISIBILITIES} />
      <Choice name="fork" label="Forks" any="shown" value={query.fork} options={FORK} />
      <Choice
        name="archived"
        label="Archived"
        any="left out"
        value={query.archived === 'no' ? '' : query.archived}
        options={ARCHIVED}
      />
      <noscript>
        <button type="submit" className="h-8 rounded-md border border-line px-3">
          Apply
        </button>
      </noscript>
    </form>
  )
}

function movedIn(days: number): Option[] {
  return [
    { value: 'up', label: `rose in ${days} days` },
    { value: 'down', label: `fell in ${days} days` },
  ]
}

function plain(values: readonly string[]): Option[] {
  return values.map(value => ({ value, label: value }))
}

function emptied(fields: Record<string, string>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value === '' ? undefined : value]))
}
