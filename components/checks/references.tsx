import { CATALOGUES, type Check, referencesOf } from '#lib/check.ts'

/** What the check corresponds to elsewhere; a catalogue that has nothing of the kind is named too. */
export function References({ check }: { check: Pick<Check, 'mapsTo' | 'references'> }) {
  const references = referencesOf(check)
  const groups = [...CATALOGUES, { id: 'docs', title: 'Documentation' }].map(({ id, title }) => ({
    title,
    own: references.filter(({ catalogue }) => catalogue === id),
  }))
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 px-4 py-3 text-[0.8125rem] sm:px-5">
      {groups.map(({ title, own }) => (
        <div key={title} className="contents">
          <dt className="text-ink-3">{title}</dt>
          <dd className="flex flex-wrap gap-x-3 [overflow-wrap:anywhere]">
            {own.map(({ id, url }) => (
              <a key={id} href={url} rel="noreferrer" className="link">
                {id}
              </a>
            ))}
            {own.length === 0 && <span className="text-ink-3">nothing of the kind</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
