import { COLUMNS, EXPORTS, exportQuery } from '#lib/api/exports.ts'
import { actedBy } from '#lib/auth/permit.ts'
import { AppError } from '#lib/errors.ts'
import { attachment, handleFile } from '#lib/http/handle.ts'
import { tableStream } from '#lib/http/table-stream.ts'
import { audit } from '#lib/store/audit.ts'
import { exportRows } from '#lib/store/exports/files.ts'
import { readPlace } from '#lib/store/pages/frame.ts'
import { enter, orgAskedFor } from '../../../door.ts'
import { askedBy, ownNamesOf } from '../../../owning.ts'

const TYPES = { csv: 'text/csv', json: 'application/json' }

/** A list as a file: exactly the repositories that the page with the same filters shows. */
export const GET = handleFile({
  enter: async request => ({
    ...(await enter(request, 'export')),
    search: new URL(request.url).search,
  }),
  query: exportQuery,
  async run(query, { db, viewer, search }, { what }) {
    const name = EXPORTS.find(one => one === what)
    if (name === undefined) throw new AppError('not-found', `There is no such file: ${EXPORTS.join(', ')}.`)
    const shown = await readPlace(db, viewer.sees, await orgAskedFor())
    if (shown === null) throw new AppError('not-found', 'Nothing has been crawled yet.')
    const own = query.mine === undefined ? null : await ownNamesOf(db, viewer, shown.scope.orgId)
    const now = new Date()
    await audit(db, {
      ...actedBy(viewer, now),
      action: `export.${name}`,
      resource: `org:${shown.org}`,
      details: { format: query.format, filter: new URLSearchParams(search).toString() },
    })
    const stream = tableStream({
      columns: COLUMNS[name].map(column => column.name),
      format: query.format,
      bom: query.bom === 'yes' && query.format === 'csv',
      batches: exportRows(db, name, { scope: shown.scope, query: askedBy(query, own), now }),
    })
    const file = `${shown.org}-${name}-${now.toISOString().slice(0, 10)}.${query.format}`
    return new Response(stream, { headers: attachment(file, TYPES[query.format]) })
  },
})
