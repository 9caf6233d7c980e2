'use client'

import { Failed } from '#components/ui/failed.tsx'

const KEPT = 'What was crawled, judged and decided stays in the database; nothing is lost by this page not showing it.'

const WORDS: Record<string, { title: string; hint: string }> = {
  'database-unreachable': {
    title: 'The database does not answer',
    hint: 'If Plumbline runs its own, the terminal that npm start runs in says why it stopped: start it again there. If DATABASE_URL names a server, see that it runs and can be reached from this machine.',
  },
  'database-refused': {
    title: 'The database refuses the connection',
    hint: 'See that the user, the password and the name of the database in DATABASE_URL are right.',
  },
  'invalid-configuration': {
    title: 'Plumbline is not configured',
    hint: 'No database is named. Start everything with npm start, or set DATABASE_URL for this process.',
  },
}

const UNFORESEEN = {
  title: 'This page could not be made',
  hint: 'That is a fault of Plumbline’s, not yours. Trying again helps where it was passing; the other pages still work. Where it stays, the log of the web process tells why.',
}

/** Every page's failed state: the words for a refusal that was foreseen, and an honest sentence for a fault. */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const [code = '', request] = digestOf(error).split(' ')
  const words = WORDS[code]
  const { title, hint } = words ?? UNFORESEEN
  return (
    <Failed
      title={title}
      hint={hint}
      kept={KEPT}
      // What no code stands for is named by what the log calls it.
      request={words ? request : code}
      onRetry={retry}
    />
  )
}

/** A code where the refusal was foreseen, and the request's id in the log: see `app/reading.ts`. */
function digestOf(error: unknown): string {
  return error instanceof Error && 'digest' in error ? String(error.digest) : ''
}
