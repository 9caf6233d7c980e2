import { z } from 'zod'
import { AppError } from '#lib/errors.ts'
import { attachment, handleFile } from '#lib/http/handle.ts'
import { starterPolicy } from '#lib/policy/starter.ts'
import { orgShown } from '#lib/store/orgs.ts'
import { policyVersions } from '#lib/store/policies.ts'
import { enter, orgAskedFor } from '../../door.ts'

/** The policy as YAML, as it was written: the one in force, or an earlier version. */
export const GET = handleFile({
  enter: request => enter(request, 'read'),
  query: z.object({ version: z.coerce.number().int().positive().optional() }),
  async run({ version }, { db, viewer }) {
    const orgId = await orgShown(db, { sees: viewer.sees, asked: await orgAskedFor() })
    const versions = orgId === null ? [] : await policyVersions(db, orgId)
    const found = version === undefined ? versions[0] : versions.find(({ number }) => number === version)
    if (found === undefined && version !== undefined) throw new AppError('not-found', 'There is no such version.')
    const name = found === undefined ? 'policy.yaml' : `policy-${found.number}.yaml`
    return new Response(found?.text ?? starterPolicy(), { headers: attachment(name, 'application/yaml') })
  },
})
