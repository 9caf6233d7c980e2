import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Brand } from '#components/layout/brand.tsx'
import { providersOf } from '#lib/auth/sign-in.ts'
import { readEnv } from '#lib/env.ts'
import { ownPath } from '#lib/http/own-path.ts'
import { knownViewer } from '../door.ts'

export const metadata: Metadata = { title: 'Sign in' }

const REFUSALS: Record<string, string> = {
  not_a_member: 'Only members of the organisation may enter. Ask one of its owners on GitHub to invite you.',
  access_denied: 'The sign-in was called off.',
}

export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { to, error } = await searchParams
  const path = ownPath(typeof to === 'string' ? to : null)
  if ((await knownViewer()) !== null) redirect(path)
  const { signIn, githubApiUrl } = readEnv()
  const host = new URL(githubApiUrl).host.replace(/^api\./, '')
  const names = { github: host === 'github.com' ? 'GitHub' : `GitHub at ${host}`, oidc: issuerOf(signIn?.oidc?.issuer) }
  return (
    <section aria-labelledby="sign-in" className="panel mx-auto mt-[12vh] max-w-sm p-8">
      <div className="mb-6">
        <Brand />
      </div>
      <h1 id="sign-in" className="text-lg font-semibold">
        Sign in
      </h1>
      <p className="mt-1 text-ink-2">
        You see what GitHub shows to you: the posture of the repositories that you can open there.
      </p>
      {typeof error === 'string' && (
        <p role="alert" className="mt-4 rounded-md border border-fail px-3 py-2 text-fail">
          {REFUSALS[error] ??
            'The sign-in did not work. Try it again; if it fails again, an owner finds it in the log.'}
        </p>
      )}
      <ul className="mt-6 space-y-2">
        {providersOf(signIn ?? { github: null, oidc: null }).map(provider => (
          <li key={provider}>
            <a
              href={`/sign-in/${provider}?to=${encodeURIComponent(path)}`}
              className="block rounded-md bg-brand px-4 py-2.5 text-center font-medium text-white hover:opacity-90"
            >
              Continue with {names[provider]}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function issuerOf(issuer: string | undefined): string {
  return issuer === undefined ? '' : new URL(issuer).host
}
