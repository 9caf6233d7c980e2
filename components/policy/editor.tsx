'use client'

import { ProgressBar } from '@heroui/react/progress-bar'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { type SaveAnswer, type TryAnswer, trialOptions } from '#lib/api/policy.ts'
import { MovedTable } from './moved-table.tsx'

type Props = {
  initial: string
  next: number
  tryText(text: string): Promise<TryAnswer>
  save(trialId: number, note: string): Promise<SaveAnswer>
}

/** Write, check, see what it does, save. What was written stays, whatever the server says of it. */
export function PolicyEditor({ initial, next, tryText, save }: Props) {
  const [text, setText] = useState(initial)
  const [tried, setTried] = useState<string | null>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const check = useMutation({ mutationFn: tryText, onSuccess: (_, sent) => setTried(sent) })
  const answer = check.data
  const problems = answer && 'problems' in answer && tried === text ? answer.problems : []
  const trial = answer && 'trial' in answer && tried === text ? answer.trial : null

  function showLine(line: number) {
    const start =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0)
    const end = text.indexOf('\n', start)
    area.current?.focus()
    area.current?.setSelectionRange(start, end === -1 ? text.length : end)
  }

  return (
    <div className="grid gap-4">
      <section className="panel min-w-0">
        <div className="flex flex-wrap items-center justify-between gap-2 border-hair border-b px-4 py-3 sm:px-5">
          <label htmlFor="policy-text" className="text-[0.875rem] font-semibold">
            The policy as YAML
          </label>
          <label className="control cursor-pointer focus-within:outline-2 focus-within:outline-brand">
            Take a file
            <input
              type="file"
              accept=".yaml,.yml,text/yaml"
              className="sr-only"
              onChange={async event => {
                const file = event.target.files?.[0]
                if (file) setText(await file.text())
                event.target.value = ''
              }}
            />
          </label>
        </div>
        <textarea
          id="policy-text"
          ref={area}
          value={text}
          onChange={event => setText(event.target.value)}
          spellCheck={false}
          rows={Math.min(34, Math.max(14, text.split('\n').length + 1))}
          aria-describedby="policy-problems"
          className="block w-full resize-y bg-code px-4 py-3 font-mono text-[0.8125rem] leading-relaxed whitespace-pre text-ink sm:px-5"
        />
        <div id="policy-problems" className="border-hair border-t px-4 py-3 sm:px-5">
          {problems.length > 0 && (
            <div role="alert" className="mb-3 text-[0.8125rem] text-fail">
              <ul className="grid gap-1">
                {problems.map(({ line, sentence }) => (
                  <li key={`${line} ${sentence}`}>
                    <button type="button" className="underline underline-offset-3" onClick={() => showLine(line)}>
                      Line {line}
                    </button>{' '}
                    {sentence}
                  </li>
                ))}
              </ul>
            </div>
          )}
          {(check.error || (answer && 'refused' in answer)) && (
            <p role="alert" className="mb-3 text-[0.8125rem] text-fail">
              {check.error?.message ?? (answer && 'refused' in answer ? answer.refused : '')}
            </p>
          )}
          <button
            type="button"
            disabled={check.isPending}
            onClick={() => check.mutate(text)}
            className="h-8 rounded-md bg-brand px-3 text-[0.8125rem] font-medium text-page"
          >
            {check.isPending ? 'Reading …' : 'Check, and show what it does'}
          </button>
        </div>
      </section>
      {trial !== null && <Trial key={trial} id={trial} next={next} save={save} />}
    </div>
  )
}

function Trial({ id, next, save }: { id: number; next: number; save: Props['save'] }) {
  const router = useRouter()
  const [note, setNote] = useState('')
  const { data, error } = useQuery(trialOptions(id))
  const saving = useMutation({
    mutationFn: async () => {
      const { refused } = await save(id, note)
      if (refused !== null) throw new Error(refused)
    },
    onSuccess: () => router.push('/policy'),
  })
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
        <h2 className="text-[0.875rem] font-semibold">What it would do</h2>
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
            disabled={!done || saving.isPending || saving.isSuccess}
            className="h-8 rounded-md bg-brand px-3 text-[0.8125rem] font-medium text-page disabled:cursor-not-allowed disabled:bg-hair disabled:text-ink-3"
          >
            {saving.isPending ? 'Saving …' : `Save as version ${next}`}
          </button>
        </p>
      </form>
    </section>
  )
}
