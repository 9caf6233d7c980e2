import { Empty } from '#components/ui/empty.tsx'
import { Moment } from '#components/ui/moment.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { type CrawlRun, doneBy, type Replayed } from '#lib/api/crawls.ts'
import { costWords, crawlWords } from './words.ts'

const KINDS: Record<string, string> = {
  first: 'First crawl',
  sweep: 'Everything',
  poll: 'Changes',
  look: 'One repository',
}
const STATES: Record<string, { word: string; ink: string }> = {
  asked: { word: 'asked for', ink: 'text-ink-2' },
  running: { word: 'running', ink: 'text-brand' },
  done: { word: 'done', ink: 'text-pass' },
  failed: { word: 'failed', ink: 'text-fail' },
}

/** Why a run settled no repository, where that says something. */
const NOTHING_READ: Record<string, string> = {
  asked: 'it waits for the worker',
  failed: 'it ended before a repository was read',
  running: 'none is read yet',
}

/** The runs, newest first: what each was for, how it went, what it cost. */
export function Runs({ runs, replayed, now }: { runs: readonly CrawlRun[]; replayed: Replayed | null; now: Date }) {
  return (
    <Panel title="Runs">
      {runs.length === 0 && replayed === null ? (
        <Empty title="No crawl has run yet">
          The worker starts the first one by itself. If none appears within a minute, see its log.
        </Empty>
      ) : (
        <ul>
          {runs.map(run => (
            <Row key={run.id} run={run} now={now} />
          ))}
          {replayed && <Replay replayed={replayed} now={now} />}
        </ul>
      )}
    </Panel>
  )
}

/** The demo's past, which the same crawl read with the clock set back. */
function Replay({ replayed, now }: { replayed: Replayed; now: Date }) {
  return (
    <li className="border-t border-hair px-4 py-2.5 text-[0.8125rem] first:border-t-0 sm:px-5">
      <span className="font-medium">Replay of the demo’s past</span>{' '}
      <span className="text-ink-2">
        {replayed.runs} runs, as if made from <Moment at={replayed.from} now={now} as="day" /> to{' '}
        <Moment at={replayed.until} now={now} as="day" />
      </span>
      <span className="block text-ink-3">{costWords(replayed)}</span>
    </li>
  )
}

function Row({ run, now }: { run: CrawlRun; now: Date }) {
  const until = doneBy(run, now)
  const state = STATES[run.state] ?? { word: run.state, ink: 'text-ink-2' }
  const cost = costWords(run)
  const outcomes = Object.entries(run.outcomes).sort(([, a], [, b]) => b - a)
  const fared = outcomes.map(([outcome, count]) => `${count.toLocaleString('en')} ${crawlWords(outcome).word}`)
  const left = run.total - run.done
  if (run.finishedAt && left > 0) fared.push(`${left.toLocaleString('en')} not reached`)
  return (
    <li className="grid gap-x-4 gap-y-0.5 border-t border-hair px-4 py-2.5 text-[0.8125rem] first:border-t-0 sm:grid-cols-[9rem_minmax(0,1fr)_auto] sm:px-5">
      <span>
        <span className="font-medium">{KINDS[run.kind] ?? run.kind}</span>{' '}
        <span className={state.ink}>{state.word}</span>
      </span>
      <span className="text-ink-2">
        {outcomes.length === 0 ? (NOTHING_READ[run.state] ?? 'no repository needed to be read') : fared.join(' · ')}
      </span>
      <span className="text-ink-3 sm:text-right">
        <Moment at={new Date(run.startedAt)} now={now} />
        {until && (
          <>
            , done <Moment at={until} now={now} />
          </>
        )}
        {run.finishedAt && `, took ${lasted(run.startedAt, run.finishedAt)}`}
      </span>
      {cost && <span className="text-ink-3 sm:col-span-3">{cost}</span>}
      {run.reason && <span className="text-fail sm:col-span-3">{run.reason}</span>}
    </li>
  )
}

function lasted(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
