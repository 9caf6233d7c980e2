import { useState } from 'react'
import type { DraftPath } from '#lib/policy/draft.ts'
import { focusOn, idOf, namesAt, useDrafting, useField } from './drafting.tsx'
import { LinesField, Wrong } from './fields.tsx'

/** The custom properties by which a group is found, each with the values of which one is enough. */
export function PropertyFields({ path }: { path: DraftPath }) {
  const { value, change } = useDrafting()
  const { shown, errorId } = useField(path)
  const [name, setName] = useState('')
  const names = namesAt(value, path)
  const addId = `${idOf(path)}-add`
  const add = () => {
    const property = name.trim()
    if (property === '') return
    if (!names.includes(property)) void change([...path, property], []).then(() => focusOn(idOf([...path, property])))
    setName('')
  }
  return (
    <div className="grid gap-2 sm:col-span-3 sm:grid-cols-3">
      {names.map(property => (
        <div key={property} className="grid content-start justify-items-start gap-1">
          <div className="w-full">
            <LinesField path={[...path, property]} label={`Property ${property}, values one a line`} shown kept />
          </div>
          <button
            type="button"
            className="control"
            aria-label={`Remove property ${property}`}
            onClick={() => void change([...path, property], undefined).then(() => focusOn(addId))}
          >
            Remove
          </button>
        </div>
      ))}
      <div className="flex flex-wrap items-end gap-2 sm:col-span-3">
        <input
          id={addId}
          aria-label="Name of a custom property"
          placeholder="compliance"
          maxLength={75}
          autoComplete="off"
          spellCheck={false}
          value={name}
          onChange={({ target }) => setName(target.value)}
          onKeyDown={event => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
          className="h-8 w-40 scroll-mb-28 rounded-md border border-line bg-page px-2 text-[0.8125rem] placeholder:text-ink-3"
        />
        <button type="button" className="control" onClick={add}>
          Add a property
        </button>
      </div>
      <div className="sm:col-span-3">
        <Wrong id={errorId}>
          {shown.filter(problem => problem.path.length === path.length).map(({ says }) => says)}
        </Wrong>
      </div>
    </div>
  )
}
