import type { Metadata } from 'next'
import Link from 'next/link'
import { NothingYet } from '#components/crawls/nothing-yet.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { type Demand, Demands, Group } from '#components/policy/in-force.tsx'
import { Versions } from '#components/policy/versions.tsx'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { Panel } from '#components/ui/panel.tsx'
import type { PolicyVersionRow } from '#lib/api/policy.ts'
import { may } from '#lib/auth/permit.ts'
import { unifiedDiff } from '#lib/patch/apply.ts'
import { readPolicyPage } from '#lib/store/pages/policy.ts'
import { knownViewer } from '../door.ts'
import { currentPlace, read } from '../reading.ts'
import { demandsOf, groupsOf } from './demands.ts'

export const metadata: Metadata = { title: 'Policy' }

export default async function PolicyPage() {
  const shown = await currentPlace()
  if (shown === null) {
    return (
      <NothingYet page="Policy" title="There is no organisation yet">
        The first crawl brings it.
      </NothingYet>
    )
  }
  const { document, number, versions, members } = await read(db => readPolicyPage(db, shown.scope))
  const demands = demandsOf(document)
  const viewer = await knownViewer()
  const mayChange = viewer !== null && may(viewer, 'policy:change')
  const aside = (
    <span className="flex flex-wrap gap-2">
      <DownloadLink href="/api/policy">As YAML</DownloadLink>
      {mayChange && (
        <Link href="/policy/change" className="control">
          Change it
        </Link>
      )}
    </span>
  )
  return (
    <>
      <PageTitle title="Policy" aside={aside}>
        What {shown.org} demands of its repositories, {number === 0 ? 'by default' : `by version ${number}`}. A change
        is tried on what is stored before it is saved, and marked in the trends.
        {!mayChange &&
          (shown.demo
            ? ' The demo is the same for everybody, so nothing is changed in it.'
            : ' An owner or the security team changes it.')}
      </PageTitle>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          {demands.slice(0, 2).map(one => (
            <Demands key={one.title} {...one} />
          ))}
        </div>
        <div className="grid min-w-0 gap-4">
          <Versions versions={versions.map(withDiff)} mayChange={mayChange} now={new Date()} />
          <Panel title="Groups of repositories">
            {members.length === 0 ? (
              <Empty title="The same is demanded of all" />
            ) : (
              <ol>
                {groupsOf(document).map(({ name, who, rows }, index) => (
                  <Group key={name} name={name} who={who} count={members[index] ?? 0}>
                    <Lines rows={rows} />
                  </Group>
                ))}
              </ol>
            )}
          </Panel>
          {demands.slice(2).map(one => (
            <Demands key={one.title} {...one} />
          ))}
        </div>
      </div>
    </>
  )
}

function Lines({ rows }: { rows: readonly Demand[] }) {
  return (
    <ul className="mt-1 text-[0.8125rem] text-ink-2">
      {rows.map(({ name, value }) => (
        <li key={name} className="[overflow-wrap:anywhere]">
          {name}: {value}
        </li>
      ))}
    </ul>
  )
}

/** Against the version before; the first against nothing. */
function withDiff(version: PolicyVersionRow, index: number, all: readonly PolicyVersionRow[]) {
  const before = all[index + 1]?.text
  const path = 'policy.yaml'
  const { text } = version
  if (before === undefined) return { ...version, diff: unifiedDiff(new Map(), [{ kind: 'create', path, text }]) }
  const files = new Map([[path, { text: before }]])
  return { ...version, diff: unifiedDiff(files, [{ kind: 'replace', path, start: 0, end: before.length, text }]) }
}
