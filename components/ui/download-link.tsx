import { Download } from 'lucide-react'
import type { ReactNode } from 'react'

/** A file that the server makes when it is asked for. */
export function DownloadLink({ href, label, children }: { href: string; label?: string; children: ReactNode }) {
  return (
    <a href={href} download className="control print:hidden" aria-label={label}>
      <Download size={13} aria-hidden="true" />
      {children}
    </a>
  )
}
