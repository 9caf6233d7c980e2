'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const EVERY_MS = 1_500

/** Shows the page anew until the test that is under way has told something. */
export function WhileTesting() {
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), EVERY_MS)
    return () => clearInterval(timer)
  }, [router])
  return (
    <span role="status" className="text-brand">
      testing … a worker takes it up within seconds
    </span>
  )
}
