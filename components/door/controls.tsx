import type { ReactNode } from 'react'

const FIELD = 'h-8 rounded-md border border-line bg-page px-2 text-[0.8125rem] text-ink'

/** A labelled choice by the browser's own control, inside a form. */
export function Select({
  name,
  label,
  value,
  options,
}: {
  name: string
  label: string
  value: string
  options: readonly string[]
}) {
  return (
    <select key={value} name={name} aria-label={label} defaultValue={value} className={FIELD}>
      {options.map(option => (
        <option key={option}>{option}</option>
      ))}
    </select>
  )
}

export function Field(props: {
  name: string
  label: string
  type?: 'text' | 'number'
  value?: string
  min?: number
  max?: number
  required?: boolean
}) {
  const { label, value, type = 'text', ...rest } = props
  return (
    <label className="text-[0.75rem] text-ink-2">
      {label}
      <input {...rest} type={type} defaultValue={value} maxLength={100} className={`mt-0.5 block w-full ${FIELD}`} />
    </label>
  )
}

export function Submit({ children, plain = false }: { children: ReactNode; plain?: boolean }) {
  const look = plain ? 'border border-line bg-panel text-ink-2' : 'bg-brand text-white'
  return (
    <button type="submit" className={`h-8 rounded-md px-3 text-[0.8125rem] font-medium ${look}`}>
      {children}
    </button>
  )
}

/** Why the last wish was not carried out. */
export function Refusal({ children }: { children: ReactNode }) {
  if (!children) return null
  return (
    <p role="alert" className="mb-4 rounded-md border border-fail bg-fail-soft px-3 py-2 text-fail">
      {children}
    </p>
  )
}
