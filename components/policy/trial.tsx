'use client'

import { ProgressBar } from '@heroui/react/progress-bar'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { type SaveAnswer, trialOptions } from '#lib/api/policy.ts'
import { MovedTable } from './moved-table.tsx'
import { Refused } from './refused.tsx'

type Props = {
  id: number
  basedOn: number
  save(trialId: number, note: string, basedOn: number): Promise<SaveAnswer>
  /** Another version was saved meanwhile: the draft may go on from that. */
  onGoOn(newest: number): void
}

/** What a text would do to the scores, as far as it is known, and the way to save it. */
export function Trial({ id, basedOn, save, onGoOn }: Props) {
  const router = useRouter()
  const [note, setNote] = useState('')
  const { data, error } = useQuery(trialOptions(id))
  const heading = useRef<HTMLHeadingElement>(null)
  const saving = useMutation({
    mutationFn: () => save(id, note, basedOn),
    onSuccess: answer => {
      if ('saved' in answer) router.push('/policy')
    },
  })
  // It stands below all that was edited: who asked for it is led to it.
  useEffect(() => heading.current?.focus(), [])
  if (error || data?.state === 'failed') {
    return (
      <p role="alert" className="panel px-4 py-3 text-fail sm:px-5">
        It could not be tried. {error?.message ?? data?.reason}
      </p>
    )
  }
  const done = data?.state === 'done'
  return (
    <section aria-label="What it would do" className="panel min-w-0">
      <div className="border-hair border-b px-4 py-3 sm:px-5">
        <h2 ref={heading} tabIndex={-1} className="w-fit scroll-mt-6 text-[0.875rem] font-semibold">
          What it would do
        </h2>
        <div role="status" className="mt-1 text-[0.8125rem] text-ink-2">
          {done
            ? data.moved.length === 0
              ? `No score moves: ${data.total} repositories stand as they do.`
              : `${data.moved.length} of ${data.total} repositories move.`
            : 'Every repository of which it demands something else is judged again from what is stored …'}
        </div>
        {!done && (
          <div className="mt-2 flex items-center gap-3 text-[0.8125rem] text-ink-2">
            <ProgressBar
              aria-label="Trying the policy"
              value={data?.done ?? 0}
              maxValue={Math.max(1, data?.total ?? 1)}
              isIndeterminate={!data || data.total === 0}
              className="w-56 gap-0"
              size="sm"
            >
              <ProgressBar.Track className="bg-hair">
                <ProgressBar.Fill className="bg-brand" />
              </ProgressBar.Track>
            </ProgressBar>
            {data?.done ?? 0} of {data?.total ?? '…'}
          </div>
        )}
      </div>
      {data && data.moved.length > 0 && <MovedTable moved={data.moved} />}
      <form
        className="grid gap-2.5 border-hair border-t px-4 py-3 sm:px-5"
        onSubmit={event => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        {saving.error && (
          <p role="alert" className="text-[0.8125rem] text-fail">
            It was not saved. {saving.error.message}
          </p>
        )}
        {saving.data && 'refused' in saving.data && <Refused {...saving.data} onGoOn={onGoOn} />}
        <label className="block max-w-xl text-[0.75rem] text-ink-2">
          Why (kept with the version)
          <input
            value={note}
            onChange={event => setNote(event.target.value)}
            maxLength={500}
            className="mt-0.5 block h-8 w-full rounded-md border border-line bg-page px-2 text-[0.8125rem] text-ink"
          />
        </label>
        <p>
          <button
            type="submit"
            disabled={!done || saving.isPending || (saving.data !== undefined && 'saved' in saving.data)}
            className="h-8 rounded-md bg-brand px-3 text-[0.8125rem] font-medium text-page disabled:cursor-not-allowed disabled:bg-hair disabled:text-ink-3"
          >
            {saving.isPending ? 'Saving …' : `Save as version ${basedOn + 1}`}
          </button>
        </p>
      </form>
    </section>
  )
}
