/** What a repository's crawl outcome means to a person, and what to do about it. */
const CRAWL_WORDS: Record<string, { word: string; hint: string }> = {
  ok: { word: 'read', hint: '' },
  read: { word: 'read', hint: '' },
  unchanged: { word: 'unchanged', hint: '' },
  partial: {
    word: 'read in part',
    hint: 'What could not be read is unknown, never wrong. The next crawl tries it again.',
  },
  empty: { word: 'empty', hint: 'It has no commit yet; it is judged after the first push.' },
  denied: {
    word: 'denied',
    hint: 'The token may not read it. Give the token (or the app’s installation) access to this repository: contents and metadata, read-only.',
  },
  gone: {
    word: 'gone',
    hint: 'GitHub does not know it any more: it was deleted or moved to where the token cannot see it.',
  },
  blocked: {
    word: 'blocked',
    hint: 'GitHub has taken it down for legal reasons. Nobody can read it; an owner can see why on GitHub.',
  },
  failed: {
    word: 'failed',
    hint: 'The next crawl tries again by itself. If the reason stays the same, the worker’s log tells more.',
  },
  waiting: {
    word: 'waiting',
    hint: 'It is listed and has not been read yet. The crawl that runs, or the next one, reads it.',
  },
}

export function crawlWords(outcome: string | null): { word: string; hint: string } {
  return CRAWL_WORDS[outcome ?? 'waiting'] ?? { word: outcome ?? 'waiting', hint: '' }
}

/** What a run used, in words; null where nothing is known yet: every run uses something. */
export function costWords({ rest, points, git }: { rest: number; points: number; git: number }): string | null {
  if (rest + points + git === 0) return null
  return [counted(rest, 'REST request'), counted(points, 'GraphQL point'), counted(git, 'git request')].join(' · ')
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}
