import type { Metadata } from 'next'
import Link from 'next/link'
import { Empty } from '#components/ui/empty.tsx'
import { knownViewer } from './door.ts'

export const metadata: Metadata = { title: 'Not allowed' }

export default async function Forbidden() {
  // Whoever sits at this machine may do everything, except in the demo.
  const isDemo = (await knownViewer())?.via === 'local'
  return (
    <section className="panel">
      <h1 className="sr-only">Not allowed</h1>
      <Empty title={isDemo ? 'The demo has no such page' : 'Your role does not allow this'}>
        <p>
          {isDemo
            ? 'The demo is the same for everybody, so nobody changes it. With an organisation of your own this page is here.'
            : 'An owner of this Plumbline gives roles, under Members: ask one of them.'}
        </p>
        <p className="mt-2">
          <Link href="/" className="link">
            To the overview
          </Link>
        </p>
      </Empty>
    </section>
  )
}
