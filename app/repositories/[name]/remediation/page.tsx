import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PageTitle } from '#components/layout/page-title.tsx'
import { RemediationList } from '#components/scorecard/remediation-list.tsx'
import { inOrder, markdownOf } from '#components/scorecard/steps.ts'
import { Tabs } from '#components/scorecard/tabs.tsx'
import { Titled } from '#components/scorecard/titled.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { DownloadLink } from '#components/ui/download-link.tsx'
import { Empty } from '#components/ui/empty.tsx'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { patchHref } from '#lib/api/patches.ts'
import { readRemediation } from '#lib/store/pages/remediation.ts'
import { currentPlace, read } from '../../../reading.ts'
import { mayDo } from '../../../waivers/acts.ts'
import { titled } from '../card.ts'

type Props = { params: Promise<{ name: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).name)}: to do` }
}

export default async function RemediationPage({ params }: Props) {
  const name = decodeURIComponent((await params).name)
  const shown = await currentPlace()
  const todo = shown && (await read(db => readRemediation(db, shown.scope, name)))
  if (!shown || !todo) notFound()
  const { scan } = todo
  if (scan === null) {
    return (
      <>
        <PageTitle title={<ForeignText text={todo.name} />} />
        <section className="panel">
          <Empty title="It has not been judged yet">What is to be done is known after the next crawl.</Empty>
        </section>
      </>
    )
  }
  const steps = inOrder(titled(todo.steps))
  const fixes = await mayDo('fix:take', shown, todo.name)
  const safe = steps.reduce((sum, step) => sum + step.fixes.safe, 0)
  const aside = (
    <span className="flex flex-wrap gap-2 print:hidden">
      {fixes && safe > 0 && (
        <DownloadLink href={patchHref(todo.name, { safe: 'yes' })}>
          {safe === 1 ? 'The safe fix' : `All ${safe} safe fixes`} as .patch
        </DownloadLink>
      )}
      <CopyButton text={markdownOf(todo.name, scan.commit, steps)} label="As Markdown" />
      <PrintButton />
    </span>
  )
  return (
    <>
      <PageTitle title={<Titled name={todo.name}>to do</Titled>} aside={aside}>
        {steps.length} {steps.length === 1 ? 'step' : 'steps'}, most gain for least work first. Judged{' '}
        <Moment at={scan.at} now={new Date()} as="day" /> at{' '}
        <code className="font-mono text-[0.75rem]">{scan.commit.slice(0, 7)}</code>, score{' '}
        {scan.score === null ? '–' : Math.floor(scan.score)}
        {scan.grade && ` (${scan.grade})`}.
      </PageTitle>
      <Tabs name={todo.name} current="/remediation" />
      <RemediationList
        steps={steps}
        fixes={fixes}
        place={{ webUrl: shown.webUrl, org: shown.org, name: todo.name, commit: scan.commit }}
      />
    </>
  )
}
