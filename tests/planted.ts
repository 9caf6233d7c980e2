/**
 * Secrets of every shape that the tests hand to what they start. Each holds the word `planted`, by which `npm test` looks
 * for them in everything that was printed (scripts/spilled.ts).
 */
const WORD = 'PlantedByTheTests0123456789abcdefABC'

export const PLANTED = {
  classic: `ghp_${WORD}`,
  oauth: `gho_${WORD}`,
  user: `ghu_${WORD}`,
  server: `ghs_${WORD}`,
  refresh: `ghr_${WORD}${WORD}`,
  fineGrained: `github_pat_11ABCDEFG0${WORD}_${WORD}${WORD}`,
  /** As installations get them by now: longer than 520 characters, with dots, dashes and underscores. */
  installation: `ghs_${`${WORD}.${WORD}-_`.repeat(8)}`,
  /** Words without a shape, which nothing but care keeps out of what is printed. */
  clientSecret: 'planted-client-secret-of-the-tests',
  own: 'planted-secret-of-our-own-long-enough-01',
  password: 'planted-password-of-a-database',
  webhook: 'planted-secret-of-a-webhook',
} as const
