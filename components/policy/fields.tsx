'use client'

import { type ReactNode, useState } from 'react'
import type { DraftPath } from '#lib/policy/draft.ts'
import type { PolicyProblem } from '#lib/policy/read-policy.ts'
import { saidAt, useDrafting, useField, wordsAt } from './drafting.tsx'

const CONTROL =
  'scroll-mb-56 rounded-md border border-line bg-page px-2 text-[0.8125rem] text-ink placeholder:text-ink-3 aria-invalid:border-fail'
const NAME = 'block text-[0.75rem] text-ink-2'

/** `label` is read and, where it is not said by what stands around, shown above. */
type Props = { path: DraftPath; label: string; shown?: boolean }

/** A whole number; empty takes it out, and what is in force then stands in grey. */
export function NumberField({
  path,
  label,
  shown = false,
  otherwise,
  unit,
}: Props & { otherwise: number; unit?: string }) {
  const { value, ready, change } = useDrafting()
  const field = useField(path)
  // Emptied on the way to another number it is not taken out yet: its comment would go, too.
  const [emptied, setEmptied] = useState(false)
  const said = saidAt(value, path)
  return (
    <Labelled label={label} shown={shown} id={field.control.id} wrong={field} slim={!shown}>
      <span className="flex items-center gap-2">
        <input
          {...field.control}
          readOnly={!ready}
          aria-label={shown ? undefined : label}
          inputMode="numeric"
          autoComplete="off"
          maxLength={8}
          placeholder={String(otherwise)}
          value={emptied || said === undefined ? '' : String(said)}
          onChange={({ target }) => {
            setEmptied(target.value === '')
            if (target.value !== '') change(path, asNumber(target.value))
          }}
          onBlur={event => {
            field.control.onBlur(event)
            if (emptied) change(path, undefined)
            setEmptied(false)
          }}
          className={`${CONTROL} h-8 w-14 text-right`}
        />
        {unit && <span className="text-[0.8125rem] text-ink-2">{unit}</span>}
      </span>
    </Labelled>
  )
}

/** What is no number stays as it was typed. */
function asNumber(typed: string): number | string {
  return /^-?\d+(?:\.\d+)?$/.test(typed) ? Number(typed) : typed
}

export function TextField({ path, label, shown = false, hint }: Props & { hint?: string }) {
  const { value, ready, change } = useDrafting()
  const field = useField(path)
  return (
    <Labelled label={label} shown={shown} id={field.control.id} wrong={field}>
      <input
        {...field.control}
        readOnly={!ready}
        aria-label={shown ? undefined : label}
        autoComplete="off"
        spellCheck={false}
        maxLength={300}
        placeholder={hint}
        value={String(saidAt(value, path) ?? '')}
        onChange={({ target }) => change(path, target.value)}
        className={`${CONTROL} h-8 w-full`}
      />
    </Labelled>
  )
}

/** One of a few; `otherwise` names the choice of saying nothing, where that can be chosen. */
export function ChoiceField({
  path,
  label,
  shown = false,
  options,
  otherwise,
}: Props & { options: readonly (readonly [value: string, title: string])[]; otherwise?: string }) {
  const { value, change } = useDrafting()
  const field = useField(path)
  const said = saidAt(value, path)
  const known = said === undefined || options.some(([id]) => id === said)
  return (
    <Labelled label={label} shown={shown} id={field.control.id} wrong={field}>
      <select
        {...field.control}
        aria-label={shown ? undefined : label}
        value={said === undefined ? '' : String(said)}
        onChange={({ target }) => change(path, target.value === '' ? undefined : target.value)}
        className={`${CONTROL} h-8 w-full`}
      >
        {otherwise !== undefined && <option value="">{otherwise}</option>}
        {!known && <option value={String(said)}>{String(said)}</option>}
        {options.map(([id, title]) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

/** A list, one a line. An empty one is taken out, but where it has to be there (`kept`). */
export function LinesField({
  path,
  label,
  shown = false,
  kept = false,
  hint,
}: Props & { kept?: boolean; hint?: string }) {
  const { value, ready, change } = useDrafting()
  const field = useField(path)
  const said = wordsAt(value, path) ?? []
  // What is typed has empty lines and spaces on the way; it is shown as long as it says the same.
  const [typed, setTyped] = useState('')
  const same = linesOf(typed).join('\n') === said.join('\n')
  const text = same ? typed : said.join('\n')
  return (
    <Labelled label={label} shown={shown} id={field.control.id} wrong={field} quoted={said} at={path.length}>
      <textarea
        {...field.control}
        readOnly={!ready}
        aria-label={shown ? undefined : label}
        spellCheck={false}
        placeholder={hint}
        rows={Math.min(10, Math.max(2, text.split('\n').length))}
        value={text}
        onChange={({ target }) => {
          setTyped(target.value)
          const lines = linesOf(target.value)
          change(path, lines.length === 0 && !kept ? undefined : lines)
        }}
        className={`${CONTROL} block w-full py-1.5 font-mono leading-relaxed`}
      />
    </Labelled>
  )
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap(line => line.trim() || [])
}

function Labelled({
  label,
  shown,
  id,
  wrong,
  quoted,
  at = 0,
  slim = false,
  children,
}: {
  label: string
  shown: boolean
  id: string
  wrong: { shown: readonly PolicyProblem[]; errorId: string }
  /** The lines of which one may be wrong, and where its number stands in the path. */
  quoted?: readonly string[]
  at?: number
  /** In a narrow column of its own: what is wrong reaches to the left of it. */
  slim?: boolean
  children: ReactNode
}) {
  return (
    <div className={`min-w-0 ${slim ? 'flex flex-col sm:items-end' : ''}`}>
      {shown && (
        <label htmlFor={id} className={`${NAME} mb-0.5`}>
          {label}
        </label>
      )}
      {children}
      <Wrong id={wrong.errorId} slim={slim}>
        {wrong.shown.map(({ path, says }) => {
          const line = quoted?.[Number(path[at])]
          return line === undefined ? says : `“${line}”: ${says}`
        })}
      </Wrong>
    </div>
  )
}

/** What is wrong with a field, at the field. */
export function Wrong({ id, slim = false, children }: { id: string; slim?: boolean; children: readonly string[] }) {
  if (children.length === 0) return null
  return (
    <p
      id={id}
      className={`mt-0.5 text-[0.75rem] leading-snug text-fail [overflow-wrap:anywhere] ${slim ? 'sm:w-max sm:max-w-60 sm:text-right' : ''}`}
    >
      {children.join(' ')}
    </p>
  )
}

/** Takes back what is set here; keeps its place while there is nothing to take back, so that nothing jumps. */
export function Reset({ path, label, onReset }: { path: DraftPath; label: string; onReset?: () => void }) {
  const { value, change } = useDrafting()
  const set = saidAt(value, path) !== undefined
  return (
    <button
      type="button"
      onClick={() => void change(path, undefined).then(onReset)}
      aria-label={`Reset ${label}`}
      className={`control ${set ? '' : 'invisible max-sm:hidden'}`}
    >
      Reset
    </button>
  )
}
