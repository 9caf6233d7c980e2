import type { Metadata } from 'next'
import Link from 'next/link'
import { Empty } from '#components/ui/empty.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <section className="panel">
      <h1 className="sr-only">Not found</h1>
      <Empty title="There is nothing under this address">
        <p>
          The repository may have been renamed or deleted, or the check be named otherwise.{' '}
          <Link href="/repositories" className="link">
            All repositories
          </Link>{' '}
          ·{' '}
          <Link href="/checks" className="link">
            All checks
          </Link>
        </p>
      </Empty>
    </section>
  )
}
