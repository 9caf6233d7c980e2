'use client'

import { Button } from '@heroui/react/button'

/** What happened, what to do, and a way to try again. Takes the focus's announcement by being an alert. */
export function Failed({
  title,
  hint,
  detail,
  onRetry,
}: {
  title: string
  hint: string
  detail?: string | undefined
  onRetry(): void
}) {
  return (
    <section role="alert" className="panel px-5 py-10 text-center">
      <h1 className="text-[1.0625rem] font-semibold">{title}</h1>
      <p className="mx-auto mt-1 max-w-prose text-ink-2">{hint}</p>
      {detail && <p className="mt-2 font-mono text-[0.75rem] text-ink-3">{detail}</p>}
      <Button onPress={onRetry} className="mt-4 rounded-lg">
        Try again
      </Button>
    </section>
  )
}
