import { Mark } from '#components/judgement/mark.tsx'
import type { JudgedCheck } from '#lib/api/scorecard.ts'
import type { Outcome } from '#lib/scan.ts'
import { verdictOf } from './verdict.ts'

type Station = { id: string; title: string; checks: readonly JudgedCheck[] }

/** The plumb line: the items in their order, each a way down to its checks. */
export function Plumb({ stations, label }: { stations: readonly Station[]; label: string }) {
  return (
    <nav aria-label={label}>
      <ol className="relative pl-[1.625rem] before:absolute before:top-2 before:bottom-3 before:left-[0.5rem] before:w-[1.5px] before:bg-line">
        {stations.map(({ id, title, checks }) => (
          <li key={id} className="relative">
            <span className="absolute top-[0.6rem] -left-[1.625rem]">
              <Mark outcome={worstOf(checks)} />
            </span>
            <a href={`#${checks[0]?.id ?? id}`} className="block rounded-lg px-2.5 py-2 hover:bg-hair">
              <span className="block font-medium">{title}</span>
              <span className="block text-[0.8125rem] text-ink-2">{wordsOf(checks)}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

const ORDER: readonly Outcome[] = ['fail', 'error', 'unknown', 'waived', 'pass', 'not-applicable']

function worstOf(checks: readonly JudgedCheck[]): Outcome {
  return ORDER.find(outcome => checks.some(check => check.outcome === outcome)) ?? 'not-applicable'
}

/** One check in its numbers; several by how many of them stand how. */
function wordsOf(checks: readonly JudgedCheck[]): string {
  const [first] = checks
  if (first && checks.length === 1) return verdictOf(first)
  const counts = Map.groupBy(checks, check => check.outcome)
  return ORDER.flatMap(outcome => {
    const count = counts.get(outcome)?.length ?? 0
    return count === 0 ? [] : [`${count} ${count === 1 ? ONE[outcome] : MANY[outcome]}`]
  }).join(' · ')
}

const ONE: Record<Outcome, string> = {
  fail: 'check fails',
  error: 'broke',
  unknown: 'could not look',
  waived: 'waived',
  pass: 'passes',
  'not-applicable': 'n/a',
}
const MANY: Record<Outcome, string> = { ...ONE, fail: 'checks fail', pass: 'pass' }
