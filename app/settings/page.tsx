import type { Metadata } from 'next'
import Link from 'next/link'
import { Refusal } from '#components/door/controls.tsx'
import { SettingsGroup } from '#components/door/settings-group.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { SETTING_GROUPS } from '#lib/api/settings.ts'
import { changeSettings, forgetSettings, isSetBy, readStored } from '#lib/auth/stored-settings.ts'
import { environment, readEnv } from '#lib/env.ts'
import { listSettings } from '#lib/store/stored-settings.ts'
import { act } from '../acting.ts'
import { read } from '../reading.ts'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage({ searchParams }: { searchParams: Promise<{ refused?: string }> }) {
  const { refused } = await searchParams
  const { secrets } = readEnv()
  const { kept, opened } = await read(
    async db => ({ kept: await listSettings(db), opened: await readStored(db, secrets) }),
    { action: 'settings:change' },
  )
  const given = givenEnvironment()
  const now = new Date()
  return (
    <>
      <PageTitle title="Settings">
        What the environment of the processes does not set can be set here, encrypted with PLUMBLINE_SECRET. Secrets are
        never shown again, to nobody. What the token may read, and what it may not:{' '}
        <Link href="/access" className="link">
          Access to GitHub
        </Link>
        .
      </PageTitle>
      <Refusal>{refused}</Refusal>
      {secrets.length === 0 ? (
        <Panel title="Nothing can be kept yet">
          <Empty title="PLUMBLINE_SECRET is not set">
            Set it to at least 32 random characters, e.g. from <code>openssl rand -base64 33</code>, and start again.
          </Empty>
        </Panel>
      ) : (
        <div className="grid items-start gap-4 lg:grid-cols-2">
          {SETTING_GROUPS.map(group => (
            <SettingsGroup
              key={group.id}
              group={group}
              byEnvironment={isSetBy(given, group)}
              kept={group.settings.flatMap(({ name, secret }) => {
                const row = kept.find(one => one.name === name)
                if (row === undefined) return []
                const value = secret ? null : (opened.values[name] ?? null)
                return [{ name, value, setAt: row.setAt, setBy: row.setBy, lost: opened.lost.includes(name) }]
              })}
              now={now}
              save={save}
              forget={forget}
            />
          ))}
        </div>
      )}
    </>
  )
}

/** As it was before the kept settings were put beside it (scripts/serve.ts). */
function givenEnvironment() {
  const held = globalThis as { plumblineStored?: readonly string[] }
  const stored = new Set(held.plumblineStored)
  return Object.fromEntries(Object.entries(environment()).filter(([name]) => !stored.has(name)))
}

async function save(form: FormData): Promise<void> {
  'use server'
  await act('settings:change', '/settings', async (db, viewer, now) => {
    const texts = [...form].filter((pair): pair is [string, string] => typeof pair[1] === 'string')
    const { group = '', ...values } = Object.fromEntries(texts)
    const how = { secrets: readEnv().secrets, environment: givenEnvironment(), now }
    await changeSettings(db, viewer, { group, values }, how)
  })
}

async function forget(form: FormData): Promise<void> {
  'use server'
  await act('settings:change', '/settings', (db, viewer, now) =>
    forgetSettings(db, viewer, String(form.get('group')), now),
  )
}
