import type { Metadata } from 'next'
import { CapabilityRow } from '#components/access/capability-row.tsx'
import { Identity } from '#components/access/identity.tsx'
import { WhileTesting } from '#components/access/while-testing.tsx'
import { Refusal, Submit } from '#components/door/controls.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { CAPABILITIES, costOf, type OrgAccess, wayTo } from '#lib/api/access.ts'
import { may } from '#lib/auth/permit.ts'
import { askForTests } from '#lib/auth/token-tests.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { readAccess } from '#lib/store/pages/access.ts'
import { act } from '../acting.ts'
import { read } from '../reading.ts'

export const metadata: Metadata = { title: 'Access to GitHub' }

export default async function AccessPage({ searchParams }: { searchParams: Promise<{ refused?: string }> }) {
  const { refused } = await searchParams
  const { orgs, mayTest } = await read(async (db, viewer) => ({
    orgs: await readAccess(db, viewer.sees),
    mayTest: may(viewer, 'settings:change'),
  }))
  const now = new Date()
  const again = mayTest && orgs.length > 0 && (
    <form action={testAgain}>
      <Submit>Test again</Submit>
    </form>
  )
  return (
    <>
      <PageTitle title="Access to GitHub" aside={again}>
        What the token may read, tried at GitHub, and what each right that it lacks costs. What cannot be read is
        unknown in every scorecard, never good or bad.
      </PageTitle>
      <Refusal>{refused}</Refusal>
      <div className="grid gap-4">
        {orgs.length === 0 && (
          <Panel title="No organisation">
            <Empty title="Nothing is crawled yet">
              The worker tests its token when it starts, and this page tells.
            </Empty>
          </Panel>
        )}
        {orgs.map(org => (
          <Organisation key={org.id} org={org} now={now} />
        ))}
      </div>
    </>
  )
}

function Organisation({ org, now }: { org: OrgAccess; now: Date }) {
  const { login, tested, testedAt, testing, granted } = org
  const shown = CAPABILITIES.filter(({ permission, name }) => permission !== null || granted.has(name))
  const aside = testing ? (
    <WhileTesting />
  ) : testedAt ? (
    <>
      tested <Moment at={testedAt} now={now} />
    </>
  ) : (
    'not tested yet'
  )
  return (
    <Panel title={login} aside={aside}>
      {tested && <Identity tested={tested} now={now} />}
      <ul>
        {shown.map(capability => (
          <CapabilityRow
            key={capability.name}
            capability={capability}
            granted={granted.get(capability.name)}
            cost={costOf(capability, CHECKS)}
            way={wayTo(capability, tested ?? { kind: 'unknown', scopes: null }, org)}
            all={CHECKS.length}
          />
        ))}
      </ul>
    </Panel>
  )
}

async function testAgain(): Promise<void> {
  'use server'
  await act('settings:change', '/access', askForTests)
}
