/** What people of the demo organisation asked for and decided on waivers, on which day of its year. */
import { lastDayOf, type WaiverReason, type WaiverTarget, waiversQuery } from '#lib/api/waivers.ts'
import type { Viewer } from '#lib/auth/permit.ts'
import { askForWaiver, decideOnWaiver } from '#lib/auth/waivers.ts'
import type { Database } from '#lib/store/database.ts'
import { listFindings } from '#lib/store/pages/api.ts'
import { readWaivers } from '#lib/store/pages/waivers.ts'
import { saveAccess } from '#lib/store/people.ts'

type Found = { checkId: string; fingerprint: string; path: string }
type Planned = {
  /** Days before the last date of the replay. */
  ago: number
  /** Of the findings of this check the one at this place, of what there is then. */
  check: string
  nth: number
  target(finding: Found): WaiverTarget
  who: string
  reason: WaiverReason
  words: string
  /** Its last day, in days from the day on which the demo is made. */
  ends: number
  answer: { grant: string } | { refuse: string } | { revoke: string; after: number } | null
}

const DAY_MS = 86_400_000
const finding = ({ checkId, fingerprint }: Found): WaiverTarget => ({ scope: 'finding', checkId, fingerprint })
const paths = ({ checkId, path }: Found): WaiverTarget => ({ scope: 'path', checkId, path })
const check = ({ checkId }: Found): WaiverTarget => ({ scope: 'check', checkId })

const PLAN: readonly Planned[] = [
  {
    ...{
      ago: 160,
      check: 'actions-pinned',
      nth: 2,
      target: finding,
      who: 'Marta Nowak',
      reason: 'fix-planned',
      ends: -70,
    },
    words: 'The fork is pinned in its own repository; we move to it in the first quarter.',
    answer: { grant: 'Until the move, not longer.' },
  },
  {
    ...{
      ago: 75,
      check: 'credentials-short-lived',
      nth: 0,
      target: check,
      who: 'Jonas Weber',
      reason: 'fix-blocked',
      ends: 9,
    },
    words: 'The registry has no OIDC yet; the token is kept in an environment with reviewers.',
    answer: { grant: '' },
  },
  {
    ...{
      ago: 50,
      check: 'dependencies-locked',
      nth: 3,
      target: paths,
      who: 'Aiko Tanaka',
      reason: 'retiring',
      ends: 90,
    },
    words: 'The prototype is deleted when the trial with the customer ends.',
    answer: { grant: 'Nothing of it is deployed.' },
  },
  {
    ...{
      ago: 40,
      check: 'containers-unprivileged',
      nth: 1,
      target: finding,
      who: 'Marta Nowak',
      reason: 'mitigated',
      ends: 60,
    },
    words: 'The pod’s security context runs it as another user and keeps its root file system read-only.',
    answer: { revoke: 'The image now sets a user itself.', after: 20 },
  },
  {
    ...{
      ago: 30,
      check: 'actions-pinned',
      nth: 5,
      target: finding,
      who: 'Samir Haddad',
      reason: 'false-positive',
      ends: 120,
    },
    words: 'The workflow is our own, called by a protected tag.',
    answer: { grant: 'Tags of that repository are protected by a orgIdet.' },
  },
  {
    ...{
      ago: 12,
      check: 'install-scripts-disabled',
      nth: 0,
      target: check,
      who: 'Jonas Weber',
      reason: 'risk-accepted',
      ends: 50,
    },
    words: 'It has always worked like this and nothing happened.',
    answer: { refuse: 'That is the very thing that goes wrong once. The fix is one line.' },
  },
  {
    ...{ ago: 4, check: 'releases-signed', nth: 0, target: check, who: 'Aiko Tanaka', reason: 'fix-planned', ends: 40 },
    words: 'Signing comes with the new release workflow, which is under review.',
    answer: null,
  },
  {
    ...{
      ago: 2,
      check: 'updates-automated',
      nth: 1,
      target: finding,
      who: 'Samir Haddad',
      reason: 'mitigated',
      ends: 80,
    },
    words: 'The folder is generated from the service beside it, which is kept up to date.',
    answer: null,
  },
]

/** Does on each date of the replay what is planned up to it. What was done is known by its words, so that nothing is done twice. */
export function demoWaivers(end: Date, today: Date): (db: Database, orgId: number, date: Date) => Promise<void> {
  return async (db, orgId, date) => {
    const ago = (end.getTime() - date.getTime()) / DAY_MS
    const known = await readWaivers(db, { orgId, sees: { all: true } }, waiversQuery.parse({ list: 'all' }), date)
    for (const planned of PLAN) {
      const before = known.rows.find(({ words }) => words === planned.words)
      if (before === undefined) {
        if (planned.ago >= ago) await act(db, orgId, planned, { now: date, today })
      } else if (planned.answer !== null && 'revoke' in planned.answer && before.state === 'granted') {
        const isTime = ago <= planned.ago - planned.answer.after
        if (isTime)
          await decideOnWaiver(
            db,
            SECURITY,
            orgId,
            { deed: 'revoke', id: before.id, words: planned.answer.revoke },
            date,
          )
      }
    }
  }
}

/** Who decides in the demo. */
export const SECURITY: Viewer = person('Priya Raman', 'security')

function person(name: string, role: 'maintainer' | 'security'): Viewer {
  return { id: `demo:${name}`, name, role, sees: { all: true }, via: 'session', scopes: null, address: null }
}

async function act(
  db: Database,
  orgId: number,
  planned: Planned,
  { now, today }: { now: Date; today: Date },
): Promise<void> {
  const { target, reason, words, ends, who, answer } = planned
  const scope = { orgId, sees: { all: true } } as const
  const { rows } = await listFindings(db, scope, { check: planned.check, limit: 200, waived: 'no' })
  // Where a repository has one such finding alone, its check is then waived and not half wrong.
  const counts = Map.groupBy(rows, row => row.repository)
  const countOf = ({ repository }: { repository: string }) => counts.get(repository)?.length ?? 0
  const sorted = rows.toSorted((a, b) => countOf(a) - countOf(b))
  const found = sorted[planned.nth] ?? sorted[0]
  // The organisation was better than planned.
  if (found === undefined) return
  const lastDay = lastDayOf(new Date(today.getTime() + ends * DAY_MS))
  const wish = { repository: found.repository, target: target(found), reason, words, lastDay }
  const asker = person(who, 'maintainer')
  await letWrite(db, asker, { orgId, name: found.repository }, now)
  const id = await askForWaiver(db, asker, orgId, wish, now)
  if (answer === null) return
  if ('refuse' in answer) return decideOnWaiver(db, SECURITY, orgId, { deed: 'refuse', id, words: answer.refuse }, now)
  const grant = 'grant' in answer ? answer.grant : ''
  await decideOnWaiver(db, SECURITY, orgId, { deed: 'grant', id, lastDay, words: grant }, now)
}

/** Whoever asks is one of those that GitHub lets write there. */
async function letWrite(db: Database, { id, name }: Viewer, repository: { orgId: number; name: string }, now: Date) {
  const email = `${encodeURIComponent(id)}@demo.invalid`
  await db.user.createMany({ data: [{ id, name, email, role: 'maintainer' }], skipDuplicates: true })
  const found = await db.repository.findFirstOrThrow({ where: { ...repository, goneAt: null }, select: { id: true } })
  await saveAccess(db, id, { login: null, teams: [], rights: [{ id: found.id, writes: true }] }, now)
}
