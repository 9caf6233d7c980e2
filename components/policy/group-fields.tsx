'use client'

import { type ReactNode, useState } from 'react'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { VISIBILITIES } from '#lib/policy/schema.ts'
import { focusOn, idOf, isBelow, saidAt, useDrafting, useField } from './drafting.tsx'
import { ChoiceField, LinesField, TextField, Wrong } from './fields.tsx'
import { PARTS } from './layer-fields.tsx'
import { PropertyFields } from './property-fields.tsx'
import { SetHere } from './set-here.tsx'
import { whoOf } from './who.ts'

const ADD_ID = 'policy-groups-add'

/** Other demands on some repositories, in the order in which they are laid over each other. */
export function GroupFields() {
  const { value, change } = useDrafting()
  const count = ((saidAt(value, ['groups']) as readonly unknown[] | undefined) ?? []).length
  return (
    <Panel id="policy-part-groups" title="Groups of repositories" aside="Of several groups the later counts.">
      {count === 0 ? (
        <Empty title="The same is demanded of all">
          Add a group to demand something else of repositories with a topic or a custom property, of a team, or that are
          public.
        </Empty>
      ) : (
        <ol>
          {[...Array(count).keys()].map(index => (
            <Group key={`${index} of ${count}`} index={index} count={count} />
          ))}
        </ol>
      )}
      <p className="border-t border-hair px-4 py-3 sm:px-5">
        <button
          type="button"
          id={ADD_ID}
          className="control scroll-mb-28"
          onClick={() => {
            void change(['groups', count], { name: '', match: {} }).then(() => focusOn(idOf(['groups', count, 'name'])))
          }}
        >
          Add a group
        </button>
      </p>
    </Panel>
  )
}

function Group({ index, count }: { index: number; count: number }) {
  const { value, change, moveGroup } = useDrafting()
  const path = ['groups', index]
  const name = String(saidAt(value, [...path, 'name']) ?? '')
  const title = name || `Group ${index + 1}`
  return (
    <li className="border-t border-hair first:border-t-0">
      <Fold
        path={path}
        opened={count === 1 || name === ''}
        summary={
          <>
            <span className="font-medium">
              <ForeignText text={title} />
            </span>{' '}
            <span className="text-ink-2">
              <ForeignText text={whoOf(saidAt(value, [...path, 'match']))} />
            </span>
          </>
        }
      >
        <div className="grid gap-3 px-4 pt-1 pb-3 sm:px-5">
          <span className="flex flex-wrap gap-2">
            <Move label={`Move ${title} up`} disabled={index === 0} onMove={() => moveGroup(index, -1)}>
              Up
            </Move>
            <Move label={`Move ${title} down`} disabled={index === count - 1} onMove={() => moveGroup(index, 1)}>
              Down
            </Move>
            <button
              type="button"
              className="control"
              aria-label={`Remove ${title}`}
              onClick={() => {
                void change(path, undefined).then(() => focusOn(ADD_ID))
              }}
            >
              Remove
            </button>
          </span>
          <TextField path={[...path, 'name']} label="Name" shown hint="Tier 1" />
          <Match index={index} />
        </div>
        {Object.entries(PARTS).map(([key, { title: part, Fields }]) => (
          <div key={key} className="border-t border-hair">
            <Fold
              path={[...path, key]}
              opened={saidAt(value, [...path, key]) !== undefined}
              summary={
                <>
                  <span className="text-[0.8125rem]">{part}</span>{' '}
                  <SetHere said={saidAt(value, [...path, key])} otherwise="as for all" />
                </>
              }
            >
              <Fields base={path} />
            </Fold>
          </div>
        ))}
      </Fold>
    </li>
  )
}

function Match({ index }: { index: number }) {
  const path = ['groups', index, 'match']
  const { control, shown, errorId } = useField(path)
  // What is wrong with one of the fields is told there.
  const own = shown.filter(problem => problem.path.length === path.length)
  return (
    <fieldset
      id={control.id}
      tabIndex={-1}
      aria-describedby={own.length > 0 ? errorId : undefined}
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) control.onBlur(event)
      }}
      className="grid gap-2 sm:grid-cols-3"
    >
      <legend className="mb-1 text-[0.75rem] text-ink-2">
        Of repositories with (all that is said; of a list, one is enough)
      </legend>
      <LinesField path={[...path, 'topics']} label="Topics, one a line" shown hint="tier-1" />
      <LinesField path={[...path, 'teams']} label="Teams, one a line" shown hint="platform" />
      <ChoiceField
        path={[...path, 'visibility']}
        label="Visibility"
        shown
        options={VISIBILITIES.map(one => [one, one] as const)}
        otherwise="any"
      />
      <PropertyFields path={[...path, 'properties']} />
      <div className="sm:col-span-3">
        <Wrong id={errorId}>{own.map(({ says }) => says)}</Wrong>
      </div>
    </fieldset>
  )
}

/** Made only once it is opened, as many groups have many checks; what is wrong within opens it. */
function Fold({
  path,
  opened,
  summary,
  children,
}: {
  path: (string | number)[]
  opened: boolean
  summary: ReactNode
  children: ReactNode
}) {
  const { problems, told } = useDrafting()
  const [open, setOpen] = useState(opened)
  const forced = told && problems.some(problem => isBelow(problem.path, path))
  return (
    <details open={open || forced} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="px-4 py-2.5 hover:bg-hair/50 sm:px-5">{summary}</summary>
      {(open || forced) && children}
    </details>
  )
}

function Move({
  label,
  disabled,
  onMove,
  children,
}: {
  label: string
  disabled: boolean
  onMove(): void
  children: ReactNode
}) {
  return (
    <button
      type="button"
      aria-label={label}
      disabled={disabled}
      onClick={onMove}
      className="control disabled:cursor-not-allowed disabled:opacity-50"
    >
      {children}
    </button>
  )
}
