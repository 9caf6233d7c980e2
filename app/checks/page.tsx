import type { Metadata } from 'next'
import { CatalogueRow } from '#components/checks/catalogue-row.tsx'
import { CountsLegend } from '#components/judgement/counts-bar.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { ITEMS, SECTIONS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { EMPTY_DOCUMENT, severityOf } from '#lib/policy/document.ts'
import { readCheckCounts } from '#lib/store/pages/checks.ts'
import { currentPolicy } from '#lib/store/policies.ts'
import { currentPlace, read } from '../reading.ts'

export const metadata: Metadata = { title: 'Checks' }

export default async function ChecksPage() {
  const shown = await currentPlace()
  const [counts, policy] = shown
    ? await read(db => Promise.all([readCheckCounts(db, shown.scope), currentPolicy(db, shown.scope.orgId)]))
    : [null, null]
  const parts = [
    ...ITEMS.map(item => ({ ...item, title: `${item.number} · ${item.title}` })),
    ...SECTIONS.map(section => ({ ...section, title: `Hardening: ${section.title.toLowerCase()}` })),
  ]
  return (
    <>
      <PageTitle title="Checks" aside={counts && <CountsLegend />}>
        What is looked at in every repository, and how it is decided. The six items make the score; hardening is counted
        apart.
      </PageTitle>
      <div className="grid gap-4">
        {parts.map(({ id, title }) => {
          const own = CHECKS.filter(check => check.item === id)
          if (own.length === 0) return null
          return (
            <Panel key={id} id={id} title={title}>
              <ul>
                {own.map(check => (
                  <CatalogueRow
                    key={check.id}
                    {...check}
                    severity={severityOf(policy?.document ?? EMPTY_DOCUMENT, check.id, check.severity)}
                    counts={counts?.get(check.id)?.counts ?? null}
                  />
                ))}
              </ul>
            </Panel>
          )
        })}
      </div>
    </>
  )
}
