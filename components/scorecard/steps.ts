import type { Step } from '#lib/api/scorecard.ts'
import { ITEMS } from '#lib/check.ts'
import { verdictOf } from './verdict.ts'

export type TitledStep = Step & { title: string; remediation: string }

const MINIMUM = new Set<string>(ITEMS.map(item => item.id))

export function isMinimum(step: Pick<Step, 'item'>): boolean {
  return MINIMUM.has(step.item)
}

// Rough costs relative to each other: a safe fix is applied, another is read first, the rest is written by hand.
const OPENING_A_FILE = 1
const BY_SAFE_FIX = 0.1
const BY_REVIEWED_FIX = 0.5
const BY_HAND = 1.5

/** What a step costs, in no unit; only its order means something. */
function workOf({ failing, fixes }: Step): number {
  const byHand = Math.max(0, failing - fixes.safe - fixes.review)
  return OPENING_A_FILE + fixes.safe * BY_SAFE_FIX + fixes.review * BY_REVIEWED_FIX + byHand * BY_HAND
}

/** The six items first, most gain for least work; what could not be looked at last, for its gain is not known. */
export function inOrder<T extends Step>(steps: readonly T[]): T[] {
  const rank = (step: T) => (step.outcome === 'fail' ? Number(!isMinimum(step)) : 2)
  return [...steps].sort((a, b) => rank(a) - rank(b) || b.gain / workOf(b) - a.gain / workOf(a))
}

/** "3 of 4 fail, 2 with a safe fix". */
export function stepWords(step: Step): string {
  const { safe, review } = step.fixes
  const fixes = [safe > 0 && `${safe} with a safe fix`, review > 0 && `${review} with a fix to look over`]
  return [verdictOf(step), ...fixes].filter(Boolean).join(', ')
}

export function pointsOf({ gain }: Pick<Step, 'gain'>): string {
  return `+${gain >= 10 ? Math.round(gain) : gain.toFixed(1)}`
}

/** The list as Markdown for an issue. What the repository wrote stands in code spans, where it means nothing. */
export function markdownOf(name: string, commit: string, steps: readonly TitledStep[]): string {
  const lines = steps.map(step => {
    const points = step.outcome === 'fail' ? `, ${pointsOf(step)} ${isMinimum(step) ? 'points' : 'hardening'}` : ''
    const places = step.places.map(place => `  - [ ] ${span(`${place.path}:${place.startLine}`)}`)
    const hidden = step.failing - step.places.length
    const more = hidden > 0 && step.outcome === 'fail' ? [`  - and ${hidden} more`] : []
    return [`- [ ] **${step.title}** (${stepWords(step)}${points}). ${step.remediation}`, ...places, ...more].join('\n')
  })
  const at = commit === '' ? '' : `As of ${span(commit.slice(0, 12))}.\n\n`
  return `## ${span(name)}: what to do next\n\n${at}${lines.join('\n')}\n`
}

/** A code span whose fence is longer than any run of backquotes within, on one line and without hidden characters. */
function span(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
  const runs = [...plain.matchAll(/`+/g)].map(match => match[0].length)
  const fence = '`'.repeat(Math.max(0, ...runs) + 1)
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${plain}${pad}${fence}`
}
