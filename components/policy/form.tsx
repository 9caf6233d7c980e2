'use client'

import { Panel } from '#components/ui/panel.tsx'
import type { Draft } from '#lib/policy/draft.ts'
import { type Drafting, DraftingContext, type PolicyFacts } from './drafting.tsx'
import { GroupFields } from './group-fields.tsx'
import { PARTS } from './layer-fields.tsx'
import { SetHere } from './set-here.tsx'

export type Rules = typeof import('#lib/policy/draft.ts')

type Props = {
  draft: Draft
  facts: PolicyFacts
  told: boolean
  /** What edits the text has come; before it, nothing can be typed. */
  ready: boolean
  edit(change: (rules: Rules, text: string) => string): Promise<void>
  onYaml(): void
}

/** The policy for those who do not write YAML: every field changes the text in place. */
export function PolicyForm({ draft, facts, told, ready, edit, onYaml }: Props) {
  const drafting: Drafting | null =
    'refused' in draft
      ? null
      : {
          ...{ facts, told, ready, value: draft.value, problems: draft.problems },
          change: (path, value) => edit((rules, text) => rules.withValue(text, path, value)),
          moveGroup: (from, by) => edit((rules, text) => rules.withGroupMoved(text, from, by)),
        }
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
  const [items, checks, ...others] = Object.entries(PARTS).map(([key, { title, says, Fields }]) => (
    <Panel key={key} id={`policy-part-${key}`} title={title} aside={<SetHere said={draft.value[key]} />}>
      <p className="px-4 pt-3 text-[0.8125rem] text-ink-2 sm:px-5">{says}</p>
      <Fields base={[]} />
    </Panel>
  ))
  return (
    <DraftingContext value={drafting}>
      <nav aria-label="Parts of the form" className="mb-4">
        <ul className="flex flex-wrap gap-2">
          {[...Object.entries(PARTS), ['groups', { title: 'Groups of repositories' }] as const].map(
            ([key, { title }]) => (
              <li key={key}>
                <a href={`#policy-part-${key}`} className="control">
                  {title}
                  <SetHere said={draft.value[key]} brief />
                </a>
              </li>
            ),
          )}
        </ul>
      </nav>
      <div className="grid items-start gap-4 min-[2400px]:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid min-w-0 gap-4">
          {items}
          {checks}
        </div>
        <div className="grid min-w-0 items-start gap-4 lg:max-[2400px]:grid-cols-2">{others}</div>
      </div>
      <div className="mt-4">
        <GroupFields />
      </div>
    </DraftingContext>
  )
}
