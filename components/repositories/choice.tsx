export type Option = { value: string; label: string; group?: string }

/** One choice of a list, by the browser's own control: it is at home on a phone and under every screen reader. */
export function Choice({
  name,
  label,
  any,
  value,
  options,
  required = false,
}: {
  name: string
  label: string
  any: string
  value: string | undefined
  options: readonly Option[]
  required?: boolean
}) {
  const groups = Map.groupBy(options, option => option.group ?? '')
  return (
    <label className="min-w-0 text-[0.75rem] text-ink-2">
      {label}
      <select
        // A new key makes the control follow the address when the reader goes back.
        key={value ?? ''}
        name={name}
        defaultValue={value ?? ''}
        required={required}
        className={`mt-0.5 block h-8 max-w-52 rounded-md border bg-page px-1.5 text-[0.8125rem] text-ink ${value ? 'border-brand font-medium' : 'border-line'}`}
      >
        <option value="">{any}</option>
        {[...groups].map(([group, members]) => {
          const shown = members.map(option => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))
          return group === '' ? (
            shown
          ) : (
            <optgroup key={group} label={group}>
              {shown}
            </optgroup>
          )
        })}
      </select>
    </label>
  )
}
