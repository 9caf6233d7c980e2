'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useEffect } from 'react'

/** Where there are several organisations, the address of every page names its own, so that a link leads others there too. */
export function KeepOrg({ org }: { org: string }) {
  const path = usePathname()
  const search = useSearchParams()
  useEffect(() => {
    if (search.get('org') === org) return
    const named = new URLSearchParams(search)
    named.set('org', org)
    window.history.replaceState(null, '', `${path}?${named}${window.location.hash}`)
  }, [org, path, search])
  return null
}
