import { z } from 'zod'
import { policyTrial } from '#lib/api/policy.ts'
import { AppError } from '#lib/errors.ts'
import { handle } from '#lib/http/handle.ts'
import { findTrial } from '#lib/store/policies.ts'
import { enter, orgFor } from '../../../../door.ts'

/** How far a trial of a policy is, and what it found so far. */
export const GET = handle({
  enter: request => enter(request, 'policy:change'),
  query: z.object({}),
  answer: policyTrial,
  async run(_query, { db, viewer }, { id = '' }) {
    const trial = !/^\d{1,9}$/.test(id) ? null : await findTrial(db, await orgFor(viewer), Number(id))
    if (trial === null) throw new AppError('not-found', 'There is no such trial: another was begun since.')
    return trial
  },
})
