'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useId, useRef } from 'react'
import { type AskedLook, isUnderWay, type Look, lookOptions } from '#lib/api/looks.ts'

type Props = {
  name: string
  /** What the server saw of a look that was asked for lately, by whomever. */
  initial: Look | null
  /** Why this visitor may not ask; null where they may. */
  whyNot: string | null
  ask(name: string): Promise<AskedLook>
}

/** Has the repository read from GitHub now, tells how that goes, and shows the page again when it is done. */
export function LookAgain({ name, initial, whyNot, ask }: Props) {
  const router = useRouter()
  const client = useQueryClient()
  const reason = useId()
  const { queryKey, ...options } = lookOptions(name)
  const { data, isError } = useQuery({ queryKey, ...options, initialData: { look: initial } })
  const asking = useMutation({
    mutationFn: async () => {
      const { refused } = await ask(name)
      if (refused !== null) throw new Error(refused)
    },
    onSuccess: () => client.invalidateQueries({ queryKey }),
  })
  const { look } = data
  const busy = asking.isPending || isUnderWay(look)
  const seen = useRef(isUnderWay(initial) ? null : initial?.id)
  useEffect(() => {
    if (look === null || isUnderWay(look) || seen.current === look.id) return
    seen.current = look.id
    router.refresh()
  }, [look, router])
  const refused = asking.error?.message ?? (isError ? 'The server does not answer; this page asks again.' : null)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem]">
      <button
        type="button"
        disabled={busy || whyNot !== null}
        aria-describedby={whyNot === null ? undefined : reason}
        onClick={() => asking.mutate()}
        className="control disabled:cursor-not-allowed disabled:text-ink-3"
      >
        Look again now
      </button>
      {whyNot !== null && (
        <span id={reason} className="text-ink-3">
          {whyNot}
        </span>
      )}
      <span role="status" className="text-ink-2">
        {look !== null && <Words look={look} />}
      </span>
      {refused !== null && (
        <span role="alert" className="text-fail">
          {refused}
        </span>
      )}
    </div>
  )
}

function Words({ look: { state, reason, found, commit, waitsUntil } }: { look: Look }) {
  if (state === 'failed') return <span className="text-fail">It could not be looked at. {reason}</span>
  if (waitsUntil !== null) {
    const at = new Date(waitsUntil).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    return `Waiting: GitHub lets nothing more be asked before ${at}.`
  }
  if (state === 'asked') return 'Asked for; a worker takes it in a moment …'
  if (state === 'looking') return 'Reading it from GitHub …'
  if (state === 'judging') return 'Judging what was read …'
  if (found === 'empty') return 'It is still empty.'
  const at = (commit ?? '').slice(0, 7)
  if (found === 'nothing') return `Nothing has changed since ${at}.`
  if (found === 'settings') return `No new commit since ${at}; its settings changed and are judged.`
  return `Read and judged at ${at}.${reason === null ? '' : ` ${reason}`}`
}
