import Link from 'next/link'
import { ForeignText } from '#components/ui/foreign-text.tsx'
import type { Capability, costOf, Granted, Way } from '#lib/api/access.ts'
import { stateWords } from './words.ts'

type Cost = ReturnType<typeof costOf>
type Props = { capability: Capability; granted: Granted | undefined; cost: Cost; way: Way | null; all: number }

/** One thing that the token may or may not; where it may not, what that costs and how to change it. */
export function CapabilityRow({ capability: { name, besides }, granted, cost, way, all }: Props) {
  const { sign, word, ink } = stateWords(granted?.state)
  const isMissing = granted?.state !== 'ok'
  return (
    <li className="grid gap-x-6 gap-y-1 border-t border-hair px-4 py-3 text-[0.8125rem] first:border-t-0 sm:grid-cols-[15rem_minmax(0,1fr)] sm:px-5">
      <div>
        <h3 className="font-medium">{name}</h3>
        <p className={ink}>
          <span aria-hidden="true">{sign}</span> {word}
        </p>
      </div>
      <div className="min-w-0 text-ink-2">
        {isMissing && granted?.reason && (
          <p>
            <ForeignText text={granted.reason} />
          </p>
        )}
        <Costs cost={cost} all={all} isMissing={isMissing} />
        {isMissing && besides && <p>{besides}</p>}
        {granted?.state === 'denied' && way && (
          <p className="mt-1">
            To give it:{' '}
            <a href={way.href} className="link" rel="noreferrer" target="_blank">
              {way.open}
            </a>
            , then {way.choose}
          </p>
        )}
      </div>
    </li>
  )
}

function Costs({ cost: { unknown, less }, all, isMissing }: { cost: Cost; all: number; isMissing: boolean }) {
  if (unknown.length === 0 && less.length === 0)
    return <p>{isMissing ? 'No check needs it.' : 'No check hangs on it.'}</p>
  return (
    <>
      {unknown.length === all ? (
        <p>{isMissing ? 'Every check is unknown without it.' : 'Every check hangs on it.'}</p>
      ) : (
        <Checks says={isMissing ? 'Unknown without it:' : 'Decides:'} checks={unknown} />
      )}
      <Checks says={isMissing ? 'Told with less:' : 'Adds to:'} checks={less} />
    </>
  )
}

const SHOWN = 6

function Checks({ says, checks }: { says: string; checks: Cost['unknown'] }) {
  if (checks.length === 0) return null
  return (
    <p>
      {says}{' '}
      {checks.slice(0, SHOWN).map(({ id, title }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link href={`/checks/${id}`} className="link" title={title}>
            {id}
          </Link>
        </span>
      ))}
      {checks.length > SHOWN && ` and ${checks.length - SHOWN} more`}
    </p>
  )
}
