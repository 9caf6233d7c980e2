'use client'

import { Button } from '@heroui/react/button'

/**
 * What happened, what to do, what is kept, and a way to try again. `request`: by what the log knows the request that failed.
 * Takes the focus's announcement by being an alert.
 */
export function Failed({
  title,
  hint,
  kept,
  request,
  onRetry,
}: {
  title: string
  hint: string
  kept: string
  request?: string | undefined
  onRetry(): void
}) {
  return (
    <section role="alert" className="panel px-5 py-10 text-center">
      <h1 className="text-[1.0625rem] font-semibold">{title}</h1>
      <p className="mx-auto mt-1 max-w-prose text-ink-2">{hint}</p>
      <p className="mx-auto mt-2 max-w-prose text-[0.8125rem] text-ink-2">{kept}</p>
      <Button onPress={onRetry} className="mt-4 rounded-lg">
        Try again
      </Button>
      {request && (
        <p className="mt-4 text-[0.75rem] text-ink-3">
          In the log as <code className="font-mono [overflow-wrap:anywhere]">{request}</code>
        </p>
      )}
    </section>
  )
}
