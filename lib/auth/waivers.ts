/** Who asks for waivers and decides on them. Every deed is in the waiver's history and in the audit log. */
import type { AuditAction } from '../api/audit.ts'
import { endOf, lastDayOf, latestLastDay, type WaiverDecision, type WaiverWish } from '../api/waivers.ts'
import { AppError } from '../errors.ts'
import { appendAudit } from '../store/audit.ts'
import { type Database, inTransaction, type Session } from '../store/database.ts'
import { layAgain } from '../store/laying.ts'
import { policyOfRepository } from '../store/policies.ts'
import { lockRepositories } from '../store/scan-rows.ts'
import { addWaiver, changeWaiver, findTarget, findWaiver, type KnownWaiver } from '../store/waivers.ts'
import { refuseUnlessOwn } from './own.ts'
import { actedBy, may, type Viewer } from './permit.ts'

/**
 * Asks for a waiver; of whoever may decide it is granted with that. Throws AppError where the viewer may not, the thing is
 * not there, the end lies in the past or too far away, or the same is asked for already.
 */
export async function askForWaiver(
  db: Database,
  viewer: Viewer,
  orgId: number,
  wish: WaiverWish,
  now: Date,
): Promise<number> {
  if (!may(viewer, 'waiver:ask')) throw new AppError('forbidden', 'Your role does not ask for waivers.')
  return inTransaction(db, async tx => {
    const found = await findTarget(tx, { orgId, sees: viewer.sees }, wish)
    if (found === null) throw new AppError('not-found', 'What it is about is not there any more: it may be fixed.')
    await refuseUnlessOwn(tx, viewer, 'waiver:ask', { orgId, name: wish.repository })
    await lockRepositories(tx, [found.repositoryId])
    const until = await untilOf(tx, found.repositoryId, wish.lastDay, now)
    const id = await addWaiver(tx, { ...wish, ...found, until }, viewer, now)
    if (id === null) throw new AppError('conflict', 'A waiver of the same is asked for or in force already.')
    const { target, reason, words, lastDay, repository } = wish
    const told = { repository, subject: found.subject }
    await tell(tx, viewer, now, 'waiver.asked', id, { ...told, scope: target.scope, reason, words, lastDay })
    if (may(viewer, 'waiver:decide')) {
      const waiver = { id, ...found, repository, state: 'asked', askedBy: viewer.id, until }
      await grant(tx, viewer, waiver, until, '', now)
    }
    return id
  })
}

/** Grants, refuses, renews, revokes or withdraws. Throws AppError where that is not the viewer's, or not possible now. */
export async function decideOnWaiver(
  db: Database,
  viewer: Viewer,
  orgId: number,
  decision: WaiverDecision,
  now: Date,
): Promise<void> {
  await inTransaction(db, async tx => {
    const waiver = await findWaiver(tx, { orgId, sees: viewer.sees }, decision.id)
    if (waiver === null) throw new AppError('not-found', 'There is no such waiver.')
    refuseUnlessAllowed(viewer, waiver, decision)
    await lockRepositories(tx, [waiver.repositoryId])
    if (decision.deed === 'grant') {
      await grant(
        tx,
        viewer,
        waiver,
        await untilOf(tx, waiver.repositoryId, decision.lastDay, now),
        decision.words,
        now,
      )
    } else if (decision.deed === 'renew') {
      const until = await untilOf(tx, waiver.repositoryId, decision.lastDay, now)
      const change = { from: ['granted'], what: 'renewed', to: 'granted', until, laid: true } as const
      await carryOut(tx, viewer, waiver, { ...change, words: decision.words }, now)
      await layAgain(tx, waiver.repositoryId, now)
    } else if (decision.deed === 'revoke') {
      if (waiver.until <= now) throw new AppError('conflict', 'It has ended by itself already.')
      const change = { from: ['granted'], what: 'revoked', to: 'revoked', laid: false, words: decision.words } as const
      await carryOut(tx, viewer, waiver, change, now)
      await layAgain(tx, waiver.repositoryId, now)
    } else if (decision.deed === 'refuse') {
      const change = { from: ['asked'], what: 'refused', to: 'refused', words: decision.words } as const
      await carryOut(tx, viewer, waiver, change, now)
    } else {
      const change = { from: ['asked'], what: 'withdrawn', to: 'withdrawn', words: '' } as const
      await carryOut(tx, viewer, waiver, change, now)
    }
  })
}

function refuseUnlessAllowed(viewer: Viewer, { askedBy }: KnownWaiver, { deed }: WaiverDecision): void {
  const isOwn = deed === 'withdraw' && askedBy === viewer.id && may(viewer, 'waiver:ask')
  if (isOwn || may(viewer, 'waiver:decide')) return
  throw new AppError(
    'forbidden',
    deed === 'withdraw' ? 'Whoever asked for it can withdraw it.' : 'An owner or the security team decides on waivers.',
  )
}

async function grant(
  tx: Session,
  viewer: Viewer,
  waiver: KnownWaiver,
  until: Date,
  words: string,
  now: Date,
): Promise<void> {
  const change = { from: ['asked'], what: 'granted', to: 'granted', until, laid: true, words } as const
  await carryOut(tx, viewer, waiver, change, now)
  await layAgain(tx, waiver.repositoryId, now)
}

async function carryOut(
  tx: Session,
  viewer: Viewer,
  { id, repository, subject }: KnownWaiver,
  change: Parameters<typeof changeWaiver>[2],
  now: Date,
): Promise<void> {
  if (!(await changeWaiver(tx, id, change, viewer.name, now)))
    throw new AppError('conflict', 'Somebody else decided on it meanwhile.', 'Load the page again to see how.')
  const { what, until, words } = change
  const end = until === undefined ? {} : { lastDay: lastDayOf(until) }
  await tell(tx, viewer, now, `waiver.${what}`, id, { repository, subject, ...end, words })
}

async function tell(
  tx: Session,
  viewer: Viewer,
  at: Date,
  action: AuditAction,
  id: number,
  details: Record<string, string>,
): Promise<void> {
  await appendAudit(tx, { ...actedBy(viewer, at), action, resource: `waiver:${id}`, details })
}

async function untilOf(tx: Session, repositoryId: bigint, lastDay: string, now: Date): Promise<Date> {
  const until = endOf(lastDay)
  if (until <= now) throw new AppError('invalid-input', 'The end lies in the past.')
  const { longestWaiverDays: days } = await policyOfRepository(tx, repositoryId)
  const latest = latestLastDay(now, days)
  if (lastDay > latest)
    throw new AppError('invalid-input', `A waiver lasts ${days} days at most: until ${latest}.`, 'It can be renewed.')
  return until
}
