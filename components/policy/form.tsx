'use client'

import { type Dispatch, type SetStateAction, useMemo } from 'react'
import { Panel } from '#components/ui/panel.tsx'
import { type Draft, withGroupMoved, withValue } from '#lib/policy/draft.ts'
import { type Drafting, DraftingContext, type PolicyFacts } from './drafting.tsx'
import { GroupFields } from './group-fields.tsx'
import { PARTS } from './layer-fields.tsx'

type Props = {
  draft: Draft
  facts: PolicyFacts
  told: boolean
  edit: Dispatch<SetStateAction<string>>
  onYaml(): void
}

/** The policy for those who do not write YAML: every field changes the text in place. */
export function PolicyForm({ draft, facts, told, edit, onYaml }: Props) {
  const drafting = useMemo<Drafting | null>(
    () =>
      'refused' in draft
        ? null
        : {
            ...{ facts, told, value: draft.value, problems: draft.problems },
            change: (path, value) => edit(text => withValue(text, path, value)),
            moveGroup: (from, by) => edit(text => withGroupMoved(text, from, by)),
          },
    [draft, facts, told, edit],
  )
  if ('refused' in draft || drafting === null) {
    return (
      <section className="panel px-4 py-6 sm:px-5">
        <p className="font-medium">The form cannot show this text.</p>
        <p className="mt-1 max-w-prose text-ink-2">
          {'refused' in draft && draft.refused} Nothing of it is lost: mend it as YAML, and the form shows it again.
        </p>
        {draft.problems.length > 0 && (
          <ul className="mt-2 grid gap-1 text-[0.8125rem] text-fail">
            {draft.problems.map(({ line, sentence }) => (
              <li key={`${line} ${sentence}`}>
                Line {line}: {sentence}
              </li>
            ))}
          </ul>
        )}
        <button type="button" className="control mt-3" onClick={onYaml}>
          Go to the YAML
        </button>
      </section>
    )
  }
  const [items, checks, ...others] = Object.values(PARTS).map(({ title, says, Fields }) => (
    <Panel key={title} title={title}>
      <p className="px-4 pt-3 text-[0.8125rem] text-ink-2 sm:px-5">{says}</p>
      <Fields base={[]} />
    </Panel>
  ))
  return (
    <DraftingContext value={drafting}>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid min-w-0 gap-4">
          {items}
          {checks}
        </div>
        <div className="grid min-w-0 gap-4">
          {others}
          <GroupFields />
        </div>
      </div>
    </DraftingContext>
  )
}
