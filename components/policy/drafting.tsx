'use client'

import { createContext, type FocusEvent, useContext, useState } from 'react'
import type { Severity } from '#lib/check.ts'
import type { DraftPath, DraftValue } from '#lib/policy/draft.ts'
import type { PolicyProblem } from '#lib/policy/read-policy.ts'

/** What there is to be demanded, and what is where nothing is said. */
export type PolicyFacts = {
  checks: readonly { id: string; title: string; item: string; severity: Severity }[]
  /** `knownBy`: the library whose table it is. */
  registries: readonly { ecosystem: string; hosts: readonly string[]; knownBy: string | null }[]
  leftOut: readonly string[]
  longestWaiverDays: number
}

/** The draft as every field of the form sees it. */
export type Drafting = {
  facts: PolicyFacts
  value: Readonly<Record<string, unknown>>
  problems: readonly PolicyProblem[]
  /** Somebody asked what is wrong: every field tells it, not only those that were left. */
  told: boolean
  /** What edits the text has come. */
  ready: boolean
  /** Resolves when the form shows it. */
  change(path: DraftPath, value: DraftValue | undefined): Promise<void>
  moveGroup(from: number, by: -1 | 1): Promise<void>
}

export const DraftingContext = createContext<Drafting | null>(null)

export function useDrafting(): Drafting {
  const drafting = useContext(DraftingContext)
  if (drafting === null) throw new Error('A field of the policy stands in its form.')
  return drafting
}

/** What the draft says at a path; undefined where it says nothing. */
export function saidAt(value: unknown, path: DraftPath): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value)
}

/** The names that stand at a path, as text. */
export function namesAt(value: unknown, path: DraftPath): string[] {
  return Object.keys((saidAt(value, path) as object | undefined) ?? {})
}

/** The list that stands at a path; a value by itself is a list of one. */
export function wordsAt(value: unknown, path: DraftPath): string[] | undefined {
  const said = saidAt(value, path) ?? undefined
  return said === undefined ? undefined : (Array.isArray(said) ? said : [said]).map(String)
}

/** The id of the control at a path, so that what is wrong leads to it. */
export function idOf(path: DraftPath): string {
  return `policy-${path.map(step => String(step).replace(/[^\w-]/g, '_')).join('-')}`
}

export function focusOn(id: string): void {
  document.getElementById(id)?.focus()
}

export function isBelow(path: readonly PropertyKey[], above: DraftPath): boolean {
  return above.every((step, index) => path[index] === step)
}

/** What every control of a field has: its name, and what is wrong with it, told once it was left. */
export function useField(path: DraftPath) {
  const { value, problems, told } = useDrafting()
  const own = problems.filter(problem => isBelow(problem.path, path))
  // What came as a text is told at once; what is just begun is not scolded.
  const [left, setLeft] = useState(() => !['', undefined, '[]', '{}'].includes(asText(saidAt(value, path))))
  const shown = told || left ? own : []
  const id = idOf(path)
  const errorId = `${id}-wrong`
  return {
    shown,
    errorId,
    control: {
      id,
      name: path.join('.'),
      'aria-invalid': shown.length > 0 || undefined,
      'aria-describedby': shown.length > 0 ? errorId : undefined,
      onBlur: (_: FocusEvent) => onceReleased(() => setLeft(true)),
    },
  }
}

/** After the press that took the focus away: a line that appears during it would move what is pressed from under it. */
function onceReleased(run: () => void): void {
  const heard = new AbortController()
  for (const kind of ['pointerup', 'pointercancel', 'click', 'keyup']) {
    window.addEventListener(
      kind,
      () => {
        heard.abort()
        setTimeout(run)
      },
      { signal: heard.signal },
    )
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'object' ? JSON.stringify(value) : value === undefined ? undefined : String(value)
}
