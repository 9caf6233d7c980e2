import { Mark } from '#components/judgement/mark.tsx'
import { OUTCOMES } from '#components/judgement/words.ts'
import type { RepositoryRow } from '#lib/api/repositories.ts'
import { ITEMS } from '#lib/check.ts'

/** The six items of one repository in their order, on a short line; an item that nothing judges yet leaves its place. */
export function ItemMarks({ states }: { states: RepositoryRow['states'] }) {
  return (
    <span className="relative inline-flex gap-1.5 before:absolute before:inset-x-1 before:top-1/2 before:h-px before:bg-line">
      {ITEMS.map(({ id, title }) => {
        const state = states[id]
        if (state === undefined) return <span key={id} aria-hidden="true" className="size-[1.125rem]" />
        return (
          <span key={id} className="relative inline-flex">
            <Mark outcome={state} label={`${title}: ${OUTCOMES[state].word}`} />
          </span>
        )
      })}
    </span>
  )
}
