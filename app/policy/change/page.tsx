import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { PageTitle } from '#components/layout/page-title.tsx'
import { PolicyEditor } from '#components/policy/editor.tsx'
import { readDraft } from '#lib/policy/draft.ts'
import { starterPolicy } from '#lib/policy/starter.ts'
import { readPolicyPage } from '#lib/store/pages/policy.ts'
import { currentPlace, read } from '../../reading.ts'
import { CHECK_IDS, saveTried, tryText } from '../acts.ts'
import { FACTS } from '../facts.ts'

export const metadata: Metadata = { title: 'Change the policy' }

const search = z.object({
  from: z.coerce.number().int().positive().optional().catch(undefined),
  as: z.enum(['form', 'yaml']).catch('form'),
})

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function ChangePolicyPage({ searchParams }: Props) {
  // Who may not change it is told so first, and where nobody can be asked, why.
  await read(async () => null, { action: 'policy:change' })
  const { from, as } = search.parse(await searchParams)
  const shown = await currentPlace()
  if (shown === null) notFound()
  const { text, number, versions } = await read(db => readPolicyPage(db, shown.scope), { action: 'policy:change' })
  const earlier = versions.find(version => version.number === from)
  const initial = earlier?.text ?? text ?? starterPolicy()
  return (
    <>
      <PageTitle title="Change the policy">
        {earlier
          ? `This is version ${earlier.number} again. It is saved as a new version, once you saw what it does.`
          : 'It is read strictly, tried on what is stored, and saved as a new version once you saw what it does.'}
      </PageTitle>
      <PolicyEditor
        key={from ?? number}
        initial={initial}
        initialDraft={readDraft(initial, CHECK_IDS)}
        number={number}
        view={as}
        facts={FACTS}
        tryText={tryText}
        save={saveTried}
      />
    </>
  )
}
