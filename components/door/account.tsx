'use client'

import Link from 'next/link'
import { useState } from 'react'

type Place = { href: string; label: string }

/** Who is signed in, what is theirs to manage, and the way out. */
export function Account({
  name,
  role,
  places,
  leaves,
}: {
  name: string
  role: string
  places: Place[]
  leaves: boolean
}) {
  const [trouble, setTrouble] = useState('')
  async function signOut() {
    const answer = await fetch('/api/auth/sign-out', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }).catch(() => null)
    if (answer?.ok) window.location.assign('/sign-in')
    else setTrouble('Signing out did not work: try again.')
  }
  return (
    <details className="relative text-[0.8125rem]">
      <summary className="list-none rounded-md px-2 py-1 text-ink-2 hover:text-ink">
        <span className="font-medium text-ink">{name}</span> · {role}
      </summary>
      <div className="panel absolute right-0 z-20 mt-1 grid min-w-44 gap-0.5 p-1.5 shadow-lg">
        {places.map(({ href, label }) => (
          <Link key={href} href={href} className="rounded px-2.5 py-1.5 hover:bg-brand-soft">
            {label}
          </Link>
        ))}
        {leaves && (
          <button type="button" onClick={signOut} className="rounded px-2.5 py-1.5 text-left hover:bg-brand-soft">
            Sign out
          </button>
        )}
        <p role="status" className="px-2.5 text-fail empty:hidden">
          {trouble}
        </p>
      </div>
    </details>
  )
}
