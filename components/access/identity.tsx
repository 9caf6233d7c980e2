import type { ReactNode } from 'react'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import type { TestedToken } from '#lib/api/access.ts'
import { KIND_WORDS } from './words.ts'

const SOON_MS = 14 * 86_400_000

/** As whom GitHub is asked, and what it told of that. */
export function Identity({ tested, now }: { tested: TestedToken; now: Date }) {
  const { kind, login, scopes, expiresAt, budget, repositories, refused } = tested
  const ends = expiresAt === null ? null : new Date(expiresAt)
  return (
    <div className="border-b border-hair px-4 py-3 text-[0.8125rem] sm:px-5">
      {refused && (
        <p role="status" className="mb-3 rounded-md border border-fail bg-fail-soft px-3 py-2 text-fail">
          <ForeignText text={refused.message} />
          {refused.hint !== '' && (
            <span className="block [overflow-wrap:anywhere]">
              <ForeignText text={refused.hint} />
            </span>
          )}
        </p>
      )}
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2 xl:grid-cols-3">
        <Told what="Identity">{KIND_WORDS[kind]}</Told>
        <Told what="Name at GitHub">{login === null ? 'not told' : <ForeignText text={login} />}</Told>
        <Told what="Ends">
          {kind === 'app' ? (
            'each hour, and is renewed by itself'
          ) : ends === null ? (
            'GitHub names no day'
          ) : (
            <span className={ends.getTime() - now.getTime() < SOON_MS ? 'text-fail' : ''}>
              <Moment at={ends} now={now} />
            </span>
          )}
        </Told>
        {scopes && <Told what="Scopes">{scopes.length === 0 ? 'none' : <ForeignText text={scopes.join(', ')} />}</Told>}
        <Told what="Budget of an hour">
          {budget === null
            ? 'this server has no limits'
            : [budget.core && `${count(budget.core)} requests`, budget.graphql && `${count(budget.graphql)} points`]
                .filter(Boolean)
                .join(' · ')}
        </Told>
        {repositories !== null && <Told what="Repositories that it sees">{repositories.toLocaleString('en')}</Told>}
      </dl>
    </div>
  )
}

function count({ remaining, limit }: { remaining: number; limit: number }): string {
  return `${remaining.toLocaleString('en')} of ${limit.toLocaleString('en')}`
}

function Told({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-[0.75rem] text-ink-3">{what}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}
