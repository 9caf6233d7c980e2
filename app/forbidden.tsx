import type { Metadata } from 'next'
import { Empty } from '#components/ui/empty.tsx'

export const metadata: Metadata = { title: 'Not allowed' }

export default function Forbidden() {
  return (
    <section className="panel">
      <h1 className="sr-only">Not allowed</h1>
      <Empty title="Your role does not allow this">An owner gives roles, under Members.</Empty>
    </section>
  )
}
