import type { Metadata } from 'next'
import { Refusal, Select, Submit } from '#components/door/controls.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { giveRole, shutOut } from '#lib/auth/members.ts'
import { isRole, ROLES } from '#lib/auth/permit.ts'
import { AppError } from '#lib/errors.ts'
import { listPeople } from '#lib/store/people.ts'
import { act } from '../acting.ts'
import { read } from '../reading.ts'

export const metadata: Metadata = { title: 'Members' }

const MEANS: Record<string, string> = {
  owner: 'everything, and gives roles',
  security: 'reads and exports everything',
  maintainer: 'reads and mends the repositories that GitHub shows to them',
  viewer: 'reads the repositories that GitHub shows to them',
  auditor: 'reads and exports everything, and the audit log',
}

export default async function MembersPage({ searchParams }: { searchParams: Promise<{ refused?: string }> }) {
  const { refused } = await searchParams
  const people = await read(listPeople, { action: 'members:manage' })
  const now = new Date()
  return (
    <>
      <PageTitle title="Members">
        Who has signed in, and what each may do here. What somebody sees of private repositories is GitHub’s to say, and
        is asked anew every hour.
      </PageTitle>
      <Refusal>{refused}</Refusal>
      <Panel title="People" aside={`${people.length}`}>
        {people.length === 0 ? (
          <Empty title="Nobody has signed in yet">Nobody has to, while Plumbline serves this machine alone.</Empty>
        ) : (
          <ul className="divide-y divide-hair">
            {people.map(person => (
              <li key={person.id} className="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
                <div className="min-w-0 flex-1 basis-56">
                  <p className="font-medium [overflow-wrap:anywhere]">{person.name}</p>
                  <p className="text-[0.8125rem] text-ink-3">
                    {person.login ?? person.email} · {person.sessions} {person.sessions === 1 ? 'session' : 'sessions'}
                    {person.accessAt && (
                      <>
                        {' · rights as of '}
                        <Moment at={person.accessAt} now={now} />
                      </>
                    )}
                  </p>
                  {person.accessTrouble && <p className="text-[0.8125rem] text-fail">{person.accessTrouble}</p>}
                </div>
                <form action={changeRole} className="flex items-center gap-2">
                  <input type="hidden" name="id" value={person.id} />
                  <Select name="role" label={`Role of ${person.name}`} value={person.role} options={ROLES} />
                  <Submit plain>Change</Submit>
                </form>
                <form action={endEverything}>
                  <input type="hidden" name="id" value={person.id} />
                  <Submit plain>End sessions and keys</Submit>
                </form>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <dl className="mt-4 grid gap-x-6 gap-y-1 text-[0.8125rem] sm:grid-cols-[max-content_1fr]">
        {ROLES.map(role => (
          <div key={role} className="contents">
            <dt className="font-medium">{role}</dt>
            <dd className="text-ink-2">{MEANS[role]}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

async function changeRole(form: FormData): Promise<void> {
  'use server'
  await act('members:manage', '/members', async (db, viewer, now) => {
    const role = String(form.get('role'))
    if (!isRole(role)) throw new AppError('invalid-input', 'There is no such role.')
    await giveRole(db, viewer, { id: String(form.get('id')), role }, now)
  })
}

async function endEverything(form: FormData): Promise<void> {
  'use server'
  await act('members:manage', '/members', (db, viewer, now) => shutOut(db, viewer, String(form.get('id')), now))
}
