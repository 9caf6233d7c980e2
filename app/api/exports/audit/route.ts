import { AUDIT_COLUMNS, auditExportQuery } from '#lib/api/audit.ts'
import { actedBy } from '#lib/auth/permit.ts'
import { attachment, handleFile } from '#lib/http/handle.ts'
import { tableStream } from '#lib/http/table-stream.ts'
import { audit, auditRows } from '#lib/store/audit.ts'
import { enter } from '../../../door.ts'

const TYPES = { csv: 'text/csv', json: 'application/json' }

/** The audit log as a file, as the page with the same filters shows it; the file's last row tells that it was taken. */
export const GET = handleFile({
  enter: request => enter(request, 'audit:read'),
  query: auditExportQuery,
  async run({ format, bom, ...filter }, { db, viewer }) {
    const now = new Date()
    const set = Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined)
    await audit(db, {
      ...actedBy(viewer, now),
      action: 'export.audit',
      resource: 'audit',
      details: { format, filter: new URLSearchParams(set).toString() },
    })
    const stream = tableStream({
      columns: AUDIT_COLUMNS.map(column => column.name),
      format,
      bom: bom === 'yes' && format === 'csv',
      batches: cells(auditRows(db, filter)),
    })
    return new Response(stream, {
      headers: attachment(`audit-${now.toISOString().slice(0, 10)}.${format}`, TYPES[format]),
    })
  },
})

async function* cells(batches: ReturnType<typeof auditRows>) {
  for await (const rows of batches)
    yield rows.map(({ seq, details, ...row }) => ({ ...row, seq: String(seq), details: JSON.stringify(details) }))
}
