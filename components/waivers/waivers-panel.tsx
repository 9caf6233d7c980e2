import Link from 'next/link'
import { Panel } from '#components/ui/panel.tsx'
import { type WaiverWithHistory, waiversHref } from '#lib/api/waivers.ts'
import { AskWaiver } from './ask.tsx'
import { WaiverItem } from './waiver-item.tsx'
import type { WaiverDesk } from './words.ts'

type Props = {
  name: string
  waivers: readonly WaiverWithHistory[]
  titles: ReadonlyMap<string, string>
  desk: WaiverDesk
  now: Date
}

/** What is waived in one repository, what is asked for, what ended lately. */
export function WaiversPanel({ name, waivers, titles, desk, now }: Props) {
  return (
    <Panel
      title="Waivers"
      aside={
        <Link href={waiversHref({ list: 'all', repository: name })} className="link">
          all
        </Link>
      }
    >
      {waivers.length > 0 && (
        <ol>
          {waivers.map(waiver => (
            <WaiverItem
              key={waiver.id}
              waiver={waiver}
              titles={titles}
              waiving={desk.waiving}
              decide={desk.decide}
              named={false}
              now={now}
            />
          ))}
        </ol>
      )}
      <div className="border-t border-hair px-4 py-3 first:border-t-0 sm:px-5">
        {waivers.length === 0 && <p className="mb-2 text-[0.8125rem] text-ink-2">Nothing is waived here.</p>}
        <AskWaiver
          repository={name}
          choices={[
            { label: 'every check in some paths', target: { scope: 'path', checkId: null, path: 'examples/**' } },
            { label: 'the whole repository', target: { scope: 'repository' } },
          ]}
          about={name}
          open="Waive paths or all of it …"
          waiving={desk.waiving}
          ask={desk.ask}
        />
      </div>
    </Panel>
  )
}
