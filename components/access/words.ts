import type { Granted, TestedToken } from '#lib/api/access.ts'

export const KIND_WORDS: Record<TestedToken['kind'], string> = {
  app: 'GitHub App, by the token of its installation',
  'fine-grained': 'Fine-grained personal access token',
  classic: 'Classic personal access token',
  oauth: 'Token that an app got for a person',
  unknown: 'Token of a kind that GitHub does not tell',
}

const STATES: Record<Granted['state'], { sign: string; word: string; ink: string }> = {
  ok: { sign: '✓', word: 'can be read', ink: 'text-pass' },
  denied: { sign: '?', word: 'the token may not', ink: 'text-ink-2' },
  absent: { sign: '–', word: 'not offered here', ink: 'text-ink-3' },
}

/** `undefined`: it was not asked for yet. */
export function stateWords(state: Granted['state'] | undefined): { sign: string; word: string; ink: string } {
  return state === undefined ? { sign: '·', word: 'not asked yet', ink: 'text-ink-3' } : STATES[state]
}
