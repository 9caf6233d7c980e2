'use client'

import { Button } from '@heroui/react/button'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

/** Copies the text and says so, to the ear as well. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState('')
  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied')
    } catch {
      setSaid('The browser does not allow copying')
    }
  }
  const done = said === 'Copied'
  return (
    <span className="relative inline-flex flex-wrap items-center justify-end gap-x-2">
      <Button
        size="sm"
        variant="outline"
        onPress={copy}
        className="h-7 rounded-md border-line bg-panel px-2 text-[0.75rem] text-ink-2"
      >
        {done ? <Check size={13} aria-hidden="true" /> : <Copy size={13} aria-hidden="true" />}
        {done ? 'Copied' : label}
      </Button>
      <span role="status" className={said === '' || done ? 'sr-only' : 'text-[0.75rem] text-ink-2'}>
        {said}
      </span>
    </span>
  )
}
