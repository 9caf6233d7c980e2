'use client'

import { type ReactNode, useState } from 'react'
import { ITEMS } from '#lib/check.ts'
import type { DraftPath } from '#lib/policy/draft.ts'
import { DEMANDS, type PolicyDocument, type PolicyGroup } from '#lib/policy/schema.ts'
import { ChecksFields } from './checks-fields.tsx'
import { focusOn, idOf, namesAt, saidAt, useDrafting, wordsAt } from './drafting.tsx'
import { ChoiceField, LinesField, NumberField, Reset, TextField } from './fields.tsx'

type LayerKey = Exclude<keyof PolicyDocument, 'version' | 'groups'>
type Part = { title: string; says: string; Fields(props: { base: DraftPath }): ReactNode }

/** What an organisation and each of its groups may demand: a new key of the schema does not compile before it stands here. */
export const PARTS = {
  items: { title: 'Items', says: 'How much each counts in the score, from 0 to 10. 0 leaves it out.', Fields: Items },
  checks: {
    title: 'Checks',
    says: 'Which count, how much within their item or section, and how severe they are said to be. What does not count is still shown.',
    Fields: ChecksFields,
  },
  actions: {
    title: 'Trust in actions',
    says: 'Which reference to an action is enough. The most specific pattern counts.',
    Fields: Actions,
  },
  registries: {
    title: 'Trusted registries',
    says: 'Hosts that packages may come from, one a line, each with what lies below it.',
    Fields: Registries,
  },
  'left-out': {
    title: 'Left-out paths',
    says: 'Folders that are test data or vendored code: no verdict is about what lies in them.',
    Fields: LeftOut,
  },
  'longest-waiver-days': { title: 'Waivers', says: 'How long one lasts at most.', Fields: LongestWaiver },
} satisfies Record<LayerKey, Part> & Record<Exclude<keyof PolicyGroup, 'name' | 'match'>, Part>

const BODY = 'px-4 py-3 sm:px-5'

function Items({ base }: { base: DraftPath }) {
  const { value } = useDrafting()
  return (
    <ul className={`${BODY} grid gap-x-12 lg:grid-cols-2`}>
      {ITEMS.map(({ id, number, title }) => {
        const path = [...base, 'items', id]
        const below = base.length > 0 ? Number(saidAt(value, ['items', id]) ?? 1) : 1
        return (
          <li key={id} className="grid grid-cols-[minmax(0,1fr)_3.5rem_3.75rem] items-start gap-x-3 py-0.5">
            <span className="py-1.5 text-[0.8125rem] leading-snug">
              {number} · {title}
            </span>
            <NumberField path={path} label={`Weight of item ${number}, ${title}`} otherwise={below} />
            <span className="flex h-8 items-center justify-self-end">
              <Reset path={path} label={`item ${number}`} />
            </span>
          </li>
        )
      })}
    </ul>
  )
}

const ENOUGH = { sha: 'a full commit SHA', tag: 'a tag is enough', any: 'anything' } satisfies Record<
  (typeof DEMANDS)[number],
  string
>

function Actions({ base }: { base: DraftPath }) {
  const { value, change } = useDrafting()
  const path = [...base, 'actions']
  const rows = (saidAt(value, path) as readonly { pattern?: string }[] | undefined) ?? []
  const everything = rows.some(({ pattern }) => pattern === '*')
  const addId = `${idOf(path)}-add`
  return (
    <div className={`${BODY} grid gap-2`}>
      {rows.map((row, index) => {
        const key = `${index}`
        return (
          <div
            key={key}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2 sm:grid-cols-[minmax(0,1fr)_10rem_auto]"
          >
            <div className="max-sm:col-span-2">
              <TextField path={[...path, index, 'pattern']} label={`Pattern ${index + 1}`} hint="our-org/*" />
            </div>
            <ChoiceField
              path={[...path, index, 'demand']}
              label={`What is enough for pattern ${index + 1}`}
              options={DEMANDS.map(one => [one, ENOUGH[one]] as const)}
            />
            <button
              type="button"
              className="control mt-0.5"
              aria-label={`Remove pattern ${row.pattern || index + 1}`}
              onClick={() => {
                void change([...path, index], undefined).then(() => focusOn(addId))
              }}
            >
              Remove
            </button>
          </div>
        )
      })}
      {!everything && (
        <p className="text-[0.8125rem] text-ink-2">
          {base.length === 0
            ? 'Of every other action a full commit SHA is demanded.'
            : 'Of every other action the same as of all repositories is demanded.'}
        </p>
      )}
      <p>
        <button
          type="button"
          id={addId}
          className="control scroll-mb-28"
          onClick={() => {
            void change([...path, rows.length], { pattern: '', demand: 'tag' }).then(() =>
              focusOn(idOf([...path, rows.length, 'pattern'])),
            )
          }}
        >
          Add a pattern
        </button>
      </p>
    </div>
  )
}

function Registries({ base }: { base: DraftPath }) {
  const { facts, value, change } = useDrafting()
  const path = [...base, 'registries']
  const [name, setName] = useState('')
  const ours = base.length > 0 ? namesAt(value, ['registries']) : []
  const known = facts.registries.map(({ ecosystem }) => ecosystem)
  const libraries = [...new Set(facts.registries.flatMap(({ knownBy }) => knownBy ?? []))]
  const names = [...new Set([...known, ...ours, ...namesAt(value, path)])]
  const add = (ecosystem: string, hosts: readonly string[]) => {
    void change([...path, ecosystem], hosts).then(() => focusOn(idOf([...path, ecosystem])))
  }
  return (
    <div className={`${BODY} grid gap-2.5`}>
      {names.map(ecosystem => {
        const own = [...path, ecosystem]
        const fact = facts.registries.find(one => one.ecosystem === ecosystem)
        const ofAll = base.length > 0 ? wordsAt(value, ['registries', ecosystem]) : undefined
        const hosts = ofAll ?? fact?.hosts ?? []
        const set = saidAt(value, own) !== undefined
        const setId = `${idOf(own)}-set`
        return (
          <div
            key={ecosystem}
            className="grid grid-cols-[4.5rem_minmax(0,1fr)_auto] items-start gap-x-3 max-sm:grid-cols-[minmax(0,1fr)_auto]"
          >
            <span className="pt-1 font-mono text-[0.75rem] [overflow-wrap:anywhere] max-sm:col-span-2">
              {ecosystem}
            </span>
            {set ? (
              <LinesField path={own} label={`Hosts of ${ecosystem}, one a line`} kept />
            ) : (
              <span className="pt-1 text-[0.8125rem] text-ink-2 [overflow-wrap:anywhere]">
                {hosts.join(', ')}
                {ofAll !== undefined && <span className="text-ink-3"> · as for all repositories</span>}
              </span>
            )}
            {set ? (
              <Reset path={own} label={`hosts of ${ecosystem}`} onReset={() => focusOn(setId)} />
            ) : (
              <button
                type="button"
                id={setId}
                className="control"
                aria-label={`Set hosts of ${ecosystem}`}
                onClick={() => add(ecosystem, hosts)}
              >
                Set
              </button>
            )}
          </div>
        )
      })}
      <p className="text-[0.75rem] text-ink-3 [overflow-wrap:anywhere]">
        Hosts that nobody set are as {libraries.join(' and ')} know{libraries.length === 1 ? 's' : ''} them. Of an
        ecosystem that is not named only the scheme is judged.
      </p>
      <form
        className="flex flex-wrap items-center gap-2"
        onSubmit={event => {
          event.preventDefault()
          const ecosystem = name.trim()
          if (ecosystem === '') return
          if (!namesAt(value, path).includes(ecosystem)) add(ecosystem, [])
          setName('')
        }}
      >
        <input
          aria-label="Name of another ecosystem"
          placeholder="conda"
          maxLength={40}
          autoComplete="off"
          value={name}
          onChange={({ target }) => setName(target.value)}
          className="h-8 w-32 scroll-mb-28 rounded-md border border-line bg-page px-2 text-[0.8125rem] placeholder:text-ink-3"
        />
        <button type="submit" className="control">
          Add an ecosystem
        </button>
      </form>
    </div>
  )
}

function LeftOut({ base }: { base: DraftPath }) {
  const { facts, value } = useDrafting()
  const ofAll = base.length > 0 ? (wordsAt(value, ['left-out']) ?? []) : []
  return (
    <div className={`${BODY} grid gap-2`}>
      <LinesField path={[...base, 'left-out']} label="Paths, one a line" shown hint="docs/old" />
      <p className="text-[0.75rem] text-ink-3 [overflow-wrap:anywhere]">
        Left out in any case: {[...facts.leftOut, ...ofAll].join(', ')}.
      </p>
    </div>
  )
}

function LongestWaiver({ base }: { base: DraftPath }) {
  const { facts, value } = useDrafting()
  const path = [...base, 'longest-waiver-days']
  const ofAll = base.length > 0 ? saidAt(value, ['longest-waiver-days']) : undefined
  return (
    <div className={`${BODY} flex flex-wrap items-end gap-3`}>
      <NumberField
        path={path}
        label="Longest waiver"
        shown
        unit="days"
        otherwise={Number(ofAll ?? facts.longestWaiverDays)}
      />
      <Reset path={path} label="the longest waiver" />
    </div>
  )
}
