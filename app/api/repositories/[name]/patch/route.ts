import { patchQuery } from '#lib/api/patches.ts'
import { actedBy } from '#lib/auth/permit.ts'
import { AppError } from '#lib/errors.ts'
import { attachment, handleFile } from '#lib/http/handle.ts'
import { audit } from '#lib/store/audit.ts'
import { readFrame } from '#lib/store/pages/frame.ts'
import { readPatch } from '#lib/store/pages/patches.ts'
import { enter } from '../../../../door.ts'

/** The fixes of a repository as one file for `git apply`. */
export const GET = handleFile({
  enter: request => enter(request, 'read'),
  query: patchQuery,
  async run(query, { db, viewer }, { name = '' }) {
    const frame = await readFrame(db, viewer.sees)
    const patch = frame && (await readPatch(db, frame.scope, name, query))
    if (!frame || !patch) throw new AppError('not-found', 'No open finding of that repository comes with such a fix.')
    await audit(db, {
      ...actedBy(viewer, new Date()),
      action: 'fix.downloaded',
      resource: `repository:${frame.org}/${name}`,
      details: { check: query.check ?? 'all', safe: query.safe === true, commit: patch.commit },
    })
    const subject = query.check ?? (query.safe ? 'safe-fixes' : 'fixes')
    return new Response(patch.diff, {
      headers: attachment(`${name}-${subject}-${patch.commit.slice(0, 7)}.patch`, 'text/x-diff'),
    })
  },
})
