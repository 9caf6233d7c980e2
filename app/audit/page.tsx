import type { Metadata } from 'next'
import Link from 'next/link'
import { AuditFilterForm } from '#components/door/audit-filter.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { AUDIT_ACTIONS, AUDIT_VERIFIED, type AuditFilter, auditHref, auditQuery } from '#lib/api/audit.ts'
import { type AuditProof, type AuditRow, readAudit, verifyAudit } from '#lib/store/audit.ts'
import { read } from '../reading.ts'

export const metadata: Metadata = { title: 'Audit log' }

const PAGE = 100

export default async function AuditPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const { before, verify, ...filter } = auditQuery.parse(await searchParams)
  const verified = verify === 'all' ? {} : { newest: AUDIT_VERIFIED }
  const [rows, proof] = await read(
    db => Promise.all([readAudit(db, { ...filter, before, limit: PAGE }), verifyAudit(db, verified)]),
    { action: 'audit:read' },
  )
  const now = new Date()
  const last = rows.length === PAGE ? rows.at(-1) : undefined
  const isWhole = [before, ...Object.values(filter)].every(asked => asked === undefined)
  return (
    <>
      <PageTitle title="Audit log">
        Who did what to which thing, when and from where. Each row holds the hash of the one before it:{' '}
        {proof.brokenAt === null ? (
          <span className="text-pass">{fitting(proof)} fit together.</span>
        ) : (
          <strong className="text-fail">the chain is broken at row {String(proof.brokenAt)}.</strong>
        )}
        {proof.older > 0 && (
          <>
            {' '}
            A change further back is found by{' '}
            <Link href={auditHref({ ...filter, before, verify: 'all' })} className="link">
              walking the whole log
            </Link>
            , which takes as long as it is.
          </>
        )}
      </PageTitle>
      <Panel title="Events" aside={<Files filter={filter} />}>
        <AuditFilterForm filter={filter} />
        {rows.length === 0 ? (
          <Empty title={isWhole ? 'Nothing has been written down yet' : 'Nothing like this has been written down'}>
            {isWhole ? (
              'Who signs in, decides or changes something stands here from then on.'
            ) : (
              <Link href="/audit" className="link">
                Show all of it
              </Link>
            )}
          </Empty>
        ) : (
          <div className="overflow-x-auto">
            <table className="w-full text-[0.8125rem]">
              <thead className="text-left text-ink-3">
                <tr>
                  {['When', 'Who', 'What', 'Which', 'Details', 'From'].map(title => (
                    <th key={title} scope="col" className="px-3 py-2 font-medium">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(row => (
                  <Event key={String(row.seq)} row={row} now={now} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {last && (
          <p className="border-t border-hair px-4 py-3">
            <Link className="link" href={auditHref({ ...filter, before: last.seq })}>
              Older
            </Link>
          </p>
        )}
      </Panel>
    </>
  )
}

function fitting({ rows, older }: AuditProof): string {
  const [looked, all] = [rows, rows + older].map(count => count.toLocaleString('en'))
  return older === 0 ? `all ${all} rows` : `the newest ${looked} of ${all} rows`
}

function Files({ filter }: { filter: AuditFilter }) {
  const href = auditHref(filter, '/api/exports/audit')
  const json = `${href}${href.includes('?') ? '&' : '?'}format=json`
  return (
    <span className="flex flex-wrap gap-2">
      <DownloadLink href={href} label="These events as CSV">
        CSV
      </DownloadLink>
      <DownloadLink href={json} label="These events as JSON">
        JSON
      </DownloadLink>
    </span>
  )
}

function Event({ row, now }: { row: AuditRow; now: Date }) {
  const details = Object.entries(row.details).map(([key, value]) => `${key}: ${value}`)
  return (
    <tr className="border-t border-hair align-top">
      <td className="px-3 py-2 whitespace-nowrap">
        <Moment at={row.at} now={now} />
      </td>
      <td className="px-3 py-2">
        <ForeignText text={row.name || row.actor} />
      </td>
      <td className="px-3 py-2">
        <Link href={auditHref({ action: row.action })} title={AUDIT_ACTIONS[row.action]} className="link">
          {row.action}
        </Link>
      </td>
      <td className="px-3 py-2">
        <ForeignText text={row.resource} />
      </td>
      <td className="px-3 py-2 text-ink-2">
        <ForeignText text={details.join(' · ')} />
      </td>
      <td className="px-3 py-2 text-ink-2">{row.address ?? (row.actor === 'system' ? 'this machine' : 'not known')}</td>
    </tr>
  )
}
