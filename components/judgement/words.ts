import type { Outcome } from '#lib/scan.ts'

/** Each outcome told apart by a sign and a word, never by colour alone. */
export const OUTCOMES: Record<Outcome, { sign: string; word: string; ink: string; soft: string; fill: string }> = {
  pass: { sign: '✓', word: 'passes', ink: 'text-pass', soft: 'bg-pass-soft', fill: 'bg-pass' },
  fail: { sign: '✕', word: 'fails', ink: 'text-fail', soft: 'bg-fail-soft', fill: 'bg-fail' },
  waived: { sign: '~', word: 'waived', ink: 'text-waived', soft: 'bg-waived-soft', fill: 'bg-waived' },
  unknown: { sign: '?', word: 'could not look', ink: 'text-ink-2', soft: 'bg-unknown-soft', fill: 'hatched' },
  error: { sign: '!', word: 'the check broke', ink: 'text-ink-2', soft: 'bg-unknown-soft', fill: 'hatched' },
  'not-applicable': { sign: '–', word: 'not applicable', ink: 'text-ink-3', soft: 'bg-hair', fill: 'bg-hair' },
}
