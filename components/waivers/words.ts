import {
  WAIVER_REASONS,
  type WaiverAnswer,
  type WaiverDecision,
  type WaiverRow,
  type WaiverState,
  type WaiverWish,
} from '#lib/api/waivers.ts'

/** Each state by a word and a sign, never by colour alone. */
export const STATES: Record<WaiverState, { word: string; sign: string; look: string }> = {
  asked: { word: 'asked for', sign: '?', look: 'bg-unknown-soft text-ink-2' },
  granted: { word: 'waived', sign: '~', look: 'bg-waived-soft text-waived' },
  expired: { word: 'ended', sign: '!', look: 'bg-fail-soft text-fail' },
  refused: { word: 'refused', sign: '✕', look: 'bg-hair text-ink-2' },
  revoked: { word: 'revoked', sign: '✕', look: 'bg-hair text-ink-2' },
  withdrawn: { word: 'withdrawn', sign: '–', look: 'bg-hair text-ink-2' },
}

export function reasonTitle(reason: string): string {
  return WAIVER_REASONS.find(({ id }) => id === reason)?.title ?? reason
}

/** What it is over, in a few words; the check itself is named beside it. */
export function scopeWords({ scope, path, checkId }: Pick<WaiverRow, 'scope' | 'path' | 'checkId'>): string {
  if (scope === 'finding') return 'one finding'
  if (scope === 'path') return checkId === null ? `every check in ${path}` : `in ${path}`
  return scope === 'check' ? 'the whole check' : 'the whole repository'
}

/** What this visitor may do about waivers, and if nothing, why. */
export type Waiving = { may: 'decide' | 'ask' | null; whyNot: string; viewer: string; latest: string; today: string }

/** Where wishes go, and who stands before it. `fixes`: whether they may take fixes as files. */
export type WaiverDesk = {
  fixes: boolean
  waiving: Waiving
  ask(wish: WaiverWish): Promise<WaiverAnswer>
  decide(decision: WaiverDecision): Promise<WaiverAnswer>
}
