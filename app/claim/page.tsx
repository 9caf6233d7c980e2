import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { PageTitle } from '#components/layout/page-title.tsx'
import { claimOwnership } from '#lib/auth/claim.ts'
import { AppError } from '#lib/errors.ts'
import { house, viewerFor } from '../door.ts'

export const metadata: Metadata = { title: 'First owner' }

type Search = Promise<{ token?: string; refused?: string }>

/** Where the link that the terminal printed leads: whoever is signed in may take the ownership, once. */
export default async function ClaimPage({ searchParams }: { searchParams: Search }) {
  const { token = '', refused } = await searchParams
  const viewer = await viewerFor('read')
  return (
    <>
      <PageTitle title="First owner" />
      <form action={claim} className="panel max-w-prose p-6">
        <p>
          You are signed in as <strong>{viewer.name}</strong>. The owner gives roles to everybody else and sees every
          repository.
        </p>
        {refused === undefined ? null : (
          <p role="alert" className="mt-3 text-fail">
            This link does not work, or no longer. Start Plumbline again to get a new one.
          </p>
        )}
        <input type="hidden" name="token" value={token} />
        <button type="submit" className="mt-4 rounded-md bg-brand px-4 py-2 font-medium text-white">
          Become the owner
        </button>
      </form>
    </>
  )
}

async function claim(form: FormData): Promise<void> {
  'use server'
  const viewer = await viewerFor('read')
  try {
    await claimOwnership(house().db, viewer, String(form.get('token') ?? ''), new Date())
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    redirect('/claim?refused=yes')
  }
  redirect('/members')
}
