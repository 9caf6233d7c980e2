import Link from 'next/link'
import { AUDIT_ACTIONS, AUDIT_KINDS, type AuditFilter } from '#lib/api/audit.ts'
import { Submit } from './controls.tsx'

const FIELD = 'mt-0.5 block h-8 w-full rounded-md border border-line bg-page px-2 text-[0.8125rem] text-ink'

/** A form of GET: the address is the state, and it works without script. */
export function AuditFilterForm({ filter }: { filter: AuditFilter }) {
  const { action, ...texts } = filter
  const set = Object.values(filter).some(value => value !== undefined)
  return (
    <form action="/audit" className="flex flex-wrap items-end gap-2 border-hair border-b px-4 py-3 sm:px-5">
      <label className="text-[0.75rem] text-ink-2">
        What was done
        <select key={action} name="action" defaultValue={action ?? ''} className={FIELD}>
          <option value="">anything</option>
          {AUDIT_KINDS.map(kind => (
            <optgroup key={kind} label={kind}>
              {Object.keys(AUDIT_ACTIONS)
                .filter(one => one === kind || one.startsWith(`${kind}.`))
                .map(one => (
                  <option key={one}>{one}</option>
                ))}
              <option value={kind}>{kind}: all</option>
            </optgroup>
          ))}
        </select>
      </label>
      <Text name="who" label="Who" hint="part of a name" value={texts.who} />
      <Text name="which" label="Which" hint="part of a thing or detail" value={texts.which} />
      <Text name="address" label="From address" hint="192.0.2.7" value={texts.address} />
      <Text name="since" label="Since" type="date" value={texts.since} />
      <Text name="until" label="Until" type="date" value={texts.until} />
      <Submit>Filter</Submit>
      {set && (
        <Link href="/audit" className="link self-center text-[0.8125rem]">
          Show all
        </Link>
      )}
    </form>
  )
}

function Text(props: {
  name: string
  label: string
  hint?: string
  type?: 'text' | 'date'
  value: string | undefined
}) {
  const { name, label, hint, type = 'text', value } = props
  return (
    <label className="w-full text-[0.75rem] text-ink-2 sm:w-36">
      {label}
      <input
        key={value}
        name={name}
        type={type}
        defaultValue={value}
        placeholder={hint}
        maxLength={200}
        className={FIELD}
      />
    </label>
  )
}
