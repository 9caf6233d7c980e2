'use client'

import { useEffect } from 'react'

/**
 * Goes to the place that the address names. A page that is streamed has no such place yet when the browser looks for it,
 * so that whoever comes by a link would stand at the top.
 */
export function AtHash() {
  useEffect(() => {
    const id = decodeURIComponent(window.location.hash.slice(1))
    if (id === '' || window.scrollY > 0 || document.getElementById(id) === null) return
    window.location.replace(window.location.href)
  }, [])
  return null
}
