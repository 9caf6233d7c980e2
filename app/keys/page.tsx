import type { Metadata } from 'next'
import { Refusal, Submit } from '#components/door/controls.tsx'
import { type MadeKey, NewKey } from '#components/door/new-key.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { makeKey, revokeKey } from '#lib/auth/keys.ts'
import { ACTIONS, scopesOf, type Viewer } from '#lib/auth/permit.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { type ApiKeyRow, listApiKeys } from '#lib/store/api-keys.ts'
import { act } from '../acting.ts'
import { house, viewerFor } from '../door.ts'
import { read } from '../reading.ts'

export const metadata: Metadata = { title: 'API keys' }

export default async function KeysPage({ searchParams }: { searchParams: Promise<{ refused?: string }> }) {
  const { refused } = await searchParams
  const { keys, viewer } = await read(
    async (db, viewer: Viewer) => ({ keys: await listApiKeys(db, viewer.id), viewer }),
    { action: 'key:own' },
  )
  const now = new Date()
  return (
    <>
      <PageTitle title="API keys">
        For scripts and other tools: a key reads what you read, through <code>/api/v1</code>, and does no more than it
        is given here.
      </PageTitle>
      <Refusal>{refused}</Refusal>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Panel title="Your keys">
          {keys.length === 0 ? (
            <Empty title="You have no key">{viewer.via === 'local' ? null : 'Make one beside this.'}</Empty>
          ) : (
            <ul className="divide-y divide-hair">
              {keys.map(key => (
                <Key key={key.id} row={key} now={now} />
              ))}
            </ul>
          )}
        </Panel>
        <Panel title="A new key">
          {viewer.via === 'local' ? (
            <Empty title="Nobody is signed in">
              While Plumbline serves this machine alone, the API answers without a key.
            </Empty>
          ) : (
            <NewKey make={make} scopes={scopesOf(viewer.role)} />
          )}
        </Panel>
      </div>
    </>
  )
}

function Key({ row, now }: { row: ApiKeyRow; now: Date }) {
  const { id, name, start, scopes, expiresAt, lastUsedAt, revokedAt } = row
  const over = revokedAt !== null ? 'revoked' : expiresAt <= now ? 'expired' : null
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0">
        <p className="font-medium [overflow-wrap:anywhere]">{name}</p>
        <p className="text-[0.8125rem] text-ink-3">
          <code>{start}…</code> · {scopes.join(', ')} ·{' '}
          {over ?? (
            <>
              until <Moment at={expiresAt} now={now} />
            </>
          )}{' '}
          · {lastUsedAt ? 'last used ' : 'never used'}
          {lastUsedAt && <Moment at={lastUsedAt} now={now} />}
        </p>
      </div>
      {over === null && (
        <form action={revoke}>
          <input type="hidden" name="id" value={id} />
          <Submit plain>Revoke</Submit>
        </form>
      )}
    </li>
  )
}

async function make(_: MadeKey, form: FormData): Promise<MadeKey> {
  'use server'
  const viewer = await viewerFor('key:own')
  try {
    const wished = form.getAll('scope').map(String)
    const scopes = ACTIONS.filter(action => wished.includes(action))
    const name =
      String(form.get('name') ?? '')
        .trim()
        .slice(0, 100) || 'unnamed'
    return await makeKey(house().db, viewer, { name, scopes, days: Number(form.get('days')) }, new Date())
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { refused: sentenceOf(error) }
  }
}

async function revoke(form: FormData): Promise<void> {
  'use server'
  await act('key:own', '/keys', (db, viewer, now) => revokeKey(db, viewer, String(form.get('id')), now))
}
