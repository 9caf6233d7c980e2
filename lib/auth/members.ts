/** What an owner does to others: gives roles, ends what somebody holds. */
import { AppError } from '../errors.ts'
import { appendAudit } from '../store/audit.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { endSessions, findPerson, setRole } from '../store/people.ts'
import { actedBy, may, type Role, type Viewer } from './permit.ts'

/** Gives a role, from the member's next request on. The last owner stays one, or nobody could give roles any more. */
export async function giveRole(
  db: Database,
  viewer: Viewer,
  wish: { id: string; role: Role },
  now: Date,
): Promise<void> {
  const person = await memberFor(db, viewer, wish.id)
  await inTransaction(db, async tx => {
    if (!(await setRole(tx, wish.id, wish.role)))
      throw new AppError('conflict', `${person.name} is the only owner.`, 'Make somebody else an owner first.')
    await appendAudit(tx, {
      ...actedBy(viewer, now),
      action: 'member.role',
      resource: `member:${wish.id}`,
      details: { member: person.name, from: person.role, role: wish.role },
    })
  })
}

/** Ends every session and key of a member: for a lost machine, or somebody who left. */
export async function shutOut(db: Database, viewer: Viewer, id: string, now: Date): Promise<void> {
  const person = await memberFor(db, viewer, id)
  await inTransaction(db, async tx => {
    await endSessions(tx, id, now)
    await appendAudit(tx, {
      ...actedBy(viewer, now),
      action: 'member.shut-out',
      resource: `member:${id}`,
      details: { member: person.name },
    })
  })
}

async function memberFor(db: Database, viewer: Viewer, id: string) {
  if (!may(viewer, 'members:manage')) throw new AppError('forbidden', 'Only an owner manages members.')
  const person = await findPerson(db, id)
  if (person === null) throw new AppError('not-found', 'There is no such member.')
  return person
}
