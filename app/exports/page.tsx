import type { Metadata } from 'next'
import { PageTitle } from '#components/layout/page-title.tsx'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { COLUMNS, EXPORTS, type ExportName, exportHref, exportQuery } from '#lib/api/exports.ts'
import { repositoriesHref } from '#lib/api/repositories.ts'
import { read } from '../reading.ts'

export const metadata: Metadata = { title: 'Exports' }

const WORDS: Record<ExportName, { title: string; says: string }> = {
  repositories: {
    title: 'Repositories',
    says: 'A row for each repository, with its score and the state of each item.',
  },
  checks: { title: 'Checks', says: 'A row for each repository and check, with the outcome and its numbers.' },
  findings: { title: 'Findings', says: 'A row for each place that is wrong, with its file, line and fix.' },
  waivers: {
    title: 'Waivers',
    says: 'A row for each waiver: what it is over, why, who asked, who decided, until when.',
  },
  inventory: { title: 'Inventory', says: 'A row for each place that names a package or calls an action.' },
  trend: {
    title: 'Trend',
    says: 'The score at the end of each of the last 52 weeks. The page of trends gives the same of an item, a check, a team, any time.',
  },
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

/** Every file, for the repositories of the list that led here, with the meaning of each column. */
export default async function ExportsPage({ searchParams }: Props) {
  await read(async () => null, { action: 'export' })
  const {
    format: _,
    bom: __,
    fixed: ___,
    ...query
  } = exportQuery.catch(exportQuery.parse({})).parse(await searchParams)
  const list = repositoriesHref({ ...query, page: 1 })
  return (
    <>
      <PageTitle title="Exports">
        {list === '/repositories' ? (
          'Every repository that is not archived. Filter the list of repositories first to take out fewer.'
        ) : (
          <>
            Of exactly the repositories in{' '}
            <a href={list} className="link">
              this list
            </a>
            .
          </>
        )}{' '}
        CSV is RFC 4180 in UTF-8; a text that a spreadsheet would run as a formula begins with an apostrophe.
      </PageTitle>
      <div className="grid gap-4">
        {EXPORTS.map(what => (
          <Panel key={what} title={WORDS[what].title} aside={<Files what={what} query={query} />}>
            <div className="px-4 py-3 sm:px-5">
              <p>{WORDS[what].says}</p>
              <details className="mt-1 text-[0.8125rem]">
                <summary className="w-fit text-ink-3">{COLUMNS[what].length} columns</summary>
                <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[14rem_minmax(0,1fr)]">
                  {COLUMNS[what].map(({ name, says }) => (
                    <div key={name} className="contents">
                      <dt className="font-mono text-[0.75rem] [overflow-wrap:anywhere]">{name}</dt>
                      <dd className="text-ink-2">{says}</dd>
                    </div>
                  ))}
                </dl>
              </details>
            </div>
          </Panel>
        ))}
      </div>
    </>
  )
}

function Files({ what, query }: { what: ExportName; query: Parameters<typeof exportHref>[1] }) {
  const { title } = WORDS[what]
  return (
    <span className="flex flex-wrap gap-2">
      <DownloadLink href={exportHref(what, query)} label={`${title} as CSV`}>
        CSV
      </DownloadLink>
      <DownloadLink href={exportHref(what, query, { bom: 'yes' })} label={`${title} as CSV for Excel`}>
        CSV for Excel
      </DownloadLink>
      <DownloadLink href={exportHref(what, query, { format: 'json' })} label={`${title} as JSON`}>
        JSON
      </DownloadLink>
    </span>
  )
}
