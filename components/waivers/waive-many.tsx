'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import type { FormEvent } from 'react'
import { Choice, type Option } from '#components/repositories/choice.tsx'
import type { ManyAnswer, ManyWaived, WaiverWishes } from '#lib/api/waivers.ts'
import { soonOf } from './ask.tsx'
import { LABEL, LastDayField, ReasonField, WhyField } from './fields.tsx'
import type { Waiving } from './words.ts'

type Props = {
  /** The names that are picked at this moment. */
  picked(): string[]
  checks: readonly Option[]
  /** The check that the list is about, where it is about one. */
  check: string | undefined
  waiving: Waiving
  askMany(wishes: WaiverWishes): Promise<ManyAnswer>
}

/** One check waived, or asked to be, in every picked repository: with one reason, and an honest count of what became of it. */
export function WaiveMany({ picked, checks, check, waiving, askMany }: Props) {
  const { may, whyNot, latest, today } = waiving
  const router = useRouter()
  const { mutate, data, isPending, error, variables } = useMutation({
    mutationFn: async (wishes: WaiverWishes) => {
      const answer = await askMany(wishes)
      if ('problem' in answer) throw new Error(answer.problem)
      return answer
    },
    onSuccess: () => router.refresh(),
  })
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const fields = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>
    const { checkId = '', words = '', lastDay = '' } = fields
    mutate({ repositories: picked(), checkId, reason: fields.reason as WaiverWishes['reason'], words, lastDay })
  }
  return (
    <form
      onSubmit={onSubmit}
      aria-label="Waive in the picked repositories"
      className="w-full border-t border-hair pt-3"
    >
      {error && (
        <p role="alert" className="mb-2 text-fail">
          Nothing was saved. {error.message}
        </p>
      )}
      {data && <Outcome told={data} may={may} lastDay={variables?.lastDay ?? ''} />}
      {may === null && <p className="mb-2 text-ink-2">{whyNot}</p>}
      <fieldset disabled={may === null || isPending} className="grid gap-2.5">
        <div className="grid gap-2.5 sm:grid-cols-3">
          <Choice name="checkId" label="Check" any="choose one" value={check} options={checks} required />
          <ReasonField />
          <LastDayField first={today} latest={latest} value={soonOf(today, latest)} />
        </div>
        <WhyField required />
        <p className={LABEL}>
          {may === 'decide'
            ? 'It is granted with that, for each repository in which the check fails.'
            : 'It is asked for in each repository in which the check fails; the security team or an owner decides.'}
        </p>
        <p>
          <button
            type="submit"
            className="h-8 rounded-md bg-brand px-3 text-[0.8125rem] font-medium text-page disabled:cursor-not-allowed disabled:bg-hair disabled:text-ink-3"
          >
            {isPending ? 'Saving …' : may === 'decide' ? 'Waive in all of them' : 'Ask for all of them'}
          </button>
        </p>
      </fieldset>
    </form>
  )
}

function Outcome({ told, may, lastDay }: { told: ManyWaived; may: Waiving['may']; lastDay: string }) {
  const { saved, refused } = told
  return (
    <div role="status" className="mb-3 max-h-48 overflow-y-auto">
      <p className={saved.length > 0 ? 'text-waived' : 'text-ink-2'}>
        {may === 'decide' ? 'Waived' : 'Asked for'} in {saved.length} of {saved.length + refused.length}
        {saved.length > 0 && ` until ${lastDay}`}.
      </p>
      {refused.length > 0 && (
        <ul className="mt-1 text-ink-2">
          {refused.map(({ repository, why }) => (
            <li key={repository}>
              <span className="font-medium">{repository}</span>: {why}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
