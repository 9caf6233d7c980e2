import type { MovedRepository } from '#lib/api/policy.ts'
import { policyFor } from '#lib/policy/document.ts'
import { policyHash } from '#lib/policy/policy.ts'
import { readPolicy } from '#lib/policy/read-policy.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import type { Grade } from '#lib/scan.ts'
import { layWaivers } from '#lib/score/waived.ts'
import { findTrial, judgedRepositories, moveTrial, type Tried } from '#lib/store/policies.ts'
import { loadSnapshots } from '#lib/store/snapshots.ts'
import { waiversInForce } from '#lib/store/waivers.ts'
import type { Context } from './context.ts'

/**
 * Judges what is stored by a policy that is not in force, and keeps whose score or grade it would move. Only repositories
 * of which it demands something else are judged. No request to the host; nothing of the verdicts is kept.
 */
export async function tryPolicy(
  { db, judges, now }: Pick<Context, 'db' | 'judges' | 'now'>,
  { orgId, trialId }: JobPayload<'try-policy'>,
): Promise<void> {
  const trial = await findTrial(db, orgId, trialId)
  if (trial === null || trial.state === 'done' || trial.state === 'failed') return
  const { checks } = await judges.checklist()
  const read = readPolicy(
    trial.text,
    checks.map(({ id }) => id),
  )
  if ('problems' in read) {
    await moveTrial(db, trialId, { state: 'failed', reason: read.problems[0]?.sentence ?? 'It cannot be read.' })
    return
  }
  const all = await judgedRepositories(db, orgId)
  const changed = all.filter(one => policyHash(policyFor(read.document, one)) !== one.policyHash)
  const bySnapshot = new Map(changed.map(one => [one.snapshotId, one]))
  const moved: MovedRepository[] = []
  let done = all.length - changed.length
  await moveTrial(db, trialId, { state: 'running', total: all.length, done })
  for await (const group of loadSnapshots(db, [...bySnapshot.keys()])) {
    const at = now()
    const waivers = await waiversInForce(db, new Map(group.map(({ repositoryId }) => [repositoryId, at])))
    const judged = group.map(async ({ id, repositoryId, packed }) => {
      const one = bySnapshot.get(id)
      if (one === undefined) return []
      const policy = policyFor(read.document, one)
      const { report } = await judges.judge(packed, { policy, now: at })
      const { score } = layWaivers(report.checks, waivers.get(repositoryId) ?? [], policy)
      const { before, after } = { before: standingOf(one), after: standingOf(score) }
      return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ name: one.name, before, after }]
    })
    for (const one of (await Promise.all(judged)).flat()) moved.push(one)
    done += group.length
    // Somebody asked for another trial meanwhile.
    if (!(await moveTrial(db, trialId, { done, moved }))) return
  }
  await moveTrial(db, trialId, { state: 'done', done: all.length, moved })
}

function standingOf({
  score,
  hardening,
  grade,
}: Pick<Tried, 'score' | 'hardening' | 'grade'>): MovedRepository['after'] {
  return { score, hardening, grade: grade as Grade | null }
}
