import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PageTitle } from '#components/layout/page-title.tsx'
import { ChangesList } from '#components/scorecard/changes-list.tsx'
import { Tabs } from '#components/scorecard/tabs.tsx'
import { Titled } from '#components/scorecard/titled.tsx'
import { changesQuery } from '#lib/api/scorecard.ts'
import { readChanges } from '#lib/store/pages/timeline.ts'
import { currentPlace, read } from '../../../reading.ts'
import { TITLES } from '../card.ts'

type Props = {
  params: Promise<{ name: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).name)}: what changed` }
}

export default async function ChangesPage({ params, searchParams }: Props) {
  const name = decodeURIComponent((await params).name)
  const { before } = changesQuery.parse(await searchParams)
  const shown = await currentPlace()
  const at = before === undefined ? null : new Date(before)
  const changes = shown && (await read(db => readChanges(db, shown.scope, name, at)))
  if (!shown || !changes) notFound()
  return (
    <>
      <PageTitle title={<Titled name={changes.name}>what changed</Titled>}>
        Every scan that saw something new, newest first.
      </PageTitle>
      <Tabs name={changes.name} current="/changes" />
      <ChangesList
        changes={changes}
        place={{ webUrl: shown.webUrl, org: shown.org, name: changes.name }}
        titles={TITLES}
        now={new Date()}
      />
    </>
  )
}
