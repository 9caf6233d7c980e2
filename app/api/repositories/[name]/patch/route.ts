import { patchQuery } from '#lib/api/patches.ts'
import { takeFixes } from '#lib/auth/fixes.ts'
import { AppError } from '#lib/errors.ts'
import { attachment, handleFile } from '#lib/http/handle.ts'
import { readPlace } from '#lib/store/pages/frame.ts'
import { enter, orgAskedFor } from '../../../../door.ts'

/** The fixes of a repository as one file for `git apply`. */
export const GET = handleFile({
  enter: request => enter(request, 'fix:take'),
  query: patchQuery,
  async run(query, { db, viewer }, { name = '' }) {
    const shown = await readPlace(db, viewer.sees, await orgAskedFor())
    if (shown === null) throw new AppError('not-found', 'Nothing has been crawled yet.')
    const { org, scope } = shown
    const patch = await takeFixes(db, viewer, { orgId: scope.orgId, org, name, query }, new Date())
    const subject = query.check ?? (query.safe ? 'safe-fixes' : 'fixes')
    return new Response(patch.diff, {
      headers: attachment(`${name}-${subject}-${patch.commit.slice(0, 7)}.patch`, 'text/x-diff'),
    })
  },
})
