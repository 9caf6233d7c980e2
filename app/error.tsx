'use client'

import { Failed } from '#components/ui/failed.tsx'

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
  hint: 'That is a fault of Plumbline’s, and the log of the web process tells of it. Trying again helps where it was passing.',
}

/** Every page's failed state: the words for a refusal that was foreseen, and an honest sentence for a fault. */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : undefined
  const words = WORDS[digest ?? '']
  const { title, hint } = words ?? UNFORESEEN
  return (
    <Failed
      title={title}
      hint={hint}
      detail={words || !digest ? undefined : `Look for ${digest} in the log.`}
      onRetry={retry}
    />
  )
}
