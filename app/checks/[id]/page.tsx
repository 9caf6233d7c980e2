import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Failing } from '#components/checks/failing.tsx'
import { References } from '#components/checks/references.tsx'
import { CountsBar } from '#components/judgement/counts-bar.tsx'
import { CountsLinks } from '#components/judgement/counts-links.tsx'
import { PageTitle } from '#components/layout/page-title.tsx'
import { Demands } from '#components/policy/in-force.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { DiffView } from '#components/ui/diff-view.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Words } from '#components/ui/words.tsx'
import { repositoriesHref } from '#lib/api/repositories.ts'
import { trendsHref } from '#lib/api/trends.ts'
import { type Check, type ExampleFacts, type FileMap, ITEMS, SECTIONS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { unifiedDiff } from '#lib/patch/apply.ts'
import { severityOf } from '#lib/policy/document.ts'
import { readCheck } from '#lib/store/pages/checks.ts'
import { currentPolicy } from '#lib/store/policies.ts'
import { demandsOf } from '../../policy/demands.ts'
import { currentPlace, read } from '../../reading.ts'

const READS: Record<Check['reads'][number], string> = {
  tree: 'the list of files',
  workflows: 'workflows and actions',
  files: 'manifests, lockfiles and configuration',
  releases: 'releases and their files',
  settings: 'the repository’s settings',
  attestations: 'attestations',
}

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params
  return { title: CHECKS.find(check => check.id === id)?.title ?? 'Not found' }
}

/** Written from the check's module: there is no second documentation. */
export default async function CheckPage({ params }: Props) {
  const { id } = await params
  const check = CHECKS.find(one => one.id === id)
  if (!check) notFound()
  const part = [...ITEMS, ...SECTIONS].find(one => one.id === check.item)
  const org = await currentPlace()
  const [stands, policy] = org
    ? await read(db => Promise.all([readCheck(db, org.scope, id), currentPolicy(db, org.scope.orgId)]))
    : [null, null]
  const own = stands?.counts?.counts
  const demands = demandsOf(policy?.document ?? { version: 1 }).filter(({ checks }) => checks?.includes(id))
  const diff = exampleDiff(check)
  return (
    <>
      <p className="text-[0.8125rem] text-ink-3">
        <Link href={`/checks#${check.item}`} className="underline-offset-3 hover:underline">
          Checks
        </Link>{' '}
        / {part?.title}
      </p>
      <PageTitle title={check.title}>
        <code className="font-mono text-[0.75rem]">{check.id}</code> · version {check.version} · severity{' '}
        {policy === null ? check.severity : severityOf(policy.document, id, check.severity)}
        {policy?.document.checks?.[id]?.weight === 0 && ' · by policy not in the score'}
      </PageTitle>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 gap-4">
          <Prose title="Why" text={check.rationale} />
          <Prose title="What to do" text={check.remediation} />
          <Panel title="From failing to fixed" aside={<CopyButton text={diff} label="Copy" />}>
            <div className="p-3">
              <DiffView diff={diff} label="The example as a diff" />
            </div>
          </Panel>
          <Panel title="What is examined">
            <p className="px-4 py-3 text-[0.8125rem] sm:px-5">
              It reads {new Intl.ListFormat('en').format(check.reads.map(part => READS[part]))}. Where one of them
              cannot be read and nothing wrong was found, the outcome is unknown, never pass or fail.
            </p>
          </Panel>
          {demands.map(({ title, says, rows }) => (
            <Demands key={title} title={title} says={says} rows={rows} />
          ))}
          <Panel title="The same elsewhere">
            <References check={check} />
          </Panel>
        </div>
        <div className="grid min-w-0 gap-4">
          {own && (
            <Panel title={`In ${org?.org}`}>
              <div className="grid gap-2 px-4 py-3 text-[0.8125rem] sm:px-5">
                <CountsBar counts={own} />
                <CountsLinks
                  counts={own}
                  subject={check.title}
                  href={outcome => repositoriesHref({ check: id, outcome })}
                />
                <Link href={trendsHref({ check: id })} className="link">
                  How that went over time
                </Link>
              </div>
            </Panel>
          )}
          {stands?.counts && (
            <Failing checkId={id} counts={stands.counts.counts} rows={stands.failing} now={new Date()} />
          )}
        </div>
      </div>
    </>
  )
}

function Prose({ title, text }: { title: string; text: string }) {
  return (
    <Panel title={title}>
      <p className="max-w-[75ch] px-4 py-3 sm:px-5">
        <Words text={text} />
      </p>
    </Panel>
  )
}

function exampleDiff({ example }: Check): string {
  const { facts } = example
  const failing: FileMap = { ...example.failing, ...settingsText(facts?.failing) }
  const fixed: FileMap = { ...example.fixed, ...settingsText(facts?.fixed) }
  const files = new Map(Object.entries(failing).map(([path, text]) => [path, { text }]))
  const changed = Object.entries(fixed).filter(([path, text]) => failing[path] !== text)
  const edits = changed.map(([path, text]) => {
    const before = failing[path]
    if (before === undefined) return { kind: 'create', path, text } as const
    return { kind: 'replace', path, start: 0, end: before.length, text } as const
  })
  return unifiedDiff(files, edits)
}

/** What no file says is shown like one, so that the page has one way to tell what changes. */
function settingsText(facts: ExampleFacts | undefined): FileMap {
  if (!facts?.settings) return {}
  const lines = Object.entries(facts.settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
  return { 'settings of the repository': lines.sort().join('') }
}
