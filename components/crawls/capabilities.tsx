import { Panel } from '#components/ui/panel.tsx'
import type { Crawls } from '#lib/api/crawls.ts'

const STATES: Record<string, { sign: string; word: string; ink: string }> = {
  ok: { sign: '✓', word: 'can be read', ink: 'text-pass' },
  denied: { sign: '?', word: 'the token may not', ink: 'text-ink-2' },
  absent: { sign: '–', word: 'not offered here', ink: 'text-ink-3' },
}

/** What the token may see. What it may not see is unknown in every scorecard, so here is why. */
export function Capabilities({ capabilities }: { capabilities: Crawls['capabilities'] }) {
  if (capabilities.length === 0) return null
  return (
    <Panel title="What the token may see">
      <dl className="px-4 py-2 text-[0.8125rem] sm:px-5">
        {capabilities.map(({ name, state, reason }) => {
          const words = STATES[state] ?? { sign: '?', word: state, ink: 'text-ink-2' }
          return (
            <div key={name} className="flex flex-wrap justify-between gap-x-4 py-1">
              <dt>{name}</dt>
              <dd className={words.ink}>
                <span aria-hidden="true">{words.sign}</span> {words.word}
              </dd>
              {reason && <dd className="w-full text-ink-3">{reason}</dd>}
            </div>
          )
        })}
      </dl>
    </Panel>
  )
}
