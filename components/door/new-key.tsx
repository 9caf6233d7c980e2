'use client'

import { useActionState } from 'react'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Field, Refusal, Submit } from './controls.tsx'

export type MadeKey = { key: string } | { refused: string } | null

/** Makes a key and shows it, this once; the page that is left has only its first characters. */
export function NewKey({
  make,
  scopes,
}: {
  make(before: MadeKey, form: FormData): Promise<MadeKey>
  scopes: readonly string[]
}) {
  const [made, action, pending] = useActionState(make, null)
  return (
    <form action={action} className="grid gap-3 px-4 py-4 sm:px-5">
      {made !== null && 'refused' in made && <Refusal>{made.refused}</Refusal>}
      {made !== null && 'key' in made && (
        <div role="status" className="rounded-md border border-pass bg-pass-soft px-3 py-2">
          <p className="font-medium">Copy it now: it is not shown again.</p>
          <div className="mt-1 flex flex-wrap items-center gap-3">
            <code className="[overflow-wrap:anywhere]">{made.key}</code>
            <CopyButton text={made.key} label="Copy key" />
          </div>
        </div>
      )}
      <div className="grid gap-3 sm:grid-cols-[1fr_8rem]">
        <Field name="name" label="What it is for" required />
        <Field name="days" label="Days" type="number" value="90" min={1} max={365} required />
      </div>
      <fieldset>
        <legend className="text-[0.75rem] text-ink-2">What it may do</legend>
        <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
          {scopes.map(scope => (
            <label key={scope} className="flex items-center gap-1.5">
              <input type="checkbox" name="scope" value={scope} defaultChecked={scope === 'read'} />
              {scope}
            </label>
          ))}
        </div>
      </fieldset>
      <div>
        <Submit>{pending ? 'Making …' : 'Make key'}</Submit>
      </div>
    </form>
  )
}
