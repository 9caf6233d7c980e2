'use client'

import { Button } from '@heroui/react/button'
import { Printer } from 'lucide-react'

/** The browser's own printing, which also makes a PDF. */
export function PrintButton() {
  return (
    <Button
      size="sm"
      variant="outline"
      onPress={() => window.print()}
      className="h-7 rounded-md border-line bg-panel px-2 text-[0.75rem] text-ink-2 print:hidden"
    >
      <Printer size={13} aria-hidden="true" />
      Print
    </Button>
  )
}
